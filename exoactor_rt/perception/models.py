"""The four networks of the pose pipeline, loaded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.assets import list_models, model_path
from exoactor_rt.perception.engine import Engine, OnnxEngine

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class PoseModels:
    """The engines of the pose pipeline; inputs and outputs as in the assets' manifest."""

    detector: Engine
    body: Engine
    hand: Engine
    hand_recrop: Engine


def load_models(engine: Callable[[Path], Engine] = OnnxEngine) -> PoseModels:
    """Loads the installed models.

    Args:
        engine: Makes an engine of an ONNX file.

    Raises:
        AssetError: The models are not installed.
        PerceptionError: A model cannot be loaded.
    """
    for status in list_models():
        if status.degraded and status.name == "pose_landmark":
            _LOGGER.warning("models source=%s degraded=%s", status.source, status.degraded)
    return PoseModels(
        detector=engine(model_path("pose_detection")),
        body=engine(model_path("pose_landmark")),
        hand=engine(model_path("hand_landmark")),
        hand_recrop=engine(model_path("hand_recrop")),
    )
