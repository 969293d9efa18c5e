"""The robot and its floor as MuJoCo simulates them, compiled once a process."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_import import load_mujoco


def load_physics(*, shown: bool = False) -> Any:
    """A `mujoco.MjModel` of the caller's own.

    Args:
        shown: with what is only to look at.

    Raises:
        HardwareError: MuJoCo is not installed.
    """
    return copy.copy(_compiled(g1.scene_path() if shown else g1.physics_path()))


@lru_cache(maxsize=2)
def _compiled(path: Path) -> Any:
    return load_mujoco().MjModel.from_xml_path(str(path))
