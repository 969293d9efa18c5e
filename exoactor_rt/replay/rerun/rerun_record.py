"""The outcome of a rerun as plain data."""

from __future__ import annotations

from typing import Any

from exoactor_rt.build_identity import build_id, machine_kind
from exoactor_rt.replay.rerun.rerun_run import Rerun

SCHEMA = "exoactor.rerun"
VERSION = 1


def rerun_record(found: Rerun) -> dict[str, Any]:
    """Log, builds, what was compared, and the first divergence, null when there is none."""
    run, first = found.run, found.first
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "log": run.name,
        "mode": found.mode.value,
        "ticks": len(run.ticks["now_ns"]),
        "columns": list(found.columns),
        "same": found.same,
        "differing_ticks": found.differing_ticks,
        "build": {"log": run.build, "now": build_id()},
        "machine": {"log": run.machine, "now": machine_kind()},
        "refusals": [{"tick": row, "reason": words} for row, words in found.refusals],
        "first": None
        if first is None
        else {
            "tick": first.tick,
            "time_s": first.time_s,
            "stage": first.stage.value,
            "where": first.where,
            "logged": repr(first.logged),
            "now": repr(first.now),
            "others": list(first.others),
        },
    }
