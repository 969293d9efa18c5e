"""A policy at its own rate in a thread of its own, beside a control loop in real time."""

from __future__ import annotations

import threading

from exoactor_rt import _core
from exoactor_rt._core.runtime import Clock, ControlTick
from exoactor_rt.tracker import Tracking

_Driver = _core.control.Driver
_JOIN_S = 5.0


class PolicyThread:
    """Reads the newest state, steps the policy, hands over the target; never waits for the tick.

    When it dies its targets grow old: the tick holds the last one, then damps.
    """

    def __init__(self, tracking: Tracking, tick: ControlTick, clock: Clock):
        self._tracking = tracking
        self._tick = tick
        self._clock = clock
        self._period_ns = round(1e9 / tracking.policy.bundle.rate_hz)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="policy", daemon=True)
        self._failure = ""

    @property
    def failure(self) -> str:
        """What the policy died of; empty while it lives."""
        return self._failure

    def begin(self) -> str:
        """Starts the thread and asks for the robot; why it is refused."""
        state = self._tick.latest_state
        if state is None:
            return "tracker: no state has been estimated yet; tracking refused"
        self._tracking.start(state)
        refusal = self._tick.begin_tracking(self._tracking.policy.joint_speed_rad_s)
        if not refusal:
            self._thread.start()
        return refusal

    @property
    def is_alive(self) -> bool:
        """Whether the thread has begun and not ended."""
        return self._thread.is_alive()

    def request_stop(self) -> None:
        """Ends the thread after its present step, without waiting for that."""
        self._stopping.set()

    def stop(self) -> None:
        """Ends the thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        due_ns = self._clock.now_ns()
        drove = False
        try:
            while not self._stopping.is_set():
                driving = self._tick.driver != _Driver.WHOLE_BODY
                if drove and not driving:
                    return
                drove = driving
                if self._tick.stop_asked:
                    self._tracking.end_early()
                self._tick.offer_target(self._tracking.step(self._tick.latest_state, driving))
                due_ns = max(due_ns + self._period_ns, self._clock.now_ns())
                self._clock.sleep_until(due_ns)
        except Exception as error:
            self._failure = f"policy: {type(error).__name__}: {error}"
