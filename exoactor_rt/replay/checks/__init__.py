"""The checks, in the order in which they explain one another: data, time, joints, body, robot."""

from dataclasses import replace

from exoactor_rt.replay.checks import (
    balance,
    body,
    command,
    dynamics,
    hardware,
    integrity,
    joints,
    timing,
)
from exoactor_rt.replay.checks.check import Check, Curve, Finding, run_check
from exoactor_rt.replay.checks.evidence import Evidence

FAMILIES = {
    "integrity": integrity.CHECKS,
    "timing": timing.CHECKS,
    "joints": joints.CHECKS,
    "body": body.CHECKS,
    "balance": balance.CHECKS,
    "dynamics": dynamics.CHECKS,
    "command": command.CHECKS,
    "hardware": hardware.CHECKS,
}

ALL_CHECKS = tuple(
    replace(check, family=family) for family, checks in FAMILIES.items() for check in checks
)

__all__ = ["ALL_CHECKS", "FAMILIES", "Check", "Curve", "Evidence", "Finding", "run_check"]
