"""How often and how long something is tried again: backoff with jitter, a bound, a deadline."""

from __future__ import annotations

import logging

from exoactor_rt.errors import GenerationError
from exoactor_rt.generation.clock import Clock

_LOGGER = logging.getLogger(__name__)
_FIRST_S = 0.5
_LONGEST_S = 30.0
MAX_RETRY_AFTER_S = 300.0


class Patience:
    """Counts failures in a row and waits between them, ever longer.

    The wait is drawn from the upper half of `first * 2^n`, at most `longest`, so that many clients
    of one server do not come back together; it is never shorter than what the server asks.

    Attributes:
        deadline_s: time of the clock after which nothing is tried any more.
        failures: in a row, so far.
    """

    def __init__(self, clock: Clock, what: str, *, failures: int, deadline_s: float) -> None:
        """`what` begins the message of the error; `failures` in a row are borne but one."""
        self._clock = clock
        self._what = what
        self._most = failures
        self.deadline_s = deadline_s
        self.failures = 0

    def succeeded(self) -> None:
        """The next failure is the first again."""
        self.failures = 0

    def left_s(self) -> float:
        """Until the deadline; 0 when it has passed."""
        return max(0.0, self.deadline_s - self._clock.now_s())

    async def wait(self, cause: str, retry_after_s: float | None = None) -> None:
        """Waits before another try.

        Args:
            cause: of the failure, for the error.
            retry_after_s: the least wait that the server asks for.

        Raises:
            GenerationError: too many failures in a row, or the deadline would pass.
        """
        self.failures += 1
        if self.failures >= self._most:
            times = f"{self.failures} times in a row" if self.failures > 1 else "once"
            raise GenerationError(f"{self._what}: {cause} ({times}); given up")
        wait_s = backoff_s(self.failures, self._clock.random(), _FIRST_S, _LONGEST_S)
        wait_s = max(wait_s, min(retry_after_s or 0.0, MAX_RETRY_AFTER_S))
        if wait_s >= self.left_s():
            raise GenerationError(f"{self._what}: {cause}, and no time is left; given up")
        _LOGGER.info("event=retry cause=%r failures=%d wait_s=%.2f", cause, self.failures, wait_s)
        await self._clock.sleep(wait_s)


def backoff_s(attempt: int, chance: float, first_s: float, longest_s: float) -> float:
    """The wait after the `attempt`-th try (from 1): the upper half of a doubling interval.

    Args:
        attempt: counted from 1.
        chance: in [0, 1).
        first_s: the interval of the first.
        longest_s: no interval is longer.
    """
    interval_s = min(longest_s, first_s * 2.0 ** min(attempt - 1, 32))
    return interval_s * (0.5 + 0.5 * chance)
