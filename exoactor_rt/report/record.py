"""The report's data as canonical JSON: sorted keys, rounded numbers, no pictures."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from exoactor_rt.execution import Execution
from exoactor_rt.report.execution_plots import joint_errors
from exoactor_rt.report.margins import execution_margins
from exoactor_rt.report.summary import RunSummary

_SIGNIFICANT_DIGITS = 6
_SERIES_RATE_HZ = 20.0
_SCHEMA = 1


def _plain(value: Any) -> Any:
    """JSON values only; numbers that are not finite become null."""
    plain = value
    if isinstance(value, dict):
        plain = {str(key): _plain(item) for key, item in value.items()}
    elif isinstance(value, np.ndarray):
        plain = _plain(value.tolist())
    elif isinstance(value, list | tuple):
        plain = [_plain(item) for item in value]
    elif isinstance(value, np.generic):
        plain = _plain(value.item())
    elif isinstance(value, float):
        finite = math.isfinite(value)
        plain = float(f"{value:.{_SIGNIFICANT_DIGITS}g}") if finite else None
    return plain


def _execution(execution: Execution) -> dict[str, Any]:
    times = np.arange(0.0, execution.duration_s + 1e-9, 1.0 / _SERIES_RATE_HZ)
    start_s = float(execution.times_s[0])
    thinned = execution.take([execution.sample_at(start_s + float(time_s)) for time_s in times])
    series = {
        entry.name: value
        for entry in fields(thinned)
        if isinstance(value := getattr(thinned, entry.name), np.ndarray)
    }
    record: dict[str, Any] = {
        "duration_s": execution.duration_s,
        "fallen": execution.fallen,
        "fall_reason": execution.fall_reason,
        "steps_planned": execution.steps_planned,
        "steps_executed": execution.steps_executed,
        "joint_errors": [
            {"joint": name, "rms_rad": rms, "largest_rad": largest}
            for name, rms, largest in joint_errors(execution)
        ],
        "series": series,
    }
    if execution.tick_us is not None and len(execution.tick_us):
        p50, p99, p999, largest = np.percentile(execution.tick_us, (50, 99, 99.9, 100))
        record["tick_us"] = {"p50": p50, "p99": p99, "p99.9": p999, "largest": largest}
    return record


def to_json(run: RunSummary) -> str:
    """The run as JSON text; series are thinned to 20 Hz. Equal runs give equal text."""
    margins = run.margins
    if not margins and run.execution is not None:
        margins = execution_margins(run.execution)
    record = {
        "schema": _SCHEMA,
        "title": run.title,
        "verdict": asdict(run.verdict),
        "figures": asdict(run.figures) if run.figures is not None else None,
        "clip": asdict(run.clip),
        "stage_times_s": run.stage_times_s,
        "plan": asdict(run.plan) if run.plan is not None else None,
        "execution": _execution(run.execution) if run.execution is not None else None,
        "robot": run.robot,
        "margins": [asdict(margin) for margin in margins],
        "notes": run.notes,
        "ranking": run.ranking,
        "environment": run.environment,
        "files": run.files,
    }
    text = json.dumps(_plain(record), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text + "\n"
