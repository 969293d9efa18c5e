"""What a run says of where its input came from."""

import hashlib

import msgspec
import pytest

from exoactor_rt.environment import describe_environment
from exoactor_rt.generation import Provenance

CLIP = b"a clip"
MADE = Provenance(
    made_at="2026-01-01T00:00:00+00:00",
    instruction="wave",
    prompt="A person waves.",
    dialect="vllm_omni",
    server="https://videos.example:8000",
    model="wan",
    job_id="job-1",
    seed=7,
    video_sha256=hashlib.sha256(CLIP).hexdigest(),
    video_bytes=len(CLIP),
)


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(CLIP)
    return path


def test_a_generated_clip_is_described_by_what_made_it(clip):
    clip.with_suffix(".json").write_bytes(msgspec.json.encode(MADE))
    described = describe_environment(clip)
    assert described["input sha256"] == MADE.video_sha256
    assert described["instruction"] == "wave"
    assert described["prompt"] == "A person waves."
    assert described["video seed"] == "7"
    assert described["video model"] == "wan"
    assert described["video server"] == "vllm_omni https://videos.example:8000"
    assert described["video job"] == "job-1"
    assert "scene sha256" not in described


@pytest.mark.parametrize(
    "beside",
    [
        None,
        b"{}",
        b"\xff",
        msgspec.json.encode(msgspec.structs.replace(MADE, video_sha256="0" * 64)),
    ],
)
def test_a_file_that_is_not_of_this_clip_says_nothing_of_it(clip, beside):
    if beside is not None:
        clip.with_suffix(".json").write_bytes(beside)
    described = describe_environment(clip)
    assert not {"instruction", "prompt", "video seed"} & set(described)
