"""Live progress of `exoactor generate`: a line rewritten in place, or a log of stages."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from exoactor_rt.generation import Progress


class ProgressLines:
    """Tells progress on a stream; a context manager.

    On a terminal the news of all candidates share one line, rewritten in place, in fewer words if
    there are several; elsewhere every change of stage is a line.
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
            self._stream.write(f"\r{'':{_columns()}}\r")
            self._stream.flush()

    def tell(self, progress: Progress) -> None:
        """Shows one piece of news."""
        before = self._latest.get(progress.candidate)
        self._latest[progress.candidate] = progress
        taken_s = time.monotonic() - self._began_s
        if self._interactive:
            several = len(self._latest) > 1
            parts = [_words(self._latest[number], several) for number in sorted(self._latest)]
            columns = _columns()
            line = f"{taken_s:5.0f} s  {' | '.join(parts)}"[:columns]
            self._stream.write(f"\r{line:{columns}}")
        elif before is None or _key(before) != _key(progress):
            print(f"{taken_s:6.1f} s  {_words(progress)}", file=self._stream)
        self._stream.flush()


def _key(progress: Progress) -> tuple[str, str]:
    """What makes a line of its own; bytes of a download do not."""
    return progress.stage, "" if progress.stage == "download" else progress.words


def _words(progress: Progress, brief: bool = False) -> str:
    words = progress.words
    if brief:
        words = words.partition(",")[0] if progress.stage == "job" else ""
    part = "" if progress.fraction is None else f" {progress.fraction:.0%}"
    return f"{progress.candidate}: {progress.stage}{part} {words}".rstrip()


def _columns() -> int:
    """Of the terminal; the last one stays free, so that the cursor does not move on."""
    return max(20, shutil.get_terminal_size().columns - 1)
