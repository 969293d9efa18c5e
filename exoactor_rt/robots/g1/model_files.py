"""Where the robot's MJCF files are."""

from importlib.resources import files
from pathlib import Path

_PACKAGE = "exoactor_rt.robots.g1"


def model_path() -> Path:
    """The robot alone: no floor, no light. What Pinocchio reads."""
    return Path(str(files(_PACKAGE) / "g1.xml"))


def scene_path() -> Path:
    """The robot on a floor with a light, 1 ms steps. What MuJoCo renders."""
    return Path(str(files(_PACKAGE) / "g1_scene.xml"))


def physics_path() -> Path:
    """The scene without what is only to look at. What MuJoCo simulates where nobody looks."""
    return Path(str(files(_PACKAGE) / "g1_physics.xml"))
