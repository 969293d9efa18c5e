"""exoactor_rt: a video of a person becomes motion that a Unitree G1 executes."""

import importlib
from typing import Any

__all__ = ["AsyncClient", "Client"]


def __getattr__(name: str) -> Any:
    """Clients of the service, imported when they are asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("exoactor_rt.client"), name)
