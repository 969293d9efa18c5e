"""Cutting a region out of an image as a network's input."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.region import Region


def crop_square(image: RgbImage, region: Region, crop_side: int) -> RgbImage:
    """Resamples a region to [crop_side, crop_side, 3]; black outside the image."""
    affine = region.image_from_crop(crop_side)
    # cv2 counts pixel centres as integers.
    affine[:, 2] += affine[:, :2].sum(axis=1) * 0.5 - 0.5
    cropped = cv2.warpAffine(
        image,
        affine,
        (crop_side, crop_side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0),
    )
    return np.asarray(cropped, np.uint8)


def network_input(
    cropped: RgbImage, low: float = 0.0, high: float = 1.0
) -> npt.NDArray[np.float32]:
    """Turns a crop into [1, 3, H, W] with values from `low` to `high`."""
    planes = cropped.transpose(2, 0, 1)[None]
    values = np.multiply(planes, np.float32((high - low) / 255.0), dtype=np.float32)
    values += np.float32(low)
    return np.ascontiguousarray(values)
