"""The folder that gets the clips: one owner at a time, and no clip of an earlier run left in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from exoactor_rt.errors import ConfigError
from exoactor_rt.generation_config import MAX_CANDIDATES


def clip_path(folder: Path, candidate: int) -> Path:
    """Where a candidate's clip lies: `clip.mp4`, `clip-2.mp4` and so on."""
    return folder / ("clip.mp4" if candidate == 1 else f"clip-{candidate}.mp4")


@contextmanager
def output_folder(folder: Path) -> Iterator[None]:
    """Makes the folder and holds it; the kernel lets go of it when its holder dies.

    Raises:
        ConfigError: it cannot be made, or another process holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be made: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(f"{folder}: another process generates into it") from None
        yield
    finally:
        os.close(descriptor)


def remove_clips(folder: Path, but: Collection[int] = ()) -> None:
    """Removes clips that have their provenance beside them, but those of some candidates.

    Raises:
        ConfigError: a clip has none, so that it is not ours to remove.
    """
    for candidate in range(1, MAX_CANDIDATES + 1):
        clip = clip_path(folder, candidate)
        provenance = clip.with_suffix(".json")
        if clip.exists() and not provenance.exists():
            raise ConfigError(
                f"{clip}: is there without {provenance.name}, so it was not generated; "
                "choose another folder"
            )
        if candidate not in but:
            clip.unlink(missing_ok=True)
            provenance.unlink(missing_ok=True)
