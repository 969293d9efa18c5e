"""What may be asked of the robot, and when: the control process's rules around tick and loop."""

from __future__ import annotations

import enum
import time
from collections import Counter
from collections.abc import Callable

from exoactor_rt import _core
from exoactor_rt._core.runtime import ControlLoop, ControlTick, RecordRing
from exoactor_rt._core.safety import GuardState, TripCause, is_driven
from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlState, Event, LoadedFile, TaskKind
from exoactor_rt.runtime.loaded_task import LoadedTask, LoadedTracking, parse_task
from exoactor_rt.tracker import Policy

_ANSWER_WITHIN_S = 0.1
_LOOK_AGAIN_S = 0.002
_NS = 1_000_000_000
_LATENESS_EDGES_US = (*(edge // 1000 for edge in _core.runtime.LATENESS_EDGES_NS), 0)


class OwnerLoss(str, enum.Enum):
    """What a running plan does when its owner dies: the robot is never dropped for that."""

    FINISH = "finish"
    STOP = "stop"


class PlanEnd(str, enum.Enum):
    """How a plan ended."""

    DONE = "done"
    STOPPED = "stopped"
    BROKEN_OFF = "broken_off"


class ControlSession:
    """Answers the link (see ControlPort) from the thread that polls it; the loop has its own."""

    def __init__(
        self,
        tick: ControlTick,
        loop: ControlLoop,
        ring: RecordRing,
        *,
        policy: Policy | None = None,
        on_owner_loss: OwnerLoss = OwnerLoss.FINISH,
        on_event: Callable[[Event], None] = lambda event: None,
        on_task: Callable[[int, LoadedFile], None] = lambda *_: None,
    ):
        """Stands ready.

        Args:
            tick: of the robot.
            loop: that runs it.
            ring: its records.
            policy: that trackings may use; without one they are refused.
            on_owner_loss: what a running plan does then.
            on_event: hears of whatever happens, in the thread that calls.
            on_task: gets the number, from 1 and for each kind, of every plan and tracking that the
                tick accepts.
        """
        self._tick = tick
        self._loop = loop
        self._ring = ring
        self._on_owner_loss = on_owner_loss
        self._on_event = on_event
        self._on_task = on_task
        self._policy = policy
        self._started: Counter[TaskKind] = Counter()
        self._loaded: LoadedTask | None = None
        self._running: LoadedTask | None = None
        self._led: LoadedTracking | None = None
        self._stopping = False
        self._plans_ended = 0
        self._stops = 0
        self._last_end: PlanEnd | None = None
        self._last_end_sha256 = ""
        self._reference_time_s = 0.0
        self._guard_seen = GuardState.SILENT
        self._concern_seen = TripCause.NONE

    @property
    def running(self) -> bool:
        """Whether a plan is being executed."""
        return self._running is not None

    def load(self, file: LoadedFile) -> None:
        """Takes a task for the next start; raises PlanningError, PolicyError or LinkError."""
        if self.running:
            raise LinkError("control: a plan is being executed; not loaded")
        if self._led is not None and self._led.is_led:
            raise LinkError("control: the policy of the last tracking has not ended; not loaded")
        self._loaded = parse_task(file, self._policy)
        self._tell("info", f"{file.kind.value} loaded: {file.label or file.sha256[:12]}")

    def arm(self) -> None:
        """Lets commands through the guard, as long as the robot stands; raises LinkError."""
        before = (GuardState.SILENT, GuardState.READY, GuardState.POSE)
        self._drive("armed", self._loop.request_arm, before, GuardState.HOLD)

    def pose(self) -> None:
        """Leads a robot that hangs to the standing posture, slowly; raises LinkError."""
        before = (GuardState.SILENT, GuardState.READY)
        self._drive("posed", self._loop.request_pose, before, GuardState.POSE)

    def start(self, sha256: str, stops: int | None = None) -> None:
        """Executes the loaded plan, once; raises LinkError. See messages.Start for `stops`."""
        if self.running:
            raise LinkError("control: a plan is being executed; not started")
        if self._loaded is None:
            raise LinkError("control: no plan is loaded; not started")
        file = self._loaded.file
        if file.sha256 != sha256:
            raise LinkError(
                f"control: the loaded plan is {file.sha256[:12]}, asked {sha256[:12]}; not started"
            )
        if stops is not None and stops != self._stops:
            raise LinkError("control: stopped or damped since; not started")
        refusal = self._loaded.begin(self._tick)
        if refusal:
            raise LinkError(f"control: {refusal}")
        self._running, self._loaded = self._loaded, None
        if isinstance(self._running, LoadedTracking):
            self._led = self._running
        self._started[file.kind] += 1
        self._on_task(self._started[file.kind], file)
        self._stopping = False
        self._last_end, self._last_end_sha256 = None, ""
        self._tell("info", f"{file.kind.value} started: {file.label or sha256[:12]}")

    def stop(self) -> None:
        """A controlled stop; nothing happens where no plan is under way."""
        self._stops += 1
        if not self.running:
            return
        self._stopping = True
        self._tick.request_stop()
        self._tell("warning", "controlled stop")

    def damp(self) -> None:
        """Damping, in the next tick."""
        self._stops += 1
        self._loop.request_damp()
        self._tell("warning", "damping requested")

    def emergency_stop(self) -> None:
        """Damping, in the next tick, until cleared by hand."""
        self._stops += 1
        self._loop.request_emergency_stop()
        self._tell("error", "emergency stop requested")

    def clear(self) -> None:
        """Lets go of an emergency stop; damping goes on until reset; raises LinkError."""
        self._loop.request_clear_emergency()
        if not _within(_ANSWER_WITHIN_S, lambda: not self._loop.guard_status.emergency):
            raise LinkError(
                "control: the emergency stop is still asked for, or the control loop did not "
                "answer; not cleared"
            )
        self._tell("warning", "emergency stop cleared")

    def reset(self) -> None:
        """From damping to ready, from ready to silence; raises LinkError."""
        status = self._loop.guard_status
        if is_driven(int(status.state)):
            raise LinkError(
                f"control: guard is in {status.state.name.lower()}; stop or damp first; not reset"
            )
        if status.emergency:
            raise LinkError("control: emergency stop; clear it by hand first; not reset")
        damping = status.state == GuardState.DAMPING
        aim = GuardState.READY if damping else GuardState.SILENT
        self._loop.request_reset()
        if not self._becomes(lambda state: state == aim):
            raise LinkError("control: the control loop did not answer; not reset")
        self.look()

    def owner_lost(self, name: str) -> None:
        """The running plan goes on or is stopped, as configured; nothing further is started.

        A hanging robot on its way to the standing posture is damped: nobody may be looking.
        """
        self._loaded = None
        posing = self._loop.guard_status.state == GuardState.POSE and not self._tick.posed
        if posing or self.running:
            self._tell("warning", f"owner {name!r} lost")
        else:
            self._tell("info", f"owner {name!r} left")
        if posing:
            self.damp()
        if self.running and self._on_owner_loss is OwnerLoss.STOP:
            self.stop()

    def follow(self, reference_time_s: float) -> None:
        """Takes over how far the plan has come."""
        self._reference_time_s = reference_time_s

    def look(self) -> None:
        """Notices what has changed in the loop since the last look."""
        status = self._loop.guard_status
        if status.state != self._guard_seen:
            self._guard_seen = status.state
            words = str(status.trip) if status.state == GuardState.DAMPING else ""
            severity = "error" if words else "info"
            self._tell(severity, words or f"guard {status.state.name.lower()}")
        if status.concern.cause != self._concern_seen:
            self._concern_seen = status.concern.cause
            self._tell("warning", str(status.concern) if status.concern else "guard: concern over")
        if self._running is None:
            return
        self._stopping = self._stopping or status.wants_stop
        if not is_driven(int(status.state)):
            self._end_plan(self._running, PlanEnd.BROKEN_OFF)
        elif self._tick.plans_done and status.state == GuardState.HOLD:
            self._plans_ended += 1
            end = PlanEnd.STOPPED if self._stopping else PlanEnd.DONE
            self._end_plan(self._running, end)

    def state(self, owner: str) -> ControlState:
        """The state to tell, with the name of the robot's owner."""
        status, counts = self._loop.guard_status, self._loop.counts
        current = self._running or self._loaded
        return ControlState(
            stamp_ns=time.monotonic_ns(),
            guard=status.state.name.lower(),
            trip=str(status.trip) if status.trip else "",
            concern=str(status.concern) if status.concern else "",
            emergency=status.emergency,
            posed=status.state == GuardState.POSE and self._tick.posed,
            owner=owner,
            loaded_sha256=current.file.sha256 if current else "",
            label=current.file.label if current else "",
            running=self.running,
            stopping=self._stopping,
            plans_ended=self._plans_ended,
            stops=self._stops,
            last_end=self._last_end.value if self._last_end else "",
            last_end_sha256=self._last_end_sha256,
            reference_time_s=self._reference_time_s if self.running else 0.0,
            reference_end_s=current.reference_end_s if current else 0.0,
            ticks=counts.ticks,
            late_ticks=counts.late_ticks,
            missed_periods=counts.missed_periods,
            dropped_records=counts.dropped_records,
            lateness=tuple(zip(_LATENESS_EDGES_US, counts.lateness, strict=True)),
        )

    def _drive(
        self,
        done: str,
        request: Callable[[], None],
        before: tuple[GuardState, ...],
        aim: GuardState,
    ) -> None:
        """Asks the loop to let commands through.

        Args:
            done: what is then, in a word.
            request: of the loop.
            before: states from which it is granted.
            aim: state to which it leads.
        """
        state = self._loop.guard_status.state
        if state not in before:
            allowed = " or ".join(one.name.lower() for one in before)
            raise LinkError(
                f"control: guard is {state.name.lower()}, must be {allowed}; not {done}"
            )
        attempts = self._loop.arm_attempts
        request()
        if not _within(_ANSWER_WITHIN_S, lambda: self._loop.arm_attempts != attempts):
            if self._loop.withdraw_arm():
                raise LinkError(f"control: the control loop did not answer; not {done}")
            if not _within(_ANSWER_WITHIN_S, lambda: self._loop.arm_attempts != attempts):
                self.damp()
                raise LinkError("control: the control loop hangs; damping asked for")
        if self._loop.arm_refusal:
            raise LinkError(f"control: {self._loop.arm_refusal}")
        if not self._becomes(lambda state: state in (aim, GuardState.RUN)):
            raise LinkError(f"control: {done}, then {self._loop.guard_status.trip}")
        self._plans_ended = 0
        self.look()

    def _becomes(self, wanted: Callable[[_core.safety.GuardState], bool]) -> bool:
        return _within(_ANSWER_WITHIN_S, lambda: bool(wanted(self._loop.guard_status.state)))

    def _end_plan(self, task: LoadedTask, end: PlanEnd) -> None:
        task.end()
        self._running = None
        self._stopping = False
        self._last_end, self._last_end_sha256 = end, task.file.sha256
        severity = "error" if end is PlanEnd.BROKEN_OFF else "info"
        self._tell(severity, f"{task.file.kind.value} {end.value.replace('_', ' ')}")
        if task.failure:
            self._tell("error", task.failure)

    def _tell(self, severity: str, text: str) -> None:
        self._on_event(Event(stamp_ns=time.monotonic_ns(), severity=severity, text=text))


def _within(limit_s: float, holds: Callable[[], bool]) -> bool:
    """Waits until something holds, at most so long; whether it came."""
    until_s = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > until_s:
            return False
        time.sleep(_LOOK_AGAIN_S)
    return True
