"""Time and chance as an argument, so that waiting can be tested without waiting."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import datetime, timezone


class Clock:
    """The real clock and real randomness; tests pass another one."""

    def now_s(self) -> float:
        """Monotonic time (s)."""
        return time.monotonic()

    def today(self) -> datetime:
        """The calendar's time, in UTC."""
        return datetime.now(timezone.utc)

    async def sleep(self, duration_s: float) -> None:
        """Waits."""
        await asyncio.sleep(duration_s)

    def random(self) -> float:
        """A number in [0, 1)."""
        return random.random()
