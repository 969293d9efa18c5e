"""Live progress of `exoactor generate`: a line rewritten in place, or a log of stages."""

from __future__ import annotations

import time
from typing import TextIO

from exoactor_rt.generation import Progress

_WIDTH = 78


class ProgressLines:
    """Tells progress on a stream; a context manager.

    On a terminal the news of all candidates share one line, rewritten in place; elsewhere every
    change of stage is a line.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._interactive = stream.isatty()
        self._began_s = time.monotonic()
        self._latest: dict[int, Progress] = {}

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(self, *_: object) -> None:
        if self._interactive:
            self._stream.write(f"\r{'':{_WIDTH}}\r")
            self._stream.flush()

    def tell(self, progress: Progress) -> None:
        """Shows one piece of news."""
        before = self._latest.get(progress.candidate)
        self._latest[progress.candidate] = progress
        taken_s = time.monotonic() - self._began_s
        if self._interactive:
            parts = [_words(self._latest[number]) for number in sorted(self._latest)]
            line = f"{taken_s:5.0f} s  {'  |  '.join(parts)}"[:_WIDTH]
            self._stream.write(f"\r{line:{_WIDTH}}")
        elif before is None or _key(before) != _key(progress):
            print(f"{taken_s:6.1f} s  {_words(progress)}", file=self._stream)
        self._stream.flush()


def _key(progress: Progress) -> tuple[str, str]:
    """What makes a line of its own; bytes of a download do not."""
    return progress.stage, "" if progress.stage == "download" else progress.words


def _words(progress: Progress) -> str:
    part = "" if progress.fraction is None else f" {progress.fraction:.0%}"
    return f"{progress.candidate}: {progress.stage}{part} {progress.words}".rstrip()
