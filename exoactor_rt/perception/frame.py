"""What perception needs of a video frame."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

RgbImage = npt.NDArray[np.uint8]
"""[H, W, 3], red first."""


class Frame(Protocol):
    """A decoded frame with its own time."""

    @property
    def index(self) -> int:
        """Number of the frame in the clip, from 0."""

    @property
    def time_s(self) -> float:
        """Presentation time, s."""

    @property
    def rgb(self) -> RgbImage:
        """The image."""
