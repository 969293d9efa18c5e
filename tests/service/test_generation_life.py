"""The life of a job: cancelled at the server, left there, taken up again, killed in the middle."""

import asyncio
import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from generation_cases import (
    DIALECTS,
    WAVE,
    Attempt,
    QuickClock,
    ServerThread,
    attempt,
    make_config,
    make_server,
    running_again,
)

from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ConfigError, GenerationError
from exoactor_rt.generation import Clock, Generator, Task
from exoactor_rt.testserver import running

CLIP = clip_path().read_bytes()


@pytest.fixture(scope="module", autouse=True)
def clip_looked_at(tmp_path_factory):
    """A process's first look at the clip may outlast the tests' `request_s` on a busy machine."""
    folder = tmp_path_factory.mktemp("clip")
    assert attempt(make_server("vllm_omni"), folder, limits={"request_s": 30.0}).generated


def known_jobs(folder):
    """Number of records that name their job."""
    records = [json.loads(path.read_bytes()) for path in folder.glob("job-*.json")]
    return sum(bool(record["job_id"]) for record in records)


async def until(condition, limit_s=20.0):
    """Waits for a condition that another task makes true."""
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it did not come true"
        await asyncio.sleep(0.01)


def cancel_in_the_middle(server, folder, *, when, detach=False, inspect=None, **config):
    """Cancels a run as soon as `when()` holds."""

    async def go():
        async with running_again(server) as address:
            settings = make_config(dialect=server.dialect, video={"url": address}, **config)
            generator = Generator(settings, inspect=inspect, clock=Clock())
            work = asyncio.ensure_future(generator.run(WAVE, folder))
            await until(when)
            if detach:
                generator.detach()
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait_for(work, 20.0)
            assert work.cancelled()

    asyncio.run(go())
    return Attempt(server, folder)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_cancellation_reaches_the_server_for_every_candidate(tmp_path, dialect):
    server = make_server(dialect, render_s=60.0)
    done = cancel_in_the_middle(
        server, tmp_path, candidates=3, when=lambda: known_jobs(tmp_path) == 3
    )
    assert len(server.table.cancelled) == 3
    assert server.table.jobs == {}
    assert done.left == set()


def test_a_cancellation_is_repeated_while_the_server_is_busy_with_it(tmp_path):
    server = make_server("vllm_omni", "cancel-busy:2", render_s=60.0)
    cancel_in_the_middle(server, tmp_path, when=lambda: known_jobs(tmp_path))
    assert [call.method for call in server.calls].count("DELETE") == 3
    assert len(server.table.cancelled) == 1


def test_a_cancellation_during_the_submission_still_finds_the_job(tmp_path):
    server = make_server("vllm_omni", render_s=60.0)
    done = cancel_in_the_middle(
        server, tmp_path, when=lambda: any(call.method == "POST" for call in server.calls)
    )
    assert len(server.table.cancelled) == 1
    assert done.left == set()


def test_a_cancellation_during_the_check_leaves_nothing(tmp_path):
    server = make_server("vllm_omni")
    checking = threading.Event()

    def inspect(_):
        checking.set()
        time.sleep(0.2)

    done = cancel_in_the_middle(server, tmp_path, when=checking.is_set, inspect=inspect)
    assert server.table.jobs == {} and done.left == set()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_detached_job_goes_on_and_is_taken_up_again(tmp_path, dialect):
    server = make_server(dialect, render_s=0.3)
    cancel_in_the_middle(server, tmp_path, detach=True, when=lambda: known_jobs(tmp_path))
    assert server.table.cancelled == []
    again = attempt(server, tmp_path)
    assert again.posts == 1
    assert again.generated.clips[0].path.read_bytes() == CLIP
    assert again.left == {"clip.mp4", "clip.json"}


def test_a_download_is_resumed_by_another_process(tmp_path):
    server = make_server("vllm_omni", "drip:1")
    part = tmp_path / "clip.mp4.part"
    cancel_in_the_middle(
        server, tmp_path, detach=True, when=lambda: part.exists() and part.stat().st_size > 0
    )
    again = attempt(server, tmp_path)
    content = [call for call in server.calls if call.path.endswith("/content")]
    assert [call.ranged for call in content] == [False, True]
    assert again.generated.clips[0].path.read_bytes() == CLIP


def test_clips_of_an_earlier_run_do_not_outlive_a_failure(tmp_path):
    attempt(make_server("vllm_omni"), tmp_path, candidates=2)
    failed = attempt(make_server("vllm_omni", "job-failed"), tmp_path)
    assert failed.error is not None and failed.left == set()


def test_a_refused_command_removes_nothing(tmp_path):
    server = make_server("vllm_omni", "not-ready:9")
    attempt(server, tmp_path)
    for name in ("clip.mp4", "clip.json"):
        (tmp_path / name).write_bytes(b"of an earlier run")
    refused = attempt(server, tmp_path, Task("squat"))
    assert isinstance(refused.error, ConfigError)
    assert refused.left == {"clip.mp4", "clip.json", "job-1.json"}


def test_a_file_that_was_not_generated_is_not_replaced(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(b"mine")
    done = attempt(make_server("vllm_omni"), tmp_path)
    assert "was not generated" in str(done.error) and not done.server.calls
    assert (tmp_path / "clip.mp4").read_bytes() == b"mine"


def test_two_at_once_do_not_share_a_folder(tmp_path):
    async def go():
        async with running(make_server("vllm_omni", render_s=1.0)) as address:
            config = make_config(dialect="vllm_omni", video={"url": address})
            first = asyncio.ensure_future(Generator(config).run(WAVE, tmp_path))
            await until(lambda: known_jobs(tmp_path))
            with pytest.raises(ConfigError, match="another process"):
                await Generator(config).run(WAVE, tmp_path)
            return await first

    assert len(asyncio.run(go()).clips) == 1


def test_a_job_outlives_a_network_that_is_gone_for_a_while(tmp_path):
    server = make_server("vllm_omni", "not-ready:5")
    first = attempt(server, tmp_path)
    assert "given up" in str(first.error)
    assert "job-1.json" in first.left
    again = attempt(server, tmp_path)
    assert again.posts == 1 and again.error is None


def test_an_unfinished_job_of_another_task_is_not_thrown_away(tmp_path):
    attempt(make_server("vllm_omni", "not-ready"), tmp_path)
    record = (tmp_path / "job-1.json").read_bytes()
    other = attempt(make_server("vllm_omni"), tmp_path, Task("squat"))
    assert isinstance(other.error, ConfigError)
    assert "another request, 'wave to the visitor'" in str(other.error)
    assert (tmp_path / "job-1.json").read_bytes() == record


def test_a_damaged_record_is_refused_by_name(tmp_path):
    (tmp_path / "job-1.json").write_text("{")
    done = attempt(make_server("vllm_omni"), tmp_path)
    assert isinstance(done.error, ConfigError) and "job-1.json" in str(done.error)
    assert done.posts == 0


def test_a_record_of_an_old_job_is_asked_once_and_then_cancelled(tmp_path):
    server = make_server("vllm_omni", render_s=60.0)
    cancel_in_the_middle(server, tmp_path, detach=True, when=lambda: known_jobs(tmp_path))
    path = tmp_path / "job-1.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "submitted_unix_s": time.time() - 7200.0}))
    server.calls.clear()
    done = attempt(server, tmp_path)
    assert "after 1800 s; cancelled" in str(done.error)
    assert [call.method for call in server.calls] == ["GET", "DELETE"]
    assert len(server.table.cancelled) == 1 and done.left == set()


def test_candidates_have_seeds_that_count_up_and_one_failure_spares_the_others(tmp_path):
    done = attempt(make_server("vllm_omni", "job-failed:1"), tmp_path, candidates=3, seed=5)
    seeds = {clip.candidate: clip.provenance.seed for clip in done.generated.clips}
    assert len(seeds) == 2 and len(done.generated.failures) == 1
    assert all(seed == 4 + number for number, seed in seeds.items())
    (failure,) = done.generated.failures.values()
    assert isinstance(failure, GenerationError) and "CUDA out of memory" in str(failure)
    assert sorted(job.seed for job in done.server.table.jobs.values()) == [5, 6, 7]


def one_has_ended(server, folder):
    """Whether the record of the first job to fail says so; the other job goes on meanwhile."""
    jobs = sorted(server.table.jobs.values(), key=lambda job: not job.fails)
    for job in jobs[1:]:
        job.render_s = 60.0
    return any(json.loads(path.read_bytes())["ended"] for path in folder.glob("job-*.json"))


def go_on(server, folder):
    """The same command again, with the other job done."""
    for job in server.table.jobs.values():
        job.render_s = 0.0
    return attempt(server, folder, candidates=2)


def test_a_job_that_failed_while_another_went_on_is_told_and_not_made_again(tmp_path):
    server = make_server("vllm_omni", "job-failed:1", render_s=0.5)
    ended = functools.partial(one_has_ended, server, tmp_path)
    cancel_in_the_middle(server, tmp_path, candidates=2, detach=True, when=ended)
    again = go_on(server, tmp_path)
    assert again.posts == 2 and len(again.generated.clips) == 1
    (failure,) = again.generated.failures.values()
    assert "CUDA out of memory" in str(failure)
    assert not list(tmp_path.glob("job-*.json")), "once told, the same command is a new attempt"


def test_a_clip_refused_while_another_was_made_is_not_asked_for_again(tmp_path):
    def refuse(_):
        raise GenerationError("not this one")

    server = make_server("vllm_omni", render_s=0.5)
    ended = functools.partial(one_has_ended, server, tmp_path)
    cancel_in_the_middle(server, tmp_path, candidates=2, detach=True, inspect=refuse, when=ended)
    again = go_on(server, tmp_path)
    assert again.posts == 2 and len(again.generated.clips) == 1
    assert [str(failure) for failure in again.generated.failures.values()] == ["not this one"]


def test_a_cancellation_forgets_the_jobs_that_had_failed(tmp_path):
    server = make_server("vllm_omni", "job-failed:1", render_s=0.5)
    ended = functools.partial(one_has_ended, server, tmp_path)
    done = cancel_in_the_middle(server, tmp_path, candidates=2, when=ended)
    assert done.left == set() and len(server.table.cancelled) == 1


def test_every_request_of_a_job_bears_its_key(tmp_path):
    done = attempt(make_server("vllm_omni"), tmp_path, candidates=2)
    keys = {call.key for call in done.server.calls}
    assert len(keys) == 2 and all(len(key) == 32 for key in keys)


def test_the_same_file_for_two_seeds_is_told(tmp_path):
    done = attempt(make_server("vllm_omni"), tmp_path, candidates=2)
    notes = json.loads((tmp_path / "clip-2.json").read_text())["notes"]
    assert any("same file as candidate 1" in note for note in notes)
    assert notes == list(done.generated.clips[1].provenance.notes)


def test_waits_between_questions_grow_and_are_drawn_at_random(tmp_path):
    class Chance(QuickClock):
        def __init__(self, chance):
            super().__init__()
            self.chance = chance

        def random(self):
            return self.chance

    async def waits(chance):
        server = make_server("vllm_omni", "stuck")
        clock = Chance(chance)
        async with running(server) as address:
            config = make_config(
                dialect="vllm_omni", video={"url": address}, limits={"job_s": 60.0}
            )
            with pytest.raises(GenerationError, match="still queued"):
                await Generator(config, clock=clock).run(WAVE, tmp_path)
        return clock.waited_s

    short, long = asyncio.run(waits(0.0)), asyncio.run(waits(0.999))
    assert short[:6] == pytest.approx([0.5, 1.0, 2.0, 4.0, 5.0, 5.0])
    assert long[:5] == pytest.approx([1.0, 2.0, 4.0, 8.0, 10.0], rel=0.01)


def start_command(address, folder):
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "generate", "wave"]
    options = ["--server", address, "--out", str(folder)]
    return subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def wait_for(condition, limit_s=60.0):
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it did not come true"
        time.sleep(0.02)


def test_a_job_survives_kill_9_between_submission_and_download(tmp_path):
    server = make_server("vllm_omni", render_s=1.5)
    with ServerThread(server) as thread:
        first = start_command(thread.address, tmp_path)
        wait_for(lambda: known_jobs(tmp_path))
        first.send_signal(signal.SIGKILL)
        assert first.wait(10.0) == -signal.SIGKILL
        assert not (tmp_path / "clip.mp4").exists()
        again = start_command(thread.address, tmp_path)
        told, _ = again.communicate(timeout=60.0)
    assert again.returncode == 0, told
    assert "taken up again" in told
    assert sum(call.method == "POST" for call in server.calls) == 1
    assert (tmp_path / "clip.mp4").read_bytes() == CLIP
    assert not (tmp_path / "job-1.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_command_cancels_its_job(tmp_path, number):
    server = make_server("vllm_omni", render_s=60.0)
    with ServerThread(server) as thread:
        command = start_command(thread.address, tmp_path)
        wait_for(lambda: known_jobs(tmp_path))
        command.send_signal(number)
        told, _ = command.communicate(timeout=30.0)
    assert command.returncode == 130, told
    assert len(server.table.cancelled) == 1
    assert list(tmp_path.iterdir()) == []
