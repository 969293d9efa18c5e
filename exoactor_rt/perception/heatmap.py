"""Refining landmarks with the network's heatmaps."""

from __future__ import annotations

import numpy as np

from exoactor_rt.perception.engine import Float32Array
from exoactor_rt.types import FloatArray

_WINDOW = 7
_MIN_CONFIDENCE = 0.5


def refine_with_heatmap(points: FloatArray, heatmap: Float32Array, crop_side: int) -> FloatArray:
    """Moves each landmark to the centre of confidence around it, where that is confident.

    Source: MediaPipe, RefineLandmarksFromHeatmapCalculator with kernel 7 and confidence 0.5.

    Args:
        points: [N, 2] px in a crop of `crop_side` px.
        heatmap: [h, w, N] logits over the crop.
        crop_side: px.

    Returns:
        [N, 2] px.
    """
    height, width, count = heatmap.shape
    to_crop = crop_side / np.array([width, height], np.float64)
    cell = np.floor(points / to_crop).astype(np.int64)
    inside = ((cell >= 0) & (cell < (width, height))).all(axis=1)
    offsets = np.arange(_WINDOW) - _WINDOW // 2
    columns = cell[:, 0, None, None] + offsets[None, None, :]
    rows = cell[:, 1, None, None] + offsets[None, :, None]
    present = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    logits = heatmap[
        np.clip(rows, 0, height - 1),
        np.clip(columns, 0, width - 1),
        np.arange(count)[:, None, None],
    ]
    confidence = 1.0 / (1.0 + np.exp(-np.clip(logits.astype(np.float64), -100.0, 100.0)))
    confidence *= present
    sure = inside & (confidence.max(axis=(1, 2)) >= _MIN_CONFIDENCE)
    total = confidence.sum(axis=(1, 2))
    total[~sure] = 1.0
    centre = np.stack(
        [
            (confidence * columns).sum(axis=(1, 2)) / total,
            (confidence * rows).sum(axis=(1, 2)) / total,
        ],
        axis=1,
    )
    return np.where(sure[:, None], centre * to_crop, points)
