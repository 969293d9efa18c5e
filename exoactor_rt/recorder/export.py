"""A log's tick records for other programs: CSV, npz, or a Rerun recording."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from exoactor_rt.errors import LogError
from exoactor_rt.recorder.log_reader import RunRecord
from exoactor_rt.recorder.tick_table import take
from exoactor_rt.robots import g1

FORMATS = ("csv", "npz", "rrd")


def export_run(run: RunRecord, target: Path, every: int = 1) -> None:
    """Writes the tick records of `run`; the suffix of `target` tells the format.

    Args:
        run: what to write.
        target: .csv, one column a number, joints by name; .npz, one array a column; .rrd, when
            rerun-sdk is installed. Appears when it is complete.
        every: keeps one tick in so many.

    Raises:
        LogError: unknown format, rerun-sdk is missing, or the file cannot be written.
    """
    writers: dict[str, Callable[[dict[str, Any], Path], None]] = {
        ".csv": _write_csv,
        ".npz": _write_npz,
        ".rrd": _write_rrd,
    }
    write = writers.get(target.suffix)
    if write is None:
        raise LogError(f"{target}: unknown format, known .{', .'.join(FORMATS)}; not exported")
    part = target.with_name(f"{target.name}.part{target.suffix}")
    try:
        write(take(run.ticks, slice(None, None, every)), part)
        part.replace(target)
    except OSError as error:
        raise LogError(f"{target}: {error.strerror}; not exported") from error
    finally:
        part.unlink(missing_ok=True)


def column_labels(name: str, width: int) -> list[str]:
    """Labels of a column's numbers: joints by name, sides and axes by number."""
    joints = g1.joint_table().names
    if width == len(joints):
        return [f"{name}.{joint.removesuffix('_joint')}" for joint in joints]
    return [f"{name}.{index}" for index in range(width)]


def _write_csv(ticks: dict[str, Any], path: Path) -> None:
    labels: list[str] = []
    parts, formats = [], []
    for name, column in ticks.items():
        width = 1 if column.ndim == 1 else column.shape[1]
        labels += [name] if column.ndim == 1 else column_labels(name, width)
        parts.append(column.reshape(len(column), width))
        formats += ["%d" if column.dtype.kind in "iu" else "%.9g"] * width
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(labels) + "\n")
        line = ",".join(formats) + "\n"
        for row in zip(*parts, strict=True):
            numbers = [number for values in row for number in values.tolist()]
            file.write(line % tuple(numbers))


def _write_npz(ticks: dict[str, Any], path: Path) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **ticks)


def _write_rrd(ticks: dict[str, Any], path: Path) -> None:
    try:
        rerun = importlib.import_module("rerun")
    except ImportError as error:
        raise LogError(
            f"{path}: no rerun-sdk ({error}; pip install 'exoactor_rt[viewer]'); not exported"
        ) from error
    recording = rerun.RecordingStream("exoactor_rt")
    recording.save(str(path))
    stamps = ticks["now_ns"]
    index = rerun.TimeColumn("time", duration=(stamps - stamps[0]) * 1e-9)
    for name, column in ticks.items():
        width = 1 if column.ndim == 1 else column.shape[1]
        labels = [name] if column.ndim == 1 else column_labels(name, width)
        for label, values in zip(labels, column.reshape(len(column), width).T, strict=True):
            recording.send_columns(
                label.replace(".", "/"),
                indexes=[index],
                columns=rerun.Scalars.columns(scalars=values.astype(np.float64)),
            )
    recording.flush()
