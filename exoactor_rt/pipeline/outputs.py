"""Where a run leaves its files: checked before the work begins, cleared before the first result."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av

from exoactor_rt.errors import ConfigError, LogError

NAMES = {
    "reference": "reference.npz",
    "plan": "plan.npz",
    "refused_plan": "refused_plan.npz",
    "tracking": "tracking.npz",
    "provenance": "provenance.json",
    "log": "run.mcap",
    "film": "run.mp4",
    "report": "report.html",
    "data": "report.json",
}
"""Every file of a run; the report is written last, so that a folder with one is complete."""

_PART_SUFFIX = ".part"


class OutputFolder:
    """A folder that one run owns.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: Path, sources: Sequence[Path]):
        """Finds out before the work begins whether files can be written there; writes none.

        Raises:
            LogError: the folder cannot be made, or nothing can be written there.
            ConfigError: one of `sources` is a file that the run would replace.
        """
        self.path = path
        replaced = {self.file(name).resolve() for name in NAMES}
        for source in sources:
            if source.resolve() in replaced:
                raise ConfigError(f"{source}: the run would replace its own input; nothing started")
        _require_writable_folder(path)

    def file(self, name: str) -> Path:
        """Path of one of NAMES."""
        return self.path / NAMES[name]

    def clear(self) -> None:
        """Makes the folder, or removes what an earlier run left there.

        So no stale result stands beside a new one.

        Raises:
            LogError: the folder cannot be made, or something cannot be removed.
        """
        for name in NAMES:
            with self._told(name, "replaced"):
                self.path.mkdir(parents=True, exist_ok=True)
                self.file(name).unlink(missing_ok=True)

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Yields the path of one of NAMES; a file that fails half-way is removed.

        Raises:
            LogError: the body could not write it, e.g. on a full disk.
        """
        path = self.file(name)
        try:
            with self._told(name, "written"):
                yield path
        except LogError:
            for half in (path, path.with_name(path.name + _PART_SUFFIX)):
                half.unlink(missing_ok=True)
            raise

    @contextmanager
    def _told(self, name: str, done: str) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            reason = error.strerror or error
            raise LogError(f"{self.file(name)}: cannot be {done}: {reason}; no report") from error


def require_writable_file(path: Path) -> None:
    """Finds out before the work begins whether a file can be written to `path`; writes nothing.

    Raises:
        LogError: it lies in no folder, cannot be written, or is a folder or a device.
    """
    if path.exists() and not path.is_file():
        raise LogError(f"{path}: not a regular file; nothing started")
    if not path.parent.is_dir():
        raise LogError(f"{path}: there is no folder {path.parent}; nothing started")
    _require_writable_folder(path.parent)


def _require_writable_folder(path: Path) -> None:
    """Tries the folder, or where it does not exist yet the nearest one above it."""
    tried = path
    while not tried.exists() and tried != tried.parent:
        tried = tried.parent
    try:
        with tempfile.TemporaryFile(dir=tried) as probe:
            probe.write(b"\0")
    except OSError as error:
        reason = f"cannot be written to: {error.strerror}"
        raise LogError(f"{path}: {reason}; nothing started") from error
