"""Progress on the terminal: one bar a stage, and what every stage took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from tqdm import tqdm

ReportProgress = Callable[[int, int], None]
"""Called by a room with (done, total); total 0 while it is not known."""


@dataclass
class StageTimes:
    """Runs stages under a progress bar and keeps their wall-clock times.

    Attributes:
        stream: where bars and times go; None for silence.
        seconds: stage name -> s, in the order in which the stages ended.
    """

    stream: TextIO | None = field(default_factory=lambda: sys.stderr)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[ReportProgress]:
        """Times the body; yields the function through which it reports its progress."""
        begin = time.perf_counter()
        interactive = self.stream is not None and self.stream.isatty()
        if self.stream is not None and not interactive:
            print(f"{name} ...", file=self.stream, flush=True)
        with tqdm(
            desc=f"{name:<12}", file=self.stream, disable=not interactive, leave=False
        ) as bar:

            def report(done: int, total: int) -> None:
                bar.total = total or None
                bar.n = done
                bar.update(0)

            yield report
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin
        if self.stream is not None:
            print(f"{name:<12} {self.seconds[name]:6.2f} s", file=self.stream, flush=True)
