"""The supervisor that damps the robot when the process that drives it has ended in any way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exoactor_rt.dds.connection import DdsSettings
from exoactor_rt.dds.dds_import import load_dds


def damper_path() -> Path:
    """`exoactor-damp`, which is built with the DDS module; raises HardwareError without it."""
    return Path(load_dds().__file__).with_name("exoactor-damp")


def damped(command: Sequence[str], settings: DdsSettings, driven_record: Path) -> list[str]:
    """The same command under the damper.

    Args:
        command: what drives the robot.
        settings: where the robot is.
        driven_record: what the command is told by `--driven-record`.

    Raises:
        HardwareError: no DDS module here.
    """
    return [*_damper(settings, driven_record), "--", *command]


def after_stop(settings: DdsSettings, driven_record: Path) -> list[str]:
    """What sees to it, after the end of driver and damper, that the robot is damped."""
    return [*_damper(settings, driven_record), "--after-stop"]


def standby(settings: DdsSettings, driven_record: Path) -> list[str]:
    """What waits, as a service of its own, for driver and damper to die together; see `damped`."""
    return [*_damper(settings, driven_record), "--standby"]


def _damper(settings: DdsSettings, driven_record: Path) -> list[str]:
    words = [str(damper_path()), "--record", str(driven_record)]
    words += ["--domain", str(settings.domain), "--interface", settings.network_interface]
    for peer in settings.peers:
        words += ["--peer", peer]
    return words
