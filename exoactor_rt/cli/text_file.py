"""A result as a text file, whole or not there."""

from __future__ import annotations

from pathlib import Path

from exoactor_rt.errors import LogError


def write_text(path: Path, text: str) -> None:
    """Writes `text` to `path`; raises LogError."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise LogError(f"{path}: {error.strerror}; not written") from error
