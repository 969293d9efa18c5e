"""MuJoCo, an optional extra, imported when it is first needed."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from exoactor_rt.errors import HardwareError

_LOGGER = logging.getLogger(__name__)


def load_mujoco() -> Any:
    """The `mujoco` module, without its drawing, so that physics runs where nothing can be drawn.

    Its warnings go to this module's logger; by default MuJoCo would write them to a file in the
    working directory. A handler that somebody else has set stays.

    Raises:
        HardwareError: MuJoCo is not installed.
    """
    with _environment("MUJOCO_GL", "disable"):
        try:
            mujoco = importlib.import_module("mujoco")
        except ImportError as error:
            raise HardwareError(
                f"simulation: MuJoCo is not usable ({error}); no simulated robot; "
                "pip install 'exoactor_rt[sim]'"
            ) from error
    if mujoco.get_mju_user_warning() is None:
        mujoco.set_mju_user_warning(_log_warning)
    return mujoco


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


def _log_warning(text: str) -> None:
    _LOGGER.warning("MuJoCo: %s", text)
