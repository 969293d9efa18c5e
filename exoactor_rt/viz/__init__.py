"""Pictures and videos: pose overlays, the robot, and all side by side."""

from exoactor_rt.viz.meshes import pull_meshes
from exoactor_rt.viz.overlay import draw_pose
from exoactor_rt.viz.robot_renderer import Camera, FootMarker, RobotRenderer
from exoactor_rt.viz.side_by_side import Footage, draw_pictures, write_pictures, write_video

__all__ = [
    "Camera",
    "FootMarker",
    "Footage",
    "RobotRenderer",
    "draw_pictures",
    "draw_pose",
    "pull_meshes",
    "write_pictures",
    "write_video",
]
