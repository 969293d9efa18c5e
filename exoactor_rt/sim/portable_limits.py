"""Guard limits that cross to another process: pickled field by field."""

from __future__ import annotations

import copyreg
from typing import Any

from exoactor_rt._core.safety import GuardLimits

LIMIT_FIELDS = tuple(
    name for name, member in vars(GuardLimits).items() if isinstance(member, property)
)
"""Every limit by name."""


def _restore(values: dict[str, Any]) -> GuardLimits:
    limits = GuardLimits()
    for name, value in values.items():
        setattr(limits, name, value)
    return limits


def _reduce(limits: GuardLimits) -> tuple[Any, ...]:
    return _restore, ({name: getattr(limits, name) for name in LIMIT_FIELDS},)


def make_limits_portable() -> None:
    """Lets `pickle` handle GuardLimits, which the C++ module does not."""
    copyreg.pickle(GuardLimits, _reduce)
