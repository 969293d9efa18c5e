"""A plan or a tracking on the simulated robot in real time: the C++ loop in its own thread."""

from __future__ import annotations

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.runtime import LoopOptions, LoopRights
from exoactor_rt._core.types import Plan
from exoactor_rt.errors import HardwareError, PlanningError, PolicyError
from exoactor_rt.progress import ReportProgress
from exoactor_rt.robots import g1
from exoactor_rt.sim.lockstep import DONE_EVENT, reference_length_ms, standing_posture
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.policy_thread import PolicyThread
from exoactor_rt.sim.rollout import Rollout, RunOptions
from exoactor_rt.sim.rollout_log import RolloutLog
from exoactor_rt.tracker import Tracking

_RING_TICKS = 4096
_LOOK_PERIODS = 50
_ARM_AFTER_S = 0.1
_ARM_WITHIN_S = 1.0
_State = _core.safety.GuardState


def execute_in_real_time(
    task: Plan | Tracking | None,
    options: RunOptions | None = None,
    progress: ReportProgress | None = None,
    loop_options: LoopOptions | None = None,
) -> Rollout:
    """As `lockstep.execute`, paced by the clock; not repeatable.

    The calling thread simulates the robot; it and the control loop meet in an ExchangeRobot only. A
    policy has a thread of its own.

    Args:
        task: what to execute, or None to stand.
        options: nominal when None.
        progress: called now and then with (done, total) in milliseconds of reference time.
        loop_options: the defaults when None.

    Raises:
        HardwareError: MuJoCo is missing, or the guard refuses to be armed.
        PlanningError: the controller refuses the plan.
        PolicyError: the tick does not let the tracker in.
    """
    run = _RealTimeRun(task, options or RunOptions(), loop_options or LoopOptions())
    return run.execute(progress)


class _RealTimeRun:
    """One run, from the loop's start to its stop."""

    def __init__(
        self, task: Plan | Tracking | None, options: RunOptions, loop_options: LoopOptions
    ):
        limits = options.guard_limits or _core.safety.GuardLimits()
        self._task = task
        self._options = options
        self._robot = MujocoRobot(standing_posture(task), options.sim)
        self._exchange = _core.hal.ExchangeRobot()
        self._clock = _core.runtime.RealClock()
        self._tick = _core.runtime.ControlTick(str(g1.model_path()), limits)
        self._ring = _core.runtime.RecordRing(_RING_TICKS)
        self._loop = _core.runtime.ControlLoop(
            self._exchange, self._tick, self._clock, self._ring, loop_options
        )
        self._log = RolloutLog(self._robot, self._ring, task)
        self._policy: PolicyThread | None = None
        if isinstance(task, Tracking):
            self._policy = PolicyThread(task, self._tick, self._clock)
        self._total_ms = reference_length_ms(task)
        self._begin_ns = 0
        self._armed_s: float | None = None
        self._arm_requested_s: float | None = None
        self._tripped = False
        self._begun = False
        self._end_s: float | None = None
        self._fall_reason = ""
        self._commands_seen = 0

    def execute(self, progress: ReportProgress | None) -> Rollout:
        """Paces the simulation until the run's end."""
        period_ns = round(self._options.sim.control_period_s * 1e9)
        self._begin_ns = due_ns = self._clock.now_ns()
        self._exchange.feed(self._robot.read(due_ns))
        rights = self._loop.start()
        try:
            periods = 0
            while not self._finished():
                due_ns = max(due_ns + period_ns, self._clock.now_ns() - 5 * period_ns)
                self._clock.sleep_until(due_ns)
                self._simulate()
                periods += 1
                if periods % _LOOK_PERIODS == 0:
                    self._look(progress)
        finally:
            self._loop.stop()
            if self._policy is not None:
                self._policy.stop()
        return self._result(rights)

    def _simulate(self) -> None:
        """One control period of the robot: takes the latest command, gives new sensors."""
        written = self._exchange.commands_written
        if written != self._commands_seen:
            self._commands_seen = written
            self._robot.write(self._exchange.take())
        self._robot.step()
        now_ns = self._clock.now_ns()
        self._log.add_truth(now_ns)
        self._exchange.feed(self._robot.read(now_ns))
        self._fall_reason = self._fall_reason or self._robot.fall_reason()

    def _elapsed_s(self) -> float:
        return float(self._clock.now_ns() - self._begin_ns) * 1e-9

    def _finished(self) -> bool:
        elapsed_s = self._elapsed_s()
        over = elapsed_s > self._options.duration_limit_s
        ended = self._end_s is not None and elapsed_s > self._end_s
        return over or ended or bool(self._fall_reason)

    def _look(self, progress: ReportProgress | None) -> None:
        """Arms, hands over the plan and finds the end, some periods apart."""
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
        elif self._end_s is not None:
            return
        elif self._task is None:
            self._end_s = elapsed_s + self._options.settle_s + self._options.stand_s
        else:
            self._follow(elapsed_s, progress)

    def _arm(self, elapsed_s: float) -> None:
        if elapsed_s < _ARM_AFTER_S:
            return
        if self._arm_requested_s is None:
            self._arm_requested_s = elapsed_s
        if elapsed_s > self._arm_requested_s + _ARM_WITHIN_S:
            raise HardwareError(
                f"guard: not armed within {_ARM_WITHIN_S} s: "
                f"{self._loop.arm_refusal or 'the loop did not run'}; nothing executed"
            )
        self._loop.request_arm()

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
        tripped = self._end_trip()
        names = (
            "ticks",
            "late_ticks",
            "missed_periods",
            "blind_ticks",
            "worst_late_ns",
            "dropped_records",
        )
        loop: dict[str, int | str] = {name: int(getattr(counts, name)) for name in names}
        loop["scheduler_refusal"] = rights.scheduler_refusal
        loop["memory_refusal"] = rights.memory_refusal
        return self._log.finish(self._options, self._fall_reason, tripped, loop)

    def _end_trip(self) -> str:
        """The guard's words, unless it was this run's own stop that made it damp."""
        trip = self._loop.guard_status.trip
        own = trip.cause in (_core.safety.TripCause.NONE, _core.safety.TripCause.REQUESTED)
        return "" if own else str(trip)
