"""MuJoCo, an optional extra, imported when it is first needed."""

from __future__ import annotations

import importlib
from typing import Any

from exoactor_rt.errors import HardwareError


def load_mujoco() -> Any:
    """The `mujoco` module; raises HardwareError where it is not installed."""
    try:
        return importlib.import_module("mujoco")
    except ImportError as error:
        raise HardwareError(
            f"simulation: MuJoCo is not usable ({error}); no simulated robot; "
            "pip install 'exoactor_rt[sim]'"
        ) from error
