"""What the file system refuses, told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exoactor_rt.errors import GenerationError


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turns what the file system refuses into one line about `path`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise GenerationError(f"{path}: cannot be written: {reason}; nothing was kept") from error
