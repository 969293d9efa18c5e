"""Frames of a clip -> PoseTrack: person detector, region tracking, body and both hands."""

from exoactor_rt.perception.engine import Engine, OnnxEngine
from exoactor_rt.perception.estimate import estimate_poses
from exoactor_rt.perception.frame import Frame
from exoactor_rt.perception.models import PoseModels, load_models
from exoactor_rt.perception.track_file import load_track, save_track

__all__ = [
    "Engine",
    "Frame",
    "OnnxEngine",
    "PoseModels",
    "estimate_poses",
    "load_models",
    "load_track",
    "save_track",
]
