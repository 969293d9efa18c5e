"""Body landmarks in a region of the image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.perception.crop import crop_square, network_input
from exoactor_rt.perception.engine import Engine
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.heatmap import refine_with_heatmap
from exoactor_rt.perception.mirror_defect import MIRROR_DEFECT_M
from exoactor_rt.perception.region import Region, region_along
from exoactor_rt.types import FloatArray

BODY_LANDMARKS = 33
_CROP_SIDE = 256
_OUTPUT_LANDMARKS = 39
_HIP_CENTRE, _FULL_BODY = 33, 34
_REGION_SCALE = 1.25


@dataclass(frozen=True)
class BodyPose:
    """One person's body in one image.

    Attributes:
        landmarks_px: [33, 2] px in the image.
        landmarks_world: [33, 3] m, hip-centred, camera axes (x right, y down, z away).
        visibility: [33] 0..1.
        score: 0..1, a person is in the region.
        region: where the landmarks were looked for.
        next_region: around the person now, to look in next.
    """

    landmarks_px: FloatArray
    landmarks_world: FloatArray
    visibility: FloatArray
    score: float
    region: Region
    next_region: Region


class BodyEstimator:
    """BlazePose's landmark network.

    Source: MediaPipe, pose_landmark_by_roi_cpu and pose_landmarks_to_roi.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def estimate(self, image: RgbImage, region: Region) -> BodyPose:
        """Landmarks of the person in `region`; the score says whether there is one."""
        crop = crop_square(image, region, _CROP_SIDE)
        outputs = self._engine.run({"input": network_input(crop)})
        raw = outputs["landmarks"].reshape(_OUTPUT_LANDMARKS, 5).astype(np.float64)
        refined = refine_with_heatmap(raw[:, :2], outputs["heatmap"][0], _CROP_SIDE)
        points = region.to_image(refined, _CROP_SIDE)
        world = outputs["world"].reshape(_OUTPUT_LANDMARKS, 3).astype(np.float64)
        world = world[:BODY_LANDMARKS] - MIRROR_DEFECT_M
        world[:, :2] = world[:, :2] @ region.rotation_matrix().T
        visibility = 1.0 / (1.0 + np.exp(-np.clip(raw[:BODY_LANDMARKS, 3], -100.0, 100.0)))
        return BodyPose(
            landmarks_px=points[:BODY_LANDMARKS],
            landmarks_world=world,
            visibility=visibility,
            score=float(outputs["presence"][0, 0]),
            region=region,
            next_region=region_along(points[_HIP_CENTRE], points[_FULL_BODY]).scaled(_REGION_SCALE),
        )
