"""Headings of pelvis and torso over standing feet: what is the network's, what the person's.

How deep the network sees one hip or shoulder behind the other errs by centimetres that stay the
same through a clip, which turns pelvis and torso by several degrees against the feet. Over the time
that both feet stand, people's trunks face where their feet point; the median turn is therefore
shared between that error and a posture meant so, by their variances.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.motion.rotation import mean_rotation
from exoactor_rt.types import BoolArray, FloatArray

NETWORK_DEVIATION_RAD = np.radians(8.0)
POSTURE_DEVIATION_RAD = np.radians(5.0)
POSTURE_DEVIATION_OF_A_SECOND_RAD = np.radians(10.0)
FEET_DEVIATION_RAD = np.radians(4.0)
MEANT_SO_RAD = np.radians(45.0)
"""A turn from here on is a posture; nothing of it is removed."""


def heading_error(trunk: FloatArray, feet: FloatArray, contact: BoolArray, rate_hz: float) -> float:
    """The part of a trunk segment's turn against the standing feet that is taken as an error.

    Mean of the posterior of two normal distributions, by Tukey's biweight less for large turns. A
    short time of standing says less: its posture is more by chance. Turns that last less than half
    of the time leave the median where it is.

    Args:
        trunk: [T, 3, 3] pelvis or torso into world.
        feet: [T, 2, 3, 3] left and right foot into world.
        contact: [T, 2].
        rate_hz: frames a second.

    Returns:
        rad about the vertical; 0 where the feet never stand together.
    """
    both = contact.all(axis=1)
    if not both.any():
        return 0.0
    between = np.stack([mean_rotation(pair) for pair in feet[both]])
    turn = _heading(np.swapaxes(between, 1, 2) @ trunk[both])
    middle = float(np.median(turn))
    duration_s = both.sum() / rate_hz
    posture = POSTURE_DEVIATION_RAD**2 + POSTURE_DEVIATION_OF_A_SECOND_RAD**2 / duration_s
    share = NETWORK_DEVIATION_RAD**2 / (NETWORK_DEVIATION_RAD**2 + posture + FEET_DEVIATION_RAD**2)
    trust = max(0.0, 1.0 - (middle / MEANT_SO_RAD) ** 2) ** 2
    return float(share * trust * middle)


def turned_back(trunk: FloatArray, error_rad: float) -> FloatArray:
    """Attitudes [T, 3, 3] turned by -error_rad about the vertical."""
    turned: FloatArray = Rotation.from_euler("z", -error_rad).as_matrix() @ trunk
    return turned


def _heading(attitudes: FloatArray) -> FloatArray:
    heading: FloatArray = np.arctan2(attitudes[:, 1, 0], attitudes[:, 0, 0])
    return heading
