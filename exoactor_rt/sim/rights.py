"""What the system granted a control loop, and what a real robot is not driven without."""

from __future__ import annotations

from exoactor_rt._core.runtime import LoopRights
from exoactor_rt.errors import HardwareError


def refusals(rights: LoopRights) -> list[str]:
    """What was asked for and refused, a line each."""
    return [*_needed(rights), *filter(None, (rights.awake_refusal,))]


def require_rights(rights: LoopRights) -> None:
    """Raises HardwareError where scheduler, memory or processor was refused."""
    refused = _needed(rights)
    if refused:
        raise HardwareError(
            f"control loop: {'; '.join(refused)}; a real robot is not driven so; grant the rights "
            "(docs/robot.md), or say --without-real-time-rights"
        )


def _needed(rights: LoopRights) -> list[str]:
    asked = (rights.scheduler_refusal, rights.memory_refusal, rights.cpu_refusal)
    return [refusal for refusal in asked if refusal]
