"""
The tick, the loop that runs it, and its records.
"""

from __future__ import annotations
import exoactor_rt._core.control
import exoactor_rt._core.hal
import exoactor_rt._core.safety
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "Clock",
    "ControlLoop",
    "ControlTick",
    "LATENESS_EDGES_NS",
    "LoopCounts",
    "LoopOptions",
    "LoopRights",
    "ManualClock",
    "RealClock",
    "RecordRing",
]

class Clock:
    def now_ns(self) -> int: ...
    def sleep_until(self, until_ns: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class RealClock(Clock):
    def __init__(self) -> None: ...

class ManualClock(Clock):
    def __init__(self) -> None: ...
    def advance(self, duration_ns: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def wait_for_sleeper(self, timeout_s: typing.SupportsFloat | typing.SupportsIndex) -> bool: ...

class RecordRing:
    def __init__(self, capacity: typing.SupportsInt | typing.SupportsIndex = 2048) -> None: ...
    def drain(self) -> dict:
        """
        All records, oldest first: {column: [N] or [N, k] array}.
        """
    def take(self) -> tuple[dict, dict]:
        """
        As drain(), and the inputs of those ticks that had new ones, see TickInputs.
        """
    @property
    def dropped(self) -> int: ...

class ControlTick:
    """
    estimate -> control -> enforce, the same on every robot.
    """
    def __init__(
        self,
        model_path: str,
        limits: exoactor_rt._core.safety.GuardLimits = ...,
        gains: exoactor_rt._core.control.WbcGains = ...,
    ) -> None: ...
    def arm(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> bool:
        """
        Whether it was granted; `arm_refusal` says why not.
        """
    def beat(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        Whoever supervises is alive; once begun it must go on, else a task is stopped.
        """
    def begin_tracking(
        self, joint_speed: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> str:
        """
        Lets the tracker drive whose targets are offered; [29] rad/s raise the guard's speed limit meanwhile. Empty, or why it is refused.
        """
    def clear_emergency(self) -> None: ...
    def damp(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def offer_plan(self, plan: exoactor_rt._core.types.Plan) -> str:
        """
        Hands over a copy; empty, or why it is refused.
        """
    def offer_target(self, target: exoactor_rt._core.types.TrackerTarget) -> None:
        """
        The tracker's newest target; from any one thread.
        """
    def pose(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> bool:
        """
        Leads a hanging robot to the standing posture; whether it was granted, see `arm_refusal`.
        """
    def request_stop(self) -> None:
        """
        A controlled stop: plans under way or waiting end at the next stand. From any thread.
        """
    def reset(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        One step down: driven -> damping -> ready -> silent.
        """
    def step(
        self,
        sensors: exoactor_rt._core.types.SensorState,
        now_ns: typing.SupportsInt | typing.SupportsIndex,
        ring: RecordRing,
        health: exoactor_rt._core.types.RobotHealth = ...,
    ) -> typing.Any:
        """
        One tick in lock-step; the command to send, or None while silent.
        """
    def step_recorded(
        self,
        columns: dict,
        begin: typing.SupportsInt | typing.SupportsIndex,
        end: typing.SupportsInt | typing.SupportsIndex,
        ring: RecordRing,
    ) -> None:
        """
        Steps on the measurements of a log's rows; records go to the ring.
        """
    def stop_for_good(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        Emergency stop.
        """
    @property
    def arm_refusal(self) -> str:
        """
        Why the last arming or posing was refused; empty when granted or never tried.
        """
    @property
    def driver(self) -> exoactor_rt._core.control.Driver: ...
    @property
    def guard_status(self) -> exoactor_rt._core.safety.GuardStatus: ...
    @property
    def latest_state(self) -> typing.Any:
        """
        The newest estimate, for the tracker's thread; None before the first.
        """
    @property
    def plans_done(self) -> bool:
        """
        Whether there were plans since arming and all have ended.
        """
    @property
    def posed(self) -> bool:
        """
        Whether the standing posture is reached, in pose.
        """
    @property
    def stop_asked(self) -> bool:
        """
        Whether a controlled stop was asked for since tracking began.
        """

class LoopOptions:
    keep_awake: bool
    lock_memory: bool
    def __init__(self) -> None: ...
    @property
    def cpu(self) -> int: ...
    @cpu.setter
    def cpu(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def fifo_priority(self) -> int: ...
    @fifo_priority.setter
    def fifo_priority(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def late_ns(self) -> int: ...
    @late_ns.setter
    def late_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def period_ns(self) -> int: ...
    @period_ns.setter
    def period_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class LoopRights:
    """
    Empty strings mean granted or not asked for.
    """
    @property
    def awake_refusal(self) -> str: ...
    @property
    def cpu_refusal(self) -> str: ...
    @property
    def memory_refusal(self) -> str: ...
    @property
    def scheduler_refusal(self) -> str: ...

class LoopCounts:
    @property
    def blind_ticks(self) -> int: ...
    @property
    def dropped_records(self) -> int: ...
    @property
    def late_ticks(self) -> int: ...
    @property
    def lateness(self) -> typing.Annotated[list[int], "FixedSize(12)"]:
        """
        Ticks by how late they began; one bin more than LATENESS_EDGES_NS.
        """
    @property
    def missed_periods(self) -> int: ...
    @property
    def ticks(self) -> int: ...
    @property
    def worst_late_ns(self) -> int: ...

class ControlLoop:
    """
    A thread that runs the tick on an absolute clock.
    """
    def __init__(
        self,
        robot: exoactor_rt._core.hal.RobotInterface,
        tick: ControlTick,
        clock: Clock,
        ring: RecordRing,
        options: LoopOptions = ...,
    ) -> None: ...
    def beat(self) -> None:
        """
        As ControlTick.beat, now.
        """
    def request_arm(self) -> None: ...
    def request_clear_emergency(self) -> None: ...
    def request_damp(self) -> None: ...
    def request_emergency_stop(self) -> None: ...
    def request_pose(self) -> None: ...
    def request_reset(self) -> None: ...
    def start(self) -> LoopRights: ...
    def stop(self) -> None: ...
    def wait_done(self, timeout_s: typing.SupportsFloat | typing.SupportsIndex) -> bool:
        """
        Waits for the end of all plans accepted, or damping; whether either came.
        """
    def withdraw_arm(self) -> bool:
        """
        Takes an arming or posing back that no tick has tried yet; False when one has.
        """
    @property
    def arm_attempts(self) -> int:
        """
        Attempts to arm or pose whose outcome `arm_refusal` tells.
        """
    @property
    def arm_refusal(self) -> str:
        """
        Why the last arming or posing was refused; empty when granted or never tried.
        """
    @property
    def counts(self) -> LoopCounts: ...
    @property
    def guard_status(self) -> exoactor_rt._core.safety.GuardStatus: ...
    @property
    def is_running(self) -> bool: ...

LATENESS_EDGES_NS: tuple = (
    10000,
    20000,
    50000,
    100000,
    200000,
    500000,
    1000000,
    2000000,
    5000000,
    10000000,
    20000000,
)
