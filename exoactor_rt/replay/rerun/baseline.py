"""Reference outputs of a rerun, small enough to be kept beside the code and reviewed as text.

A file has one line a second of the log: a hash of all that each stage decided in it, and figures
that tell a reader what happened then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from exoactor_rt._core.safety import GuardState
from exoactor_rt.build_identity import machine_kind
from exoactor_rt.errors import LogError
from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.rerun.comparison import Stage, in_order_of_cause, stage_of
from exoactor_rt.replay.rerun.recorded_run import RecordedRun
from exoactor_rt.replay.rerun.rerun_run import RerunMode

SCHEMA = "exoactor.baseline"
VERSION = 1
FIGURE_TOLERANCE = 1e-3
"""Relative difference of two figures that counts as equal on another kind of machine."""

_SECOND_NS = 1_000_000_000
_HASH_DIGITS = 8
_FIGURES = {
    "wanted_torque": "wanted_nm",
    "sent_torque": "sent_nm",
    "base_position_in_world": "base_m",
    "steps_done": "steps",
}


@dataclass(frozen=True)
class Baseline:
    """Reference outputs of one log in one mode, made on one kind of machine."""

    log: str
    inputs: str
    mode: str
    machine: str
    seconds: tuple[dict[str, Any], ...]

    def to_text(self) -> str:
        """The file: a head, and one line a second."""
        head = {
            "schema": SCHEMA,
            "version": VERSION,
            "log": self.log,
            "inputs": self.inputs,
            "mode": self.mode,
            "machine": self.machine,
        }
        lines = [f"{json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
        rows = ",\n".join(json.dumps(second) for second in self.seconds)
        return "{\n" + "\n".join(lines) + '\n"seconds": [\n' + rows + "\n]}\n"


class BaselineMaker:
    """Takes what a rerun makes, stretch by stretch, and sums it up second by second."""

    def __init__(self, run: RecordedRun, mode: RerunMode):
        self._run = run
        self._mode = mode
        stamps = run.ticks["now_ns"]
        self._second = ((stamps - stamps[0]) // _SECOND_NS).astype(np.int64)
        self._hashes: dict[int, dict[Stage, Any]] = {}
        self._figures: dict[int, dict[str, Any]] = {}

    def add(self, row: int, made: Columns) -> None:
        """Takes the columns of the rows from `row` on."""
        count = len(made["guard_state"])
        seconds = self._second[row : row + count]
        for second in np.unique(seconds).tolist():
            rows = np.flatnonzero(seconds == second)
            self._add(second, {name: made[name][rows] for name in in_order_of_cause(made)})

    def finish(self) -> Baseline:
        """The whole."""
        seconds = tuple(
            {
                "t": second,
                **{
                    stage.value: digest.hexdigest()[:_HASH_DIGITS]
                    for stage, digest in self._hashes[second].items()
                },
                **{
                    name: float(f"{value:.5g}") if isinstance(value, float) else value
                    for name, value in self._figures[second].items()
                },
            }
            for second in sorted(self._hashes)
        )
        run = self._run
        return Baseline(run.name, run.input_hash(), self._mode.value, machine_kind(), seconds)

    def _add(self, second: int, columns: Columns) -> None:
        hashes = self._hashes.setdefault(second, {})
        for name, column in columns.items():
            stage = stage_of(name)
            assert stage is not None
            digest = hashes.setdefault(stage, hashlib.sha256())
            digest.update(np.ascontiguousarray(column).tobytes())
        figures = self._figures.setdefault(second, {})
        figures["state"] = GuardState(int(columns["guard_state"][-1])).name.lower()
        for name, short in _FIGURES.items():
            if name not in columns:
                continue
            if name == "steps_done":
                figures[short] = int(columns[name][-1])
            elif name.endswith("torque"):
                peak = float(np.abs(columns[name]).max())
                figures[short] = max(figures.get(short, 0.0), peak)
            else:
                figures[short] = float(columns[name][-1, 2])


def load_baseline(path: Path) -> Baseline:
    """Reads a file that `Baseline.to_text` wrote.

    Raises:
        LogError: it cannot be read, or is no such file.
    """
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA or data["version"] != VERSION:
            raise LogError(f"baseline {path}: {data['schema']} {data['version']}; not compared")
        seconds = tuple(dict(second) for second in data["seconds"])
        return Baseline(data["log"], data["inputs"], data["mode"], data["machine"], seconds)
    except OSError as error:
        raise LogError(f"baseline {path}: {error.strerror}; not compared") from error
    except (ValueError, KeyError, TypeError) as error:
        raise LogError(f"baseline {path}: {error!r}; not compared") from error


def differences(kept: Baseline, made: Baseline) -> list[str]:
    """Where two baselines of the same log differ, one line a second; empty when nowhere.

    Hashes are compared on the same kind of machine only, figures everywhere.

    Raises:
        LogError: they are of different logs or modes.
    """
    if (kept.inputs, kept.mode) != (made.inputs, made.mode):
        raise LogError(
            f"baseline: it is of log {kept.log} with inputs {kept.inputs}, {kept.mode}; here "
            f"{made.inputs}, {made.mode}; not compared"
        )
    same_machine = kept.machine == made.machine
    lines = []
    for before, now in zip(kept.seconds, made.seconds, strict=True):
        names = _differing(before, now, same_machine)
        if names:
            told = ", ".join(f"{name} {before.get(name)} -> {now.get(name)}" for name in names)
            lines.append(f"second {before['t']}: {told}")
    return lines


def _differing(before: dict[str, Any], now: dict[str, Any], same_machine: bool) -> Sequence[str]:
    stages = {stage.value for stage in Stage}
    names = [name for name in before | now if same_machine or name not in stages]
    return [name for name in names if not _equal(before.get(name), now.get(name), same_machine)]


def _equal(before: Any, now: Any, same_machine: bool) -> bool:
    if same_machine or not (isinstance(before, float) and isinstance(now, float)):
        return bool(before == now)
    return abs(before - now) <= FIGURE_TOLERANCE * max(abs(before), abs(now), 1e-3)
