"""A plan or a tracking on the simulated robot in lock-step: repeatable bit for bit."""

from __future__ import annotations

import math

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.types import Plan
from exoactor_rt.errors import HardwareError, PlanningError, PolicyError
from exoactor_rt.progress import ReportProgress
from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_robot import MujocoRobot, Truth
from exoactor_rt.sim.policy_clock import PolicyClock
from exoactor_rt.sim.rollout import Rollout, RunOptions
from exoactor_rt.sim.rollout_log import RolloutLog
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import FloatArray

_SILENT_TICKS = 5
_CHUNK_TICKS = 50
_State = _core.safety.GuardState
DONE_EVENT = "plan done"


def execute(
    task: Plan | Tracking | None,
    options: RunOptions | None = None,
    progress: ReportProgress | None = None,
) -> Rollout:
    """Executes a plan or a tracking to its end and holds, or stands when there is none.

    The robot stands on its feet in the plan's standing pose; the guard is armed explicitly after
    the first valid states; the task is begun once the robot has settled. Ends after the hold, at a
    fall, after the guard tripped, or at the time limit.

    Args:
        task: what to execute, or None.
        options: nominal when None.
        progress: called now and then with (done, total) in milliseconds of reference time.

    Raises:
        HardwareError: MuJoCo is missing, rates do not fit, or the guard refuses to be armed.
        PlanningError: the controller refuses the plan.
        PolicyError: the tick does not let the tracker in.
    """
    run = LockstepRun(task, options or RunOptions())
    while not run.finished:
        run.advance()
        if progress is not None:
            progress(*run.progress_ms)
    return run.result()


class LockstepRun:
    """One run; `advance()` until `finished`, then take the `result()`."""

    def __init__(self, task: Plan | Tracking | None, options: RunOptions):
        limits = options.guard_limits or _core.safety.GuardLimits()
        self.options = options
        self._task = task
        self._robot = MujocoRobot(standing_posture(task), options.sim, shown=False)
        self._tick = _core.runtime.ControlTick(str(g1.model_path()), limits)
        self._ring = _core.runtime.RecordRing(4 * _CHUNK_TICKS)
        self._log = RolloutLog(self._robot, self._ring, task)
        self._period_ns = round(options.sim.control_period_s * 1e9)
        self._policy: PolicyClock | None = None
        if isinstance(task, Tracking):
            latency_s = options.policy_latency_s
            self._policy = PolicyClock(task, self._tick, self._period_ns, latency_s)
        self._now_ns = 0
        self._begin_tick = max(
            _SILENT_TICKS + 1, math.ceil(options.settle_s / options.sim.control_period_s - 1e-9)
        )
        self._begun = False
        self._tripped = False
        self._concern = ""
        self._fall_reason = ""
        self._end_ns: int | None = None
        self._total_ms = reference_length_ms(task)
        self._done_ms = 0

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end."""
        limit_ns = round(self.options.duration_limit_s * 1e9)
        end_ns = limit_ns if self._end_ns is None else min(self._end_ns, limit_ns)
        return bool(self._fall_reason) or self._now_ns >= end_ns

    @property
    def progress_ms(self) -> tuple[int, int]:
        """Reference time done and in all, ms."""
        return self._done_ms, self._total_ms

    def advance(self) -> None:
        """Runs some ticks, then looks at what became of them."""
        done = 0
        while done < _CHUNK_TICKS and not self._fall_reason:
            done += self._run_ticks(_CHUNK_TICKS - done)
            self._fall_reason = self._robot.fall_reason()
        self._log.drain()
        self._look()
        if self._fall_reason:
            self._log.add_event(self._now_ns, "error", f"fallen: {self._fall_reason}")

    def result(self) -> Rollout:
        """The run's record."""
        trip = str(self._tick.guard_status.trip) if self._tripped else self._concern
        return self._log.finish(self.options, self._fall_reason, trip)

    def _run_ticks(self, most: int) -> int:
        """Runs up to the next tick before which something else is to be done; how many."""
        index = self._now_ns // self._period_ns
        if index == _SILENT_TICKS:
            self._arm()
        if index >= self._begin_tick and not self._begun:
            self._begin()
        if self._policy is not None:
            self._policy.before_tick(self._now_ns)
            most = 1
        ahead = [at - index for at in (_SILENT_TICKS, self._begin_tick) if at > index]
        times_s, rows = self._robot.run(
            self._tick, self._ring, self._now_ns, min(most, *ahead, _CHUNK_TICKS)
        )
        ticks = len(times_s)
        stamps_ns = self._now_ns + self._period_ns * np.arange(ticks)
        self._log.add_truths(stamps_ns, times_s, Truth.of_rows(rows))
        if self._policy is not None:
            self._policy.after_tick(self._now_ns)
        self._now_ns += ticks * self._period_ns
        return ticks

    def _arm(self) -> None:
        if not self._tick.arm(self._now_ns):
            raise HardwareError(
                f"guard at {self._now_ns * 1e-9:.3f} s: {self._tick.arm_refusal}; nothing executed"
            )
        self._log.add_event(self._now_ns, "info", "guard armed")

    def _begin(self) -> None:
        self._begun = True
        if self._policy is not None:
            refusal = self._policy.begin(self._now_ns)
            if refusal:
                raise PolicyError(f"{refusal}; nothing executed")
            self._log.add_event(self._now_ns, "info", "tracking begun")
        elif isinstance(self._task, Plan):
            refusal = self._tick.offer_plan(self._task)
            if refusal:
                raise PlanningError(f"controller: plan refused: {refusal}; nothing executed")
            self._log.add_event(self._now_ns, "info", "plan handed over")

    def _look(self) -> None:
        """Decides from the newest records when the run ends."""
        latest = self._log.latest
        self._done_ms = min(self._total_ms, round(1e3 * float(latest["reference_time_s"][-1])))
        status = self._tick.guard_status
        if status.state == _State.DAMPING:
            if not self._tripped:
                self._tripped = True
                self._log.add_event(status.trip.stamp_ns, "error", str(status.trip))
                self._end_ns = self._now_ns + round(self.options.collapse_s * 1e9)
            return
        if status.concern and not self._concern:
            self._concern = str(status.concern)
            self._log.add_event(status.concern.stamp_ns, "warning", self._concern)
        if self._end_ns is not None:
            return
        if self._task is None:
            self._end_ns = round((self.options.settle_s + self.options.stand_s) * 1e9)
        elif np.any(latest["done"]) and self._begun:
            self._log.add_event(self._now_ns, "info", DONE_EVENT)
            self._done_ms = self._total_ms
            self._end_ns = self._now_ns + round(self.options.hold_s * 1e9)


def standing_posture(task: Plan | Tracking | None) -> FloatArray:
    """[29] rad, SDK order: how the robot stands before the task."""
    if isinstance(task, Plan):
        return np.asarray(task.standing_position)
    return g1.standing_position()


def reference_length_ms(task: Plan | Tracking | None) -> int:
    """Reference time that a task covers, ms."""
    if task is None:
        return 0
    if isinstance(task, Tracking):
        return round(1e3 * task.motion.reference_s)
    return max((round(1e3 * phase.reference_end_s) for phase in task.phases), default=0)
