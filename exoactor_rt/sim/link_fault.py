"""Faults of a simulated robot and its link, and how they are written on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exoactor_rt._core import NUM_JOINTS
from exoactor_rt.errors import ConfigError

FAULT_DEFAULTS: dict[str, float] = {
    "drop": 0.3,
    "duplicate": 0.3,
    "reorder": 0.3,
    "corrupt": 0.3,
    "delay": 0.02,
    "command_drop": 0.3,
    "command_duplicate": 0.3,
    "command_reorder": 0.3,
    "command_corrupt": 0.3,
    "command_delay": 0.02,
    "freeze": 0.0,
    "imu_freeze": 0.0,
    "nan": 3.0,
    "motor_fault": 3.0,
    "hot_motor": 130.0,
    "low_battery": 10.0,
    "second_publisher": 0.0,
    "mode_machine": 4.0,
    "remote_abort": 0.0,
}
"""Kind -> value when none is told: a share of the messages, s for delays, a joint's index for
`nan` and `motor_fault`, Celsius, percent, a revision; without meaning for the others."""

_PATTERN = re.compile(r"(\w+)(?:=([\d.]+))?(?:@([\d.]+)(?:\+([\d.]+))?)?")
_LARGEST = {
    "nan": NUM_JOINTS - 1,
    "motor_fault": NUM_JOINTS - 1,
    "hot_motor": 300,
    "low_battery": 100,
    "mode_machine": 255,
    "delay": 0.4,
    "command_delay": 0.4,
}


@dataclass(frozen=True)
class LinkFault:
    """One fault and when it lasts.

    Attributes:
        kind: a key of FAULT_DEFAULTS; `command_*` befall commands, the others states.
        value: see FAULT_DEFAULTS.
        start_s: after the robot was first commanded; 0: from the very beginning.
        duration_s: how long.
    """

    kind: str
    value: float
    start_s: float = 0.0
    duration_s: float = float("inf")

    def is_on(self, time_s: float) -> bool:
        """Whether the fault is there, `time_s` after the first command."""
        return self.start_s <= time_s < self.start_s + self.duration_s


def parse_fault(text: str) -> LinkFault:
    """Reads KIND[=VALUE][@START[+DURATION]], e.g. `drop=0.2@3+0.5`.

    Raises:
        ConfigError: not of this form, an unknown kind, or a value that makes no sense.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ConfigError(f"fault {text!r}: must be KIND[=VALUE][@START[+DURATION]]; no simulation")
    kind, value, start, duration = match.groups()
    if kind not in FAULT_DEFAULTS:
        raise ConfigError(
            f"fault {text!r}: unknown, must be one of {', '.join(FAULT_DEFAULTS)}; no simulation"
        )
    try:
        fault = LinkFault(
            kind,
            FAULT_DEFAULTS[kind] if value is None else float(value),
            float(start or 0.0),
            float(duration or "inf"),
        )
    except ValueError as error:
        raise ConfigError(f"fault {text!r}: {error}; no simulation") from error
    largest = _LARGEST.get(kind, 1.0)
    if fault.value > largest:
        raise ConfigError(f"fault {text!r}: value {fault.value:g} > {largest:g}; no simulation")
    return fault
