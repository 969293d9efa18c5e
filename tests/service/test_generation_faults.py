"""Every misbehaviour of a server, in both dialects: the right outcome, never a partial file."""

import tempfile
from pathlib import Path

import pytest
from generation_cases import DIALECTS, WAVE, attempt, make_server, read_timing
from hypothesis import given, settings
from hypothesis import strategies as st

from exoactor_rt.demo import clip_path
from exoactor_rt.generation import ClipTiming, Image, Task
from exoactor_rt.testserver import Fault
from exoactor_rt.testserver.content import faster

TIMING = ClipTiming(frame_count=360, rate_hz=30.0, duration_s=12.0)

CLIP = clip_path().read_bytes()
PNG = Image(b"\x89PNG\r\n\x1a\n" + bytes(64), "image/png")

OVERCOME = {
    "rate-limit:3": 3,
    "unavailable:3": 3,
    "job-lost:2": 2,
    "not-ready:3": 3,
    "partial-file:2": 2,
    "reset:3": 3,
    "wrong-length:1": 1,
    "wrong-digest:2": 2,
    "redirect": 0,
}
"""Fault -> least number of waits that it costs."""

FATAL = {
    "unauthorized": "401",
    "forbidden": "403",
    "rate-limit": "429.*5 times in a row",
    "server-error": "500: server-error",
    "unavailable": "503.*5 times in a row",
    "slow-answer": "may have made the job",
    "no-json": "no job document",
    "unprocessable": r"422: num_frames: must be 4 k \+ 1",
    "submit-reset": "may have made the job",
    "stuck": "still queued after 1800 s; cancelled",
    "job-failed": "failed: CUDA out of memory",
    "job-lost": "not known there",
    "unknown-status": "'dreaming'; known: queued",
    "not-ready": "404",
    "content-failed": "422: the job failed: its file cannot be read",
    "partial-file": "not whole: it is cut: box",
    "reset": "the connection broke",
    "wrong-length": "the connection broke|shorter than what was there",
    "wrong-digest": "sha256 .*, announced",
    "drip": "bytes in 0.5 s, and not all",
    "huge": "> 2000000 allowed",
    "wrong-fps": "motion 1.50 times as fast",
}
JOB_STAYS = {"rate-limit", "unavailable", "not-ready", "partial-file", "reset", "wrong-length"}
JOB_STAYS |= {"wrong-digest", "drip", "unknown-status"}
"""Faults after which the job may still be good, so that its record is kept for another try."""


def test_every_fault_of_the_test_server_is_tried():
    tried = {name.partition(":")[0] for name in (*OVERCOME, *FATAL)}
    elsewhere = {Fault.CANCEL_BUSY.value, Fault.CHANGING_FILE.value}
    assert tried | elsewhere == {fault.value for fault in Fault}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fault", OVERCOME)
def test_passing_trouble_is_overcome(tmp_path, dialect, fault):
    done = attempt(make_server(dialect, fault), tmp_path)
    assert done.error is None
    (clip,) = done.generated.clips
    assert clip.path.read_bytes() == CLIP
    assert done.left == {"clip.mp4", "clip.json"}
    assert len(done.clock.waited_s) >= OVERCOME[fault]
    assert len(done.server.table.jobs) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fault", FATAL)
def test_lasting_trouble_ends_in_one_line_and_no_clip(tmp_path, dialect, fault):
    limits = {"request_s": 0.3} if fault == "slow-answer" else {}
    limits |= {"download_s": 0.5} if fault == "drip" else {}
    inspect = read_timing if fault == "wrong-fps" else None
    done = attempt(make_server(dialect, fault), tmp_path, inspect=inspect, limits=limits)
    assert done.generated is None
    with pytest.raises(type(done.error), match=FATAL[fault]):
        raise done.error
    assert "\n" not in str(done.error)
    assert not done.left & {"clip.mp4", "clip.json"}
    if fault not in JOB_STAYS:
        assert done.left == set()
    assert len(done.server.table.jobs) <= 1


COUNTED = [fault.value for fault in Fault if fault is not Fault.DRIP]
FAULTS = st.lists(st.tuples(st.sampled_from(COUNTED), st.integers(1, 3)), max_size=4)


@settings(max_examples=40)
@given(faults=FAULTS, dialect=st.sampled_from(DIALECTS))
def test_whatever_goes_wrong_there_is_a_whole_clip_or_none(faults, dialect):
    names = {name: f"{name}:{times}" for name, times in faults}
    server = make_server(dialect, *names.values())
    with tempfile.TemporaryDirectory() as folder:
        done = attempt(server, Path(folder), inspect=lambda path: TIMING, limits={"request_s": 0.3})
        if done.error is not None:
            assert names and not done.left & {"clip.mp4", "clip.json"}
            return
        assert done.left == {"clip.mp4", "clip.json"}
        content = (Path(folder) / "clip.mp4").read_bytes()
    allowed = [CLIP, faster(CLIP, 1.5)] if "wrong-fps" in names else [CLIP]
    if "changing-file" in names:
        content = content[: len(CLIP)]
    assert content in allowed
    assert len(server.table.jobs) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_job_that_nobody_can_vouch_for_is_not_submitted_twice(tmp_path, dialect):
    done = attempt(make_server(dialect, "submit-reset:1"), tmp_path)
    assert done.posts == len(done.server.table.jobs) == 1
    assert "may have made the job" in str(done.error)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stuck_job_is_cancelled_at_the_server(tmp_path, dialect):
    done = attempt(make_server(dialect, "stuck"), tmp_path)
    assert len(done.server.table.cancelled) == 1
    assert sum(done.clock.waited_s) == pytest.approx(1800.0, rel=0.01)
    assert max(done.clock.waited_s) <= 10.0


def test_a_servers_wish_to_wait_is_honoured(tmp_path):
    done = attempt(make_server("vllm_omni", "rate-limit:1"), tmp_path)
    assert done.clock.waited_s[0] == 1.0


def test_a_break_is_resumed_where_it_was(tmp_path):
    done = attempt(make_server("vllm_omni", "reset:2"), tmp_path)
    content = [call for call in done.server.calls if call.path.endswith("/content")]
    assert [call.ranged for call in content] == [False, True, True]
    assert done.generated.clips[0].provenance.download_requests == 3


def test_a_file_that_changed_is_fetched_anew(tmp_path):
    done = attempt(make_server("vllm_omni", "reset:1", "changing-file"), tmp_path)
    assert done.generated.clips[0].provenance.download_requests == 2
    content = done.generated.clips[0].path.read_bytes()
    assert content[: len(CLIP)] == CLIP and len(content) == len(CLIP) + 12


def test_a_form_of_sglang_drops_the_seed_and_the_provenance_says_so(tmp_path):
    done = attempt(make_server("sglang"), tmp_path, Task("wave", scene=PNG), seed=7)
    (job,) = done.server.table.jobs.values()
    assert job.seed is None
    assert any(
        "seed 7 may not have been used" in n for n in done.generated.clips[0].provenance.notes
    )


@pytest.mark.parametrize(("dialect", "task"), [("vllm_omni", Task("wave", PNG)), ("sglang", WAVE)])
def test_elsewhere_the_seed_arrives(tmp_path, dialect, task):
    done = attempt(make_server(dialect), tmp_path, task, seed=7)
    assert [job.seed for job in done.server.table.jobs.values()] == [7]
