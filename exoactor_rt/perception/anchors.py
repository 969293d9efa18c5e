"""The anchors of BlazePose's person detector."""

from __future__ import annotations

from functools import cache

import numpy as np

from exoactor_rt.types import FloatArray

DETECTOR_SIDE = 224
_ANCHORS_OF_STRIDE = {8: 2, 16: 2, 32: 6}


@cache
def detector_anchors() -> FloatArray:
    """Anchor centres [2254, 2] as fractions of the crop, in the network's order.

    Source: MediaPipe, SsdAnchorsCalculator with strides 8, 16, 32, 32, 32, two anchors a layer and
    fixed anchor size.
    """
    layers = []
    for stride, repeats in _ANCHORS_OF_STRIDE.items():
        cells = DETECTOR_SIDE // stride
        centres = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(centres, centres)
        layers.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    anchors = np.concatenate(layers)
    anchors.setflags(write=False)
    return anchors
