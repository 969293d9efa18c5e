"""A clip's frames, small and few enough to be held, found by time."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from exoactor_rt.types import FloatArray
from exoactor_rt.video import open_clip

Image = npt.NDArray[np.uint8]

WIDTH_PX = 400
RATE_HZ = 10.0


class ClipFrames:
    """Frames of a clip at RATE_HZ at most, WIDTH_PX wide at most.

    Attributes:
        times_s: [K] s of the clip.
        images: [K] rgb.
    """

    def __init__(self, path: Path):
        """Decodes it; raises VideoError where that cannot be done."""
        times: list[float] = []
        self.images: list[Image] = []
        with open_clip(path) as clip:
            for frame in clip:
                if times and frame.time_s < times[-1] + 1.0 / RATE_HZ - 1e-6:
                    continue
                times.append(frame.time_s)
                self.images.append(_small(frame.rgb))
        self.times_s: FloatArray = np.array(times)

    def at(self, time_s: float) -> Image:
        """The frame shown at a time of the clip: the last not after it."""
        row = int(np.searchsorted(self.times_s, time_s + 1e-9, side="right")) - 1
        return self.images[max(row, 0)]


def _small(rgb: Image) -> Image:
    height, width = rgb.shape[:2]
    if width <= WIDTH_PX:
        return rgb
    size = (WIDTH_PX, round(height * WIDTH_PX / width))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
