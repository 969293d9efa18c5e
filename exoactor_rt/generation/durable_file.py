"""Writing that is all or nothing: what is there after a power cut is the old file or the new."""

from __future__ import annotations

import os
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


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes beside `path`, waits for the disk, then puts the file in place.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    put_in_place(part, path)


def put_in_place(part: Path, path: Path) -> None:
    """Renames a file that is on the disk and waits until its folder is, too.

    Raises:
        OSError: it cannot be renamed.
    """
    part.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
