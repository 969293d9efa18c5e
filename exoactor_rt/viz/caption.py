"""Text on pictures, readable on any background."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_BOX_OPACITY = 0.55
_PADDING_PX = 5


def draw_caption(
    image: Image,
    text: str,
    lower_left_px: tuple[int, int],
    *,
    scale: float = 0.5,
    colour: tuple[int, int, int] = (255, 255, 255),
) -> None:
    """Writes a line of light text in a dark box into `image`, in place.

    Args:
        image: [height, width, 3] RGB.
        text: ASCII; OpenCV's fonts have no other characters.
        lower_left_px: where the text begins, on its base line.
        scale: of the font; 0.5 is about 11 px high.
        colour: RGB.
    """
    (width, height), below = cv2.getTextSize(text, _FONT, scale, 1)
    left, bottom = lower_left_px
    box = image[
        max(0, bottom - height - _PADDING_PX) : bottom + below + _PADDING_PX - 2,
        max(0, left - _PADDING_PX) : left + width + _PADDING_PX,
    ]
    box[:] = np.round(box * (1.0 - _BOX_OPACITY)).astype(np.uint8)
    cv2.putText(image, text, (left, bottom), _FONT, scale, colour, 1, cv2.LINE_AA)
