"""A person's motion as a stick figure, for runs that start from motion capture, not from a clip."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from exoactor_rt.types import KEYPOINTS, SEGMENTS, FloatArray, HumanMotion
from exoactor_rt.viz.overlay import LEFT_RGB, MIDDLE_RGB, RIGHT_RGB
from exoactor_rt.viz.robot_renderer import Camera, heading_rad

Image = npt.NDArray[np.uint8]

_BACKGROUND_RGB = (38, 41, 46)
_FLOOR_RGB = (66, 70, 78)
_FLOOR_SPACING_M = 0.5
_FLOOR_HALF_SIZE_M = 2.0
_VISIBLE_HEIGHTS = 1.35
_SIDE_BONES = (
    *(("neck", "shoulder"), ("shoulder", "elbow"), ("elbow", "wrist")),
    *(("pelvis", "hip"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "toe")),
)
_MIDDLE_BONES = (("pelvis", "chest"), ("chest", "neck"), ("neck", "head"))
_ONE_SIDED = ("neck", "pelvis")


def _bones() -> list[tuple[int, int, tuple[int, int, int]]]:
    bones = [(KEYPOINTS.index(a), KEYPOINTS.index(b), MIDDLE_RGB) for a, b in _MIDDLE_BONES]
    for side, colour in (("left", LEFT_RGB), ("right", RIGHT_RGB)):
        for first, second in _SIDE_BONES:
            names = [n if n in _ONE_SIDED else f"{side}_{n}" for n in (first, second)]
            bones.append((KEYPOINTS.index(names[0]), KEYPOINTS.index(names[1]), colour))
    return bones


class MotionPanel:
    """Draws frames of a HumanMotion from where the camera of the robot's pictures stands."""

    def __init__(self, motion: HumanMotion, width_px: int, height_px: int):
        """Fixes the direction of view by the person's heading in the first frame."""
        self._motion = motion
        self._size = (height_px, width_px, 3)
        self._scale = height_px / (_VISIBLE_HEIGHTS * motion.height_m)
        pelvis = motion.quat_world_segment_wxyz[0, SEGMENTS.index("pelvis")]
        camera = Camera()
        azimuth = camera.azimuth_rad + heading_rad(pelvis)
        sin_down, cos_down = np.sin(-camera.elevation_rad), np.cos(camera.elevation_rad)
        right = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0])
        away = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
        self._right, self._up = right, sin_down * away + np.array([0.0, 0.0, cos_down])
        self._bones = _bones()

    def at(self, reference_time_s: float) -> Image:
        """The figure at a time of the motion."""
        last = len(self._motion.keypoints_in_world) - 1
        frame = int(np.clip(round(reference_time_s * self._motion.rate_hz), 0, last))
        points = self._motion.keypoints_in_world[frame]
        image: Image = np.full(self._size, _BACKGROUND_RGB, dtype=np.uint8)
        centre = points[KEYPOINTS.index("pelvis")] * [1.0, 1.0, 0.0]
        centre[2] = 0.5 * self._motion.height_m
        self._draw_floor(image, centre)
        pixels = self._project(points, centre)
        width = max(3, self._size[0] // 120)
        for first, second, colour in self._bones:
            cv2.line(image, pixels[first], pixels[second], colour, width, cv2.LINE_AA)
        head = pixels[KEYPOINTS.index("head")]
        cv2.circle(image, head, round(0.09 * self._scale), MIDDLE_RGB, -1, cv2.LINE_AA)
        return image

    def _draw_floor(self, image: Image, centre: FloatArray) -> None:
        """Lines fixed in the world around the person, so that walking shows."""
        around = np.round(centre[:2] / _FLOOR_SPACING_M) * _FLOOR_SPACING_M
        for offset in np.arange(-_FLOOR_HALF_SIZE_M, _FLOOR_HALF_SIZE_M + 1e-9, _FLOOR_SPACING_M):
            for axis in (0, 1):
                ends = np.zeros((2, 3))
                ends[:, :2] = around
                ends[:, axis] += offset
                ends[:, 1 - axis] += (-_FLOOR_HALF_SIZE_M, _FLOOR_HALF_SIZE_M)
                first, second = self._project(ends, centre)
                cv2.line(image, first, second, _FLOOR_RGB, 1, cv2.LINE_AA)

    def _project(self, points: FloatArray, centre: FloatArray) -> list[tuple[int, int]]:
        x = self._size[1] / 2 + self._scale * (points - centre) @ self._right
        y = self._size[0] / 2 - self._scale * (points - centre) @ self._up
        return [(round(float(px)), round(float(py))) for px, py in zip(x, y, strict=True)]
