"""The cache folder: where it is, one writer at a time, and writing that is all or nothing."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from exoactor_rt.durable_file import sync_folder
from exoactor_rt.errors import AssetError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_STAGING_PREFIX = ".pull-"
_LOCK_POLL_S = 0.2


def models_folder() -> Path:
    """`$EXOACTOR_CACHE/models`, or `~/.cache/exoactor/models`. Need not exist yet."""
    root = os.environ.get("EXOACTOR_CACHE")
    return (Path(root).expanduser() if root else Path.home() / ".cache" / "exoactor") / "models"


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turns what the file system refuses into a one-line AssetError about `folder`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            cause = "no space left on the disk"
        elif error.errno in _FORBIDDEN:
            cause = "not writable"
        else:
            cause = error.strerror or str(error)
        raise AssetError(f"cache {folder}: {cause}; nothing was installed") from error


@contextmanager
def exclusive(
    folder: Path, timeout_s: float, waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Holds the cache's lock, so that two pulls do not collide.

    The kernel releases the lock when its holder dies.

    Args:
        folder: The cache folder, which exists.
        timeout_s: How long to wait for another holder.
        waiting: Called once if another holder is found.

    Raises:
        AssetError: Another process held the lock all that time.
    """
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline_s = time.monotonic() + timeout_s
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline_s:
                    raise AssetError(
                        f"cache {folder}: another pull has held the lock for {timeout_s:g} s; "
                        "nothing was installed"
                    ) from None
                if waiting is not None and not told:
                    waiting()
                    told = True
                time.sleep(_LOCK_POLL_S)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A temporary folder inside `folder`, removed in the end; clears what killed pulls left.

    To be used under `exclusive`.
    """
    for leftover in folder.glob(f"{_STAGING_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=folder))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def publish(finished: Path, target: Path) -> None:
    """Puts a finished folder in place of `target` by renaming; both lie on one file system.

    What stood at `target` is moved beside `finished`, to be removed with the staging folder.
    """
    sync_folder(finished)
    if target.exists():
        target.rename(finished.with_name(f"{finished.name}.replaced"))
    finished.rename(target)
    sync_folder(target.parent)
