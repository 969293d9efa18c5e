"""What a control tick was made with, as its log keeps it, so that it can be made again."""

from __future__ import annotations

import json

import numpy as np

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.build_identity import build_id, machine_kind
from exoactor_rt.errors import LogError
from exoactor_rt.sim.portable_limits import LIMIT_FIELDS

LIMITS_ATTACHMENT = "guard_limits.json"
BUILD = "build"
"""Name in the metadata: of the compiled module that ran."""

MACHINE = "machine_kind"
"""Name in the metadata: of the machine that it ran on."""


def setup_metadata() -> dict[str, str]:
    """Which build runs here, on what kind of machine."""
    return {BUILD: build_id(), MACHINE: machine_kind()}


def plan_attachment(number: int) -> str:
    """Name of the plan file that was handed over as `number`, counted from 1."""
    return "plan.npz" if number == 1 else f"plan.{number}.npz"


def provenance_attachment(number: int) -> str:
    """Name of the JSON of what made that plan: name -> value, as the link told it."""
    return f"provenance.{number}.json"


def tracking_attachments(number: int) -> tuple[str, str]:
    """Names of the tracking that was handed over as `number`, and of what made it."""
    return f"tracking.{number}.npz", f"tracking_provenance.{number}.json"


def pack_limits(limits: GuardLimits) -> bytes:
    """Every limit of the guard by its name, bit for bit."""
    values = {name: np.asarray(getattr(limits, name)).tolist() for name in LIMIT_FIELDS}
    return json.dumps(values, indent=1).encode()


def unpack_limits(data: bytes) -> GuardLimits:
    """The limits that `pack_limits` wrote; what it does not name keeps its default.

    Raises:
        LogError: not such a file, or it names a limit that this build does not know.
    """
    limits = GuardLimits()
    try:
        values = dict(json.loads(data))
        for name, value in values.items():
            if name not in LIMIT_FIELDS:
                raise LogError(f"log: {LIMITS_ATTACHMENT}: no limit {name} in this build; not read")
            setattr(limits, name, np.array(value) if isinstance(value, list) else value)
    except (ValueError, TypeError) as error:
        raise LogError(f"log: {LIMITS_ATTACHMENT}: {error}; not read") from error
    return limits
