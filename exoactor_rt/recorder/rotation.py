"""How large log files may grow, and which are deleted to make room."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.errors import LogError

LEAST_SEGMENT_BYTES = 1 << 20


@dataclass(frozen=True)
class Rotation:
    """Bounds on the size of logs.

    Attributes:
        segment_bytes: a file that has grown beyond is finished and the next one begun; None: never.
        keep_bytes: of all `*.mcap` files in the log's folder together; the oldest are deleted,
            never the one being written; None: nothing is deleted.
    """

    segment_bytes: int | None = None
    keep_bytes: int | None = None

    def __post_init__(self) -> None:
        for name in ("segment_bytes", "keep_bytes"):
            value = getattr(self, name)
            if value is not None and value < LEAST_SEGMENT_BYTES:
                raise LogError(
                    f"log rotation: {name} {value}, allowed {LEAST_SEGMENT_BYTES} at least; no log"
                )


def segment_path(path: Path, number: int) -> Path:
    """Name of file `number`, counted from 0, of the log that began at `path`."""
    return path if number == 0 else path.with_name(f"{path.stem}.{number:04d}{path.suffix}")


def delete_oldest(folder: Path, keep_bytes: int, current: Path) -> list[Path]:
    """Deletes the oldest logs of `folder` until all together fit; returns what was deleted."""
    logs = []
    for path in folder.glob("*.mcap"):
        with suppress(OSError):
            status = path.stat()
            logs.append((status.st_mtime_ns, path.name, path, status.st_size))
    excess = sum(size for *_, size in logs) - keep_bytes
    deleted = []
    for _, _, path, size in sorted(logs):
        if excess <= 0:
            break
        if path == current:
            continue
        with suppress(OSError):
            path.unlink()
            excess -= size
            deleted.append(path)
    return deleted
