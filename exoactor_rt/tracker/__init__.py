"""Learned trackers: a policy described by a bundle, run on the CPU at its own rate."""

from exoactor_rt.tracker.bundle import PolicyBundle, load_bundle
from exoactor_rt.tracker.bundle_check import check_bundle, describe_speeds, find_gain_faults
from exoactor_rt.tracker.golden import check_golden
from exoactor_rt.tracker.learned_correction import (
    LearnedCorrection,
    describe_correction,
    learn_correction,
)
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.policy import Policy, load_policy
from exoactor_rt.tracker.reference_track import (
    ReferenceTrack,
    ReferenceWindow,
    blend_from,
    blend_to,
    track_reference,
)
from exoactor_rt.tracker.tracked_motion import TrackedMotion, lead_in_and_out
from exoactor_rt.tracker.tracking import Tracking, prepare_tracking
from exoactor_rt.tracker.tracking_file import is_tracking, parse_tracking, save_tracking

__all__ = [
    "LearnedCorrection",
    "Network",
    "Policy",
    "PolicyBundle",
    "ReferenceTrack",
    "ReferenceWindow",
    "TrackedMotion",
    "Tracking",
    "blend_from",
    "blend_to",
    "check_bundle",
    "check_golden",
    "describe_correction",
    "describe_speeds",
    "find_gain_faults",
    "is_tracking",
    "lead_in_and_out",
    "learn_correction",
    "load_bundle",
    "load_policy",
    "parse_tracking",
    "prepare_tracking",
    "save_tracking",
    "track_reference",
]
