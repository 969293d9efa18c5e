"""Learned trackers: a policy described by a bundle, run on the CPU at its own rate."""

from exoactor_rt.tracker.bundle import PolicyBundle, load_bundle
from exoactor_rt.tracker.bundle_check import check_bundle, find_gain_faults
from exoactor_rt.tracker.golden import check_golden
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.policy import Policy, load_policy
from exoactor_rt.tracker.reference_track import (
    ReferenceTrack,
    ReferenceWindow,
    blend_from,
    track_reference,
)

__all__ = [
    "Network",
    "Policy",
    "PolicyBundle",
    "ReferenceTrack",
    "ReferenceWindow",
    "blend_from",
    "check_bundle",
    "check_golden",
    "find_gain_faults",
    "load_bundle",
    "load_policy",
    "track_reference",
]
