"""The clip's frames by time, with what perception saw drawn on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from exoactor_rt.types import PoseTrack
from exoactor_rt.viz.overlay import draw_pose

Image = npt.NDArray[np.uint8]
TimedFrame = tuple[float, Image]
"""Presentation time in s and [height, width, 3] RGB."""


def scaled_to_height(image: Image, height_px: int) -> Image:
    """The picture at a height, its proportions kept and its width made even."""
    width = max(2, 2 * round(image.shape[1] * height_px / image.shape[0] / 2))
    if image.shape[:2] == (height_px, width):
        return image
    smaller = height_px < image.shape[0]
    filtering = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height_px), interpolation=filtering), np.uint8)


class InputPanel:
    """Steps through a clip once, forward, holding one frame at a time."""

    def __init__(self, frames: Iterable[TimedFrame], track: PoseTrack | None, height_px: int):
        """Reads the first frame.

        Args:
            frames: the clip's frames, times rising.
            track: drawn on the frames when given; matched by time.
            height_px: of the panel.

        Raises:
            ValueError: the clip has no frame.
        """
        self._frames: Iterator[TimedFrame] = iter(frames)
        self._track = track
        self._height_px = height_px
        first = next(self._frames, None)
        if first is None:
            raise ValueError("clip for the video: no frames")
        self._current = first
        self._next = next(self._frames, None)
        self._drawn: Image | None = None

    def at(self, clip_time_s: float) -> Image:
        """The last frame not after `clip_time_s`; never goes back to an earlier one."""
        while self._next is not None and self._next[0] <= clip_time_s + 1e-6:
            self._current = self._next
            self._next = next(self._frames, None)
            self._drawn = None
        if self._drawn is None:
            self._drawn = self._draw()
        return self._drawn

    def _draw(self) -> Image:
        time_s, image = self._current
        panel = scaled_to_height(image, self._height_px)
        if self._track is None or len(self._track.times_s) == 0:
            return panel
        nearest = int(np.argmin(np.abs(self._track.times_s - time_s)))
        return draw_pose(panel, self._track, nearest)
