"""What perception saw, drawn on the picture it saw it in."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from exoactor_rt.types import FloatArray, PoseTrack
from exoactor_rt.viz.caption import draw_caption

Image = npt.NDArray[np.uint8]

LEFT_RGB = (255, 140, 40)
RIGHT_RGB = (40, 150, 255)
MIDDLE_RGB = (235, 235, 235)

_NOSE = 0
_BODY_BONES = (
    *((11, 12), (23, 24), (11, 23), (12, 24)),
    *((11, 13), (13, 15), (12, 14), (14, 16)),
    *((23, 25), (25, 27), (27, 29), (29, 31), (27, 31)),
    *((24, 26), (26, 28), (28, 30), (30, 32), (28, 32)),
)
_BODY_POINTS = (_NOSE, *range(11, 17), *range(23, 33))
_HAND_BONES = tuple(
    (0 if joint == 0 else 4 * finger + joint, 4 * finger + joint + 1)
    for finger in range(5)
    for joint in range(4)
)
_DRAWN_CONFIDENCE = 0.05


def _side_colour(landmark: int) -> tuple[int, int, int]:
    """BlazePose numbers the left side oddly, the right side evenly."""
    if landmark == _NOSE:
        return MIDDLE_RGB
    return LEFT_RGB if landmark % 2 else RIGHT_RGB


def _faded(colour: tuple[int, int, int], confidence: float) -> tuple[int, int, int]:
    """Towards dark grey as confidence falls."""
    weight = float(np.clip(confidence, 0.15, 1.0))
    red, green, blue = (int(weight * channel + (1.0 - weight) * 60) for channel in colour)
    return red, green, blue


def _bone_colour(first: int, second: int) -> tuple[int, int, int]:
    same_side = first % 2 == second % 2
    return _side_colour(first) if same_side else MIDDLE_RGB


def _draw_body(image: Image, points_px: FloatArray, visibility: FloatArray, width: int) -> None:
    for first, second in _BODY_BONES:
        confidence = float(min(visibility[first], visibility[second]))
        _draw_bone(
            image,
            points_px[first],
            points_px[second],
            colour=_faded(_bone_colour(first, second), confidence),
            width=width if confidence > 0.5 else 1,
            confidence=confidence,
        )
    for index in _BODY_POINTS:
        if visibility[index] > _DRAWN_CONFIDENCE and np.isfinite(points_px[index]).all():
            colour = _faded(_side_colour(index), float(visibility[index]))
            cv2.circle(image, _pixel(points_px[index]), width + 1, colour, -1, cv2.LINE_AA)


def _draw_hand(image: Image, points_px: FloatArray, score: float, side: int, width: int) -> None:
    colour = _faded((LEFT_RGB, RIGHT_RGB)[side], score)
    for first, second in _HAND_BONES:
        _draw_bone(
            image,
            points_px[first],
            points_px[second],
            colour=colour,
            width=max(1, width // 2),
            confidence=score,
        )


def _draw_bone(
    image: Image,
    first_px: FloatArray,
    second_px: FloatArray,
    *,
    colour: tuple[int, int, int],
    width: int,
    confidence: float,
) -> None:
    if confidence > _DRAWN_CONFIDENCE and np.isfinite([first_px, second_px]).all():
        cv2.line(image, _pixel(first_px), _pixel(second_px), colour, width, cv2.LINE_AA)


def _pixel(point_px: FloatArray) -> tuple[int, int]:
    bounded = np.clip(point_px, -20000, 20000)
    return round(float(bounded[0])), round(float(bounded[1]))


def draw_pose(image: Image, track: PoseTrack, frame: int, caption: str = "") -> Image:
    """Draws a frame's body and hands: left orange, right blue, darker and thinner when unsure.

    Args:
        image: [height, width, 3] RGB, the frame itself; any size, the track's pixels are scaled.
        track: what perception saw.
        frame: index into the track.
        caption: shown in the lower left corner.

    Returns:
        A new picture of the same size.
    """
    drawn: Image = np.array(image, dtype=np.uint8, order="C")
    height, width = drawn.shape[:2]
    scale = np.array([width / track.image_size[0], height / track.image_size[1]])
    line_width = max(2, round(height / 240))
    if track.valid[frame]:
        _draw_body(drawn, track.landmarks_px[frame] * scale, track.visibility[frame], line_width)
        for side in (0, 1):
            score = float(np.nan_to_num(track.hand_score[frame, side]))
            _draw_hand(drawn, track.hand_px[frame, side] * scale, score, side, line_width)
    else:
        caption = f"{caption}  no person" if caption else "no person"
    if caption:
        draw_caption(drawn, caption, (8, height - 10), scale=max(0.5, height / 1400))
    return drawn
