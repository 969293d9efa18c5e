"""A reference tracked by a learned policy on the simulated robot, in lock-step.

The policy sees encoders and IMU only: base position and linear velocity are not a number, so that
a policy that asks for them makes the guard trip.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.safety import GuardLimits
from exoactor_rt._core.types import JointCommand, RobotState, SensorState
from exoactor_rt.errors import HardwareError
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.options import SimOptions
from exoactor_rt.tracker import Policy, ReferenceTrack
from exoactor_rt.types import FloatArray

_SILENT_TICKS = 5
_State = _core.safety.GuardState


@dataclass(frozen=True)
class TrackerRollout:
    """What became of a tracked reference; rows are policy steps, taken just before the next one.

    Attributes:
        joint_position: [N, 29] rad, SDK order.
        wanted_joint_position: [N, 29] rad, the reference's.
        root_position_in_world: [N, 3] m.
        wanted_root_position_in_world: [N, 3] m.
        guard_trip: the guard's words when it tripped, else empty.
        fall_reason: why the robot counts as fallen, else empty.
        clamped_share: share of the ticks in which the guard moved a target.
    """

    joint_position: FloatArray
    wanted_joint_position: FloatArray
    root_position_in_world: FloatArray
    wanted_root_position_in_world: FloatArray
    guard_trip: str
    fall_reason: str
    clamped_share: float

    @property
    def survived(self) -> bool:
        """Neither fallen nor tripped."""
        return not self.guard_trip and not self.fall_reason

    @property
    def joint_rmse_rad(self) -> float:
        """Over all joints and steps."""
        error = self.joint_position - self.wanted_joint_position
        return float(np.sqrt(np.mean(np.square(error))))

    @property
    def final_drift_m(self) -> float:
        """Horizontal distance from where the reference ends."""
        error = self.root_position_in_world[-1] - self.wanted_root_position_in_world[-1]
        return float(np.linalg.norm(error[:2]))


@dataclass
class _Log:
    """The growing columns of a rollout."""

    joints: list[FloatArray] = field(default_factory=list)
    wanted_joints: list[FloatArray] = field(default_factory=list)
    roots: list[FloatArray] = field(default_factory=list)
    wanted_roots: list[FloatArray] = field(default_factory=list)
    ticks: int = 0
    clamped_ticks: int = 0

    def add_step(self, robot: MujocoRobot, track: ReferenceTrack, step: int) -> None:
        truth, window = robot.truth(), track.window(step)
        self.joints.append(truth.joint_position)
        self.roots.append(truth.root_position_in_world)
        self.wanted_joints.append(window.joint_position[0])
        self.wanted_roots.append(window.root_position_in_world[0])


def track_in_simulation(
    policy: Policy,
    track: ReferenceTrack,
    options: SimOptions | None = None,
    guard_limits: GuardLimits | None = None,
) -> TrackerRollout:
    """Sets the robot down in the track's first posture and lets the policy follow it to the end.

    The guard is armed after the first valid states and passes every command, as for every
    controller; a run ends at a fall or a trip.

    Args:
        policy: reset at the start.
        track: at the policy's rate.
        options: nominal when None.
        guard_limits: the defaults when None.

    Raises:
        HardwareError: MuJoCo is missing, the rates do not fit together, or the guard refuses to
            be armed.
    """
    options = options or SimOptions()
    period_ns = round(options.control_period_s * 1e9)
    ticks_a_step = round(1e9 / policy.bundle.rate_hz / period_ns)
    if ticks_a_step * period_ns != round(1e9 / policy.bundle.rate_hz) or (
        track.rate_hz != policy.bundle.rate_hz
    ):
        raise HardwareError(
            f"simulation: policy at {policy.bundle.rate_hz:g} Hz, track at {track.rate_hz:g} Hz, "
            f"tick {options.control_period_s} s; they must divide; nothing executed"
        )
    robot = MujocoRobot(track.window(0).joint_position[0], options)
    guard = _core.safety.Guard(guard_limits or GuardLimits())
    policy.reset()
    now_ns = _arm(robot, guard, period_ns)
    ahead, log, wanted, fall = policy.bundle.reference.lookahead_steps, _Log(), JointCommand(), ""
    for tick in range(len(track) * ticks_a_step):
        sensors = robot.read(now_ns)
        step, phase = divmod(tick, ticks_a_step)
        if phase == 0:
            log.add_step(robot, track, step)
            wanted = policy.step(sensed_state(sensors), track.window(step, ahead))
        allowed, status = guard.enforce(wanted, sensors, now_ns)
        if status.state != _State.ACTIVE:
            break
        log.ticks += 1
        log.clamped_ticks += status.clamped_position > 0
        robot.write(allowed)
        robot.step()
        now_ns += period_ns
        fall = robot.fall_reason()
        if fall:
            break
    tripped = guard.status.state != _State.ACTIVE
    return TrackerRollout(
        joint_position=np.array(log.joints),
        wanted_joint_position=np.array(log.wanted_joints),
        root_position_in_world=np.array(log.roots),
        wanted_root_position_in_world=np.array(log.wanted_roots),
        guard_trip=str(guard.status.trip) if tripped else "",
        fall_reason=fall,
        clamped_share=log.clamped_ticks / max(1, log.ticks),
    )


def sensed_state(sensors: SensorState) -> RobotState:
    """What encoders and IMU tell of the robot; position and linear velocity are NaN."""
    state = RobotState()
    state.stamp_ns = sensors.stamp_ns
    state.joint_position = sensors.joint_position
    state.joint_velocity = sensors.joint_velocity
    state.quat_world_base_wxyz = sensors.quat_world_imu_wxyz
    state.base_angular_velocity_in_base = sensors.gyro_in_imu
    state.base_position_in_world = np.full(3, np.nan)
    state.base_linear_velocity_in_world = np.full(3, np.nan)
    return state


def _arm(robot: MujocoRobot, guard: _core.safety.Guard, period_ns: int) -> int:
    """Shows the guard the first states and arms it; returns the time of the first tick, ns."""
    now_ns = 0
    for _ in range(_SILENT_TICKS):
        sensors = robot.read(now_ns)
        silent = JointCommand()
        silent.stamp_ns = now_ns
        guard.enforce(silent, sensors, now_ns)
        robot.step()
        now_ns += period_ns
    if not guard.arm(now_ns):
        raise HardwareError(
            f"guard at {now_ns * 1e-9:.3f} s: not armed, as the last state was not healthy; "
            "nothing executed"
        )
    return now_ns
