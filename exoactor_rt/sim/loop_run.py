"""A task executed by the C++ loop in its own thread, whatever robot is at its other end."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.hal import RobotInterface
from exoactor_rt._core.runtime import LoopOptions, LoopRights
from exoactor_rt._core.types import Plan
from exoactor_rt.errors import HardwareError, PlanningError, PolicyError
from exoactor_rt.progress import ReportProgress
from exoactor_rt.robots import g1
from exoactor_rt.sim.lockstep import DONE_EVENT, reference_length_ms
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.policy_thread import PolicyThread
from exoactor_rt.sim.rollout import TICKS_DROPPED, Rollout, RunOptions
from exoactor_rt.sim.rollout_log import RolloutLog
from exoactor_rt.tracker import Tracking

_RING_TICKS = 4096
_ARM_AFTER_S = 0.1
_ARM_WITHIN_S = 1.0
_State = _core.safety.GuardState


class LoopRun(ABC):
    """One run, from the loop's start to its stop: arms, hands the task over, finds the end."""

    def __init__(
        self,
        task: Plan | Tracking | None,
        options: RunOptions,
        loop_options: LoopOptions,
        robot: RobotInterface,
        body: MujocoRobot | None,
    ):
        """Prepares a run.

        Args:
            task: what to execute, or None to stand.
            options: how; `options.sim` only gives the control period.
            loop_options: of the loop's thread.
            robot: what the loop reads and writes.
            body: where the truth is known, else None.
        """
        limits = options.guard_limits or _core.safety.GuardLimits()
        self._task = task
        self._options = options
        self._clock = _core.runtime.RealClock()
        self._tick = _core.runtime.ControlTick(str(g1.model_path()), limits)
        self._ring = _core.runtime.RecordRing(_RING_TICKS)
        self._loop = _core.runtime.ControlLoop(
            robot, self._tick, self._clock, self._ring, loop_options
        )
        self._log = RolloutLog(body, self._ring, task)
        self._policy: PolicyThread | None = None
        if isinstance(task, Tracking):
            self._policy = PolicyThread(task, self._tick, self._clock)
        self._total_ms = reference_length_ms(task)
        self._begin_ns = 0
        self._armed_s: float | None = None
        self._arm_requested_s: float | None = None
        self._tripped = False
        self._concern = ""
        self._begun = False
        self._end_s: float | None = None
        self._fall_reason = ""

    def execute(self, progress: ReportProgress | None) -> Rollout:
        """Runs to the end and stops the loop, whatever happens."""
        self._begin_ns = self._clock.now_ns()
        self._prepare()
        rights = self._loop.start()
        try:
            self._check(rights)
            while not self._finished():
                self._wait()
                self._look(progress)
        finally:
            self._loop.stop()
            if self._policy is not None:
                self._policy.stop()
        return self._result(rights)

    def _prepare(self) -> None:  # noqa: B027, most robots need nothing
        """What the robot needs before the loop's first tick."""

    def _check(self, rights: LoopRights) -> None:  # noqa: B027, a simulation needs none
        """Raises HardwareError where the robot may not be driven with these rights."""

    @abstractmethod
    def _wait(self) -> None:
        """Lets some periods pass, fewer when the run ends meanwhile."""

    def _elapsed_s(self) -> float:
        return float(self._clock.now_ns() - self._begin_ns) * 1e-9

    def _finished(self) -> bool:
        elapsed_s = self._elapsed_s()
        over = elapsed_s > self._options.duration_limit_s
        ended = self._end_s is not None and elapsed_s > self._end_s
        return over or ended or bool(self._fall_reason)

    def _look(self, progress: ReportProgress | None) -> None:
        """Arms, hands over the task and finds the end."""
        self._log.drain()
        elapsed_s = self._elapsed_s()
        status = self._loop.guard_status
        if status.state == _State.SILENT:
            self._arm(elapsed_s)
            return
        if self._armed_s is None:
            self._armed_s = elapsed_s
            self._log.add_event(self._clock.now_ns(), "info", "guard armed")
        if status.state == _State.DAMPING:
            if not self._tripped:
                self._tripped = True
                self._log.add_event(status.trip.stamp_ns, "error", str(status.trip))
                self._end_s = elapsed_s + self._options.collapse_s
            return
        if status.concern and not self._concern:
            self._concern = str(status.concern)
            self._log.add_event(status.concern.stamp_ns, "warning", self._concern)
        if self._end_s is not None:
            return
        if self._task is None:
            self._end_s = elapsed_s + self._options.settle_s + self._options.stand_s
        else:
            self._follow(elapsed_s, progress)

    def _arm(self, elapsed_s: float) -> None:
        if elapsed_s < _ARM_AFTER_S:
            return
        if self._arm_requested_s is None:
            self._arm_requested_s = elapsed_s
        if elapsed_s > self._arm_requested_s + _ARM_WITHIN_S:
            reason = self._robot_trouble() or self._loop.arm_refusal or "the loop did not run"
            raise HardwareError(
                f"guard: not armed within {_ARM_WITHIN_S} s: {reason}; nothing executed"
            )
        self._loop.request_arm()

    def _robot_trouble(self) -> str:
        """What the robot itself has against being driven, in words; empty for nothing."""
        return ""

    def _begin(self) -> None:
        if self._policy is not None:
            refusal = self._policy.begin()
            if refusal:
                raise PolicyError(f"{refusal}; nothing executed")
            self._log.add_event(self._clock.now_ns(), "info", "tracking begun")
        elif isinstance(self._task, Plan):
            refusal = self._tick.offer_plan(self._task)
            if refusal:
                raise PlanningError(f"controller: plan refused: {refusal}; nothing executed")
            self._log.add_event(self._clock.now_ns(), "info", "plan handed over")

    def _follow(self, elapsed_s: float, progress: ReportProgress | None) -> None:
        if not self._begun and elapsed_s > (self._armed_s or 0.0) + self._options.settle_s:
            self._begin()
            self._begun = True
        latest = self._log.latest
        if not self._begun or not latest:
            return
        if np.any(latest["done"]):
            self._log.add_event(self._clock.now_ns(), "info", DONE_EVENT)
            self._end_s = elapsed_s + self._options.hold_s
        if progress is not None:
            done_ms = round(1e3 * float(latest["reference_time_s"][-1]))
            progress(min(done_ms, self._total_ms), self._total_ms)

    def _result(self, rights: LoopRights) -> Rollout:
        counts = self._loop.counts
        if self._fall_reason:
            self._log.add_event(self._clock.now_ns(), "error", f"fallen: {self._fall_reason}")
        if self._policy is not None and self._policy.failure:
            self._log.add_event(self._clock.now_ns(), "error", self._policy.failure)
        names = (
            "ticks",
            "late_ticks",
            "missed_periods",
            "blind_ticks",
            "worst_late_ns",
            TICKS_DROPPED,
        )
        loop: dict[str, int | str] = {name: int(getattr(counts, name)) for name in names}
        asked = ("scheduler", "memory", "cpu", "awake")
        loop |= {name: getattr(rights, name) for name in (f"{what}_refusal" for what in asked)}
        edges_us = [edge // 1000 for edge in _core.runtime.LATENESS_EDGES_NS]
        loop["lateness_edges_us"] = " ".join(map(str, edges_us))
        loop["lateness"] = " ".join(map(str, counts.lateness))
        return self._log.finish(self._options, self._fall_reason, self._end_trip(), loop)

    def _end_trip(self) -> str:
        """The guard's words, unless it was this run's own stop that made it damp."""
        trip = self._loop.guard_status.trip
        own = trip.cause in (_core.safety.TripCause.NONE, _core.safety.TripCause.REQUESTED)
        return self._concern if own else str(trip)
