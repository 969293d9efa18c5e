"""MuJoCo, an optional extra, imported when it is first needed."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from exoactor_rt.errors import HardwareError


def load_mujoco() -> Any:
    """The `mujoco` module, without its drawing, so that physics runs where nothing can be drawn.

    Raises:
        HardwareError: MuJoCo is not installed.
    """
    with _environment("MUJOCO_GL", "disable"):
        try:
            return importlib.import_module("mujoco")
        except ImportError as error:
            raise HardwareError(
                f"simulation: MuJoCo is not usable ({error}); no simulated robot; "
                "pip install 'exoactor_rt[sim]'"
            ) from error


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
