"""Descriptions that other projects give of their policies, made PolicyBundles."""

from exoactor_rt.tracker.loaders.beyondmimic import load_beyondmimic
from exoactor_rt.tracker.loaders.guess import FORMATS, describe_network
from exoactor_rt.tracker.loaders.holosoma import load_holosoma
from exoactor_rt.tracker.loaders.origin import Origin
from exoactor_rt.tracker.loaders.twist2 import load_twist2
from exoactor_rt.tracker.loaders.unitree_rl_lab import load_unitree_rl_lab

__all__ = [
    "FORMATS",
    "Origin",
    "describe_network",
    "load_beyondmimic",
    "load_holosoma",
    "load_twist2",
    "load_unitree_rl_lab",
]
