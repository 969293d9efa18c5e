"""A G1 on DDS whose body is MuJoCo: talks to the network as the real one does, only stricter.

It obeys no command with a wrong CRC, mode, hardware revision or value; when none has come for the
timeout its motors damp and never obey again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.types import RemoteButton, RobotHealth, SensorState
from exoactor_rt._core.wire import ChannelFaults, CommandFault
from exoactor_rt.dds import DdsSettings, load_dds
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1
from exoactor_rt.sim.link_fault import LinkFault
from exoactor_rt.sim.motor_heat import MotorHeat
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.options import SimOptions
from exoactor_rt.sim.view_window import ViewWindow
from exoactor_rt.types import FloatArray

if TYPE_CHECKING:
    from exoactor_rt._dds import DdsSimulatedRobot

_SLOW_PERIODS = 50
_DRAW_PERIODS = 15
_MOST_BEHIND_PERIODS = 5
_HOT_JOINT = 3
_FAULT_BIT = 0x100
_IMU_FIELDS = ("quat_world_imu_wxyz", "gyro_in_imu", "accel_in_imu")


@dataclass(frozen=True)
class DdsRobotOptions:
    """The simulated robot and its end of the link.

    Attributes:
        posture: [29] rad in which it is at the start; when None it stands, or hangs with straight
            legs where it is in a gantry.
        sim: body and world.
        command_timeout_s: without a good command for so long the motors damp for good.
        motion_mode: name of the factory's motion program that runs at start and keeps commands
            from being obeyed until it is released; empty for none.
        charge_percent: of the battery, at the start.
        fifo_priority: SCHED_FIFO priority of the running thread where the system grants it; 0 for
            none. A robot's body does not wait for other programs.
        faults: what goes wrong, and when.
        view: open a window on it.
    """

    posture: FloatArray | None = None
    sim: SimOptions = field(default_factory=SimOptions)
    command_timeout_s: float = 0.1
    motion_mode: str = ""
    charge_percent: float = 90.0
    fifo_priority: int = 60
    faults: tuple[LinkFault, ...] = ()
    view: bool = False


@dataclass(frozen=True)
class DdsRobotSummary:
    """What became of a simulated robot on DDS.

    Attributes:
        time_s: simulated since the first command took effect.
        fall_reason: in words; empty while it stands.
        pelvis_height_m: at the end.
        commands: by the name of what was wrong with them; `none`: obeyed.
        ignored: commands that came while the factory's program ran.
        longest_gap_s: between two good commands.
        timed_out: whether commands failed to come for the timeout.
        damped: whether the last good command had neither stiffness nor torque.
        published: states.
        skipped_periods: periods left out because the simulation could not keep pace.
    """

    time_s: float
    fall_reason: str
    pelvis_height_m: float
    commands: dict[str, int]
    ignored: int
    longest_gap_s: float
    timed_out: bool
    damped: bool
    published: int
    skipped_periods: int


class SimulatedDdsRobot:
    """The robot; `run()` it in real time, in a process of its own or a thread."""

    def __init__(self, settings: DdsSettings, options: DdsRobotOptions | None = None):
        """Sets the robot down and opens its end of the link.

        Raises:
            HardwareError: MuJoCo or the DDS module is missing, the network refuses, or a window is
                asked for and there is no display.
        """
        self._options = options or DdsRobotOptions()
        self._robot = MujocoRobot(_posture(self._options), self._options.sim)
        dds = load_dds()
        link = dds.SimulatedLinkOptions()
        link.mode_machine = settings.mode_machine
        link.command_timeout_ns = round(1e9 * self._options.command_timeout_s)
        link.seed = self._options.sim.seed
        link.motion_mode = self._options.motion_mode
        try:
            self._link: DdsSimulatedRobot = dds.DdsSimulatedRobot(settings.to_options(), link)
        except RuntimeError as error:
            raise HardwareError(f"domain {settings.domain}: {error}; no simulated robot") from error
        view = self._options.view
        self._window = ViewWindow(self._robot.model, self._robot.data) if view else None
        self._mode_machine = settings.mode_machine
        self._heat = MotorHeat(self._options.charge_percent)
        self._clock = _core.runtime.RealClock()
        self._periods = 0
        self._skipped = 0
        self._last: tuple[SensorState, RobotHealth] | None = None
        self._second_publisher = False
        self._fall_reason = ""

    def run(self, duration_s: float, until: Callable[[], bool] | None = None) -> DdsRobotSummary:
        """Paces the simulation by the clock for `duration_s`, or until `until()` says so."""
        with _fifo_scheduler(self._options.fifo_priority):
            self._pace(duration_s, until)
        if self._window is not None:
            self._window.close()
        return self.summary()

    def _pace(self, duration_s: float, until: Callable[[], bool] | None) -> None:
        period_ns = round(self._options.sim.control_period_s * 1e9)
        begin_ns = due_ns = self._clock.now_ns()
        while due_ns < begin_ns + duration_s * 1e9 and not (until is not None and until()):
            due_ns += period_ns
            behind = (self._clock.now_ns() - due_ns) // period_ns
            if behind > _MOST_BEHIND_PERIODS:
                self._skipped += behind
                due_ns += behind * period_ns
            self._clock.sleep_until(due_ns)
            self.step(self._clock.now_ns())

    def step(self, now_ns: int) -> None:
        """Lets one control period pass."""
        command = self._link.act(now_ns)
        if command is not None:
            self._robot.write(command)
        self._robot.step()
        self._periods += 1
        if self._periods % _SLOW_PERIODS == 1:
            self._advance_slowly()
        if self._window is not None and self._periods % _DRAW_PERIODS == 0:
            self._window.draw()
        self._fall_reason = self._fall_reason or self._robot.fall_reason()
        sensors, health = self._measure(now_ns)
        self._link.publish(sensors, health, now_ns)

    def summary(self) -> DdsRobotSummary:
        """What became of it so far."""
        gate = self._link.gate
        names = CommandFault.__members__
        return DdsRobotSummary(
            time_s=self._robot.time_s,
            fall_reason=self._fall_reason,
            pelvis_height_m=float(self._robot.truth().root_position_in_world[2]),
            commands={name.lower(): gate.counts[int(fault)] for name, fault in names.items()},
            ignored=self._link.ignored,
            longest_gap_s=gate.longest_gap_ns * 1e-9,
            timed_out=gate.timed_out,
            damped=gate.is_damped,
            published=self._link.published,
            skipped_periods=self._skipped,
        )

    def _active(self) -> dict[str, float]:
        """Kind -> value of the faults that are on."""
        time_s = self._robot.time_s
        return {fault.kind: fault.value for fault in self._options.faults if fault.is_on(time_s)}

    def _advance_slowly(self) -> None:
        """What need not be done each period: heat, battery."""
        torque = self._robot.truth().joint_torque
        self._heat.advance(torque, _SLOW_PERIODS * self._options.sim.control_period_s)
        charge = self._active().get("low_battery", self._heat.charge_percent)
        self._link.publish_battery(round(charge))

    def _measure(self, now_ns: int) -> tuple[SensorState, RobotHealth]:
        """What the robot says in this period, faults included."""
        active = self._active()
        self._link.set_state_faults(_channel_faults(active, ""))
        self._link.set_command_faults(_channel_faults(active, "command_"))
        if ("second_publisher" in active) != self._second_publisher:
            self._second_publisher = not self._second_publisher
            self._link.set_second_publisher(self._second_publisher)
        if "freeze" in active and self._last is not None:
            return self._last
        sensors = self._robot.read(now_ns)
        health = self._health(active)
        if "imu_freeze" in active and self._last is not None:
            for name in _IMU_FIELDS:
                setattr(sensors, name, getattr(self._last[0], name))
        if "nan" in active:
            position = sensors.joint_position.copy()
            position[int(active["nan"])] = np.nan
            sensors.joint_position = position
        self._last = sensors, health
        return self._last

    def _health(self, active: dict[str, float]) -> RobotHealth:
        health = RobotHealth()
        health.tick_ms = round(1e3 * self._periods * self._options.sim.control_period_s)
        health.mode_machine = int(active.get("mode_machine", self._mode_machine))
        winding = self._heat.winding_c()
        if "hot_motor" in active:
            winding[_HOT_JOINT] = int(active["hot_motor"])
        health.winding_temperature_c = winding
        health.surface_temperature_c = self._heat.surface_c()
        bits = [_core.types.MOTOR_TIMEOUT_FAULT if self._link.gate.timed_out else 0] * len(winding)
        if "motor_fault" in active:
            bits[int(active["motor_fault"])] |= _FAULT_BIT
        health.motor_fault = bits
        if "remote_abort" in active:
            remote = health.remote
            remote.buttons = int(RemoteButton.L2) | int(RemoteButton.B)
            health.remote = remote
        return health


def _posture(options: DdsRobotOptions) -> FloatArray:
    if options.posture is not None:
        return options.posture
    standing = g1.standing_position()
    return standing if options.sim.gantry is None else np.zeros_like(standing)


@contextmanager
def _fifo_scheduler(priority: int) -> Iterator[None]:
    """The calling thread in SCHED_FIFO where that is granted."""
    before, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        if priority > 0:
            with suppress(PermissionError):
                os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
        yield
    finally:
        os.sched_setscheduler(0, before, parameter)


def _channel_faults(active: dict[str, float], prefix: str) -> ChannelFaults:
    faults = ChannelFaults()
    for name in ("drop", "duplicate", "reorder", "corrupt"):
        setattr(faults, name, active.get(prefix + name, 0.0))
    faults.delay_ns = round(1e9 * active.get(prefix + "delay", 0.0))
    return faults
