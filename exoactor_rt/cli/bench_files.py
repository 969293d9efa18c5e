"""What the benchmarks of the command line share: worker processes allowed, files written."""

from __future__ import annotations

from pathlib import Path

from exoactor_rt.errors import ConfigError, LogError

MAX_JOBS = 64


def require_jobs(jobs: int) -> None:
    """Raises ConfigError for a number of processes that is not allowed."""
    if not 1 <= jobs <= MAX_JOBS:
        raise ConfigError(f"bench: --jobs {jobs}, allowed 1 to {MAX_JOBS}")


def make_folder(folder: Path) -> None:
    """Makes a folder and its parents; raises LogError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LogError(f"{folder}: cannot be made: {error.strerror}; nothing started") from error


def write_text(path: Path, text: str) -> None:
    """Writes a file; raises LogError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LogError(f"{path}: cannot be written: {error.strerror}") from error
