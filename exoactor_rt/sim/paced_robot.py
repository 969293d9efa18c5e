"""The simulated robot paced by the clock in a thread of its own: the control process's robot."""

from __future__ import annotations

import threading
from typing import Any

import numpy.typing as npt

from exoactor_rt import _core
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.options import SimOptions

_CATCH_UP_PERIODS = 5
_START_WITHIN_S = 30.0


class PacedRobot:
    """A G1 in MuJoCo, in the standing pose; it meets the control loop in an exchange only."""

    is_hardware = False
    description = "simulated G1 (MuJoCo)"

    def __init__(self, options: SimOptions | None = None):
        """Loads the scene; raises HardwareError when MuJoCo is missing."""
        self._robot = MujocoRobot(g1.standing_position(), options)
        self._exchange = _core.hal.ExchangeRobot()
        self._clock = _core.runtime.RealClock()
        self._ended = threading.Event()
        self._ready = threading.Event()
        self._failure = ""
        self._thread = threading.Thread(target=self._run, name="simulated robot", daemon=True)

    @property
    def interface(self) -> _core.hal.RobotInterface:
        """The exchange."""
        return self._exchange

    raw_dropped = 0

    def take_raw(self) -> None:
        """It sends no messages."""

    def take_side(self) -> dict[str, dict[str, npt.NDArray[Any]]]:
        """It tells nothing else."""
        return {}

    def start(self) -> None:
        """Begins to measure; raises HardwareError when the simulation does not start."""
        self._thread.start()
        if not self._ready.wait(_START_WITHIN_S) or self._failure:
            raise HardwareError(f"simulation: {self._failure or 'did not start'}")

    def stop(self) -> None:
        """Ends the simulation."""
        self._ended.set()
        self._thread.join()

    def fault(self) -> str:
        """Why the simulation no longer runs; a fallen robot is none."""
        return self._failure

    def fall_reason(self) -> str:
        """Why the robot counts as fallen, in words; empty while it stands."""
        return self._robot.fall_reason()

    def _run(self) -> None:
        period_ns = round(self._robot.options.control_period_s * 1e9)
        due_ns = self._clock.now_ns()
        commands_seen = 0
        try:
            while not self._ended.is_set():
                self._exchange.feed(self._robot.read(self._clock.now_ns()))
                self._ready.set()
                behind_ns = _CATCH_UP_PERIODS * period_ns
                due_ns = max(due_ns + period_ns, self._clock.now_ns() - behind_ns)
                self._clock.sleep_until(due_ns)
                written = self._exchange.commands_written
                if written != commands_seen:
                    commands_seen = written
                    self._robot.write(self._exchange.take())
                self._robot.step()
        except Exception as error:
            self._failure = f"{type(error).__name__}: {error}"
            self._ready.set()
