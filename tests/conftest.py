"""Fixtures shared by all tests."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from exoactor_rt.perception import estimate_poses
from exoactor_rt.types import PoseTrack
from exoactor_rt.video import open_clip

REPOSITORY = Path(__file__).resolve().parents[1]

settings.register_profile("fixed_seed", derandomize=True, deadline=None)
settings.load_profile("fixed_seed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of test videos, motions and policies beside the checkout."""
    folder = Path(os.environ.get("EXOACTOR_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"shared test data not found at {folder}")
    return folder


@pytest.fixture(scope="session")
def pulled_models() -> None:
    """The pose models are in the cache; `exoactor models pull` puts them there."""
    from exoactor_rt.assets import list_models  # noqa: PLC0415

    missing = [status.name for status in list_models() if status.problem]
    if missing:
        pytest.skip(f"models not pulled: {', '.join(missing)}")


@pytest.fixture(scope="session")
def observed_track(pulled_models: None) -> Callable[[Path], PoseTrack]:
    """What perception sees in a clip; every clip is looked at once a session."""

    @cache
    def observe(path: Path) -> PoseTrack:
        with open_clip(path) as clip:
            return estimate_poses(clip, (clip.info.width, clip.info.height))

    return observe
