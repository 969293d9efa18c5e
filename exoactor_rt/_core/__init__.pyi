"""
The C++ rooms of exoactor_rt.
"""

from __future__ import annotations
from . import types
from . import model
from . import retarget
from . import planning
from . import estimation
from . import control
from . import safety
from . import hal
from . import wire
from . import runtime
from . import sim

__all__: list[str] = [
    "NUM_JOINTS",
    "control",
    "estimation",
    "hal",
    "model",
    "planning",
    "retarget",
    "runtime",
    "safety",
    "sim",
    "types",
    "wire",
]
NUM_JOINTS: int = 29
