"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


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
