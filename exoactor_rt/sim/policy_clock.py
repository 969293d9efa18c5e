"""When a policy steps and when its targets arrive, counted in control ticks."""

from __future__ import annotations

from collections import deque

from exoactor_rt import _core
from exoactor_rt._core.runtime import ControlTick
from exoactor_rt._core.types import TrackerTarget
from exoactor_rt.errors import HardwareError
from exoactor_rt.tracker import Tracking

_Driver = _core.control.Driver


class PolicyClock:
    """Steps a policy beside the tick in lock-step; targets reach the tick after a latency."""

    def __init__(self, tracking: Tracking, tick: ControlTick, period_ns: int, latency_s: float):
        """Prepares; nothing is stepped before `begin`.

        Raises:
            HardwareError: the policy's period is no multiple of the tick's.
        """
        rate_hz = tracking.policy.bundle.rate_hz
        step_ns = round(1e9 / rate_hz)
        if step_ns % period_ns:
            raise HardwareError(
                f"simulation: policy at {rate_hz:g} Hz, tick of {1e-9 * period_ns} s; its period "
                "must be a multiple of the tick's; nothing executed"
            )
        self._tracking = tracking
        self._tick = tick
        self._step_ns = step_ns
        self._latency_ns = round(1e9 * latency_s)
        self._due: deque[tuple[int, TrackerTarget]] = deque()
        self._next_ns: int | None = None
        self._drove = False

    def begin(self, now_ns: int) -> str:
        """Lays the motion where the robot stands and asks for the robot; why it is refused."""
        state = self._tick.latest_state
        if state is None:
            return "tracker: no state has been estimated yet; tracking refused"
        self._tracking.start(state)
        refusal = self._tick.begin_tracking(self._tracking.policy.joint_speed_rad_s)
        if not refusal:
            self._next_ns = now_ns
        return refusal

    def before_tick(self, now_ns: int) -> None:
        """Hands over what has arrived by now."""
        while self._due and self._due[0][0] <= now_ns:
            self._tick.offer_target(self._due.popleft()[1])

    def after_tick(self, now_ns: int) -> None:
        """Lets the policy answer the state of this tick, when its step is due."""
        if self._next_ns is None or now_ns < self._next_ns:
            return
        driving = self._tick.driver != _Driver.WHOLE_BODY
        if self._drove and not driving:
            self._next_ns = None
            return
        self._drove = driving
        if self._tick.stop_asked:
            self._tracking.end_early()
        target = self._tracking.step(self._tick.latest_state, driving)
        self._due.append((now_ns + self._latency_ns, target))
        self._next_ns += self._step_ns
