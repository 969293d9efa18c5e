"""What a clip gives: its frames, and what is known of it before the first one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Frame:
    """One picture of a clip.

    Attributes:
        index: 0 for the first frame.
        time_s: the frame's own presentation time.
        rgb: [H, W, 3] upright, square pixels.
    """

    index: int
    time_s: float
    rgb: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class ClipInfo:
    """A clip whose container was read through and whose first frame was decoded.

    Attributes:
        path: the file.
        sha256: hash of the file's bytes.
        width: px, of the upright frame.
        height: px, of the upright frame.
        frame_count: frames that will be shown.
        duration_s: from the first frame's start to the last one's end.
        rate_hz: mean frame rate.
        codec: FFmpeg's name of the video codec.
    """

    path: Path
    sha256: str
    width: int
    height: int
    frame_count: int
    duration_s: float
    rate_hz: float
    codec: str
