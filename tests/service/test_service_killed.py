"""The service killed at every place from a job's submission to the plan: no job is made twice."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from generation_cases import DIALECTS, ServerThread, make_server
from service_rig import WITHIN_S, Rig

from exoactor_rt.api import TaskState

_SERVE = """
import asyncio, json, os, signal, sys
from pathlib import Path
from service_rig import FakeWork, Rig
from exoactor_rt.api import TaskState
from exoactor_rt.generation.download import Downloaded
from exoactor_rt.generation.job_record import JobStore
from exoactor_rt.generation.provenance import GeneratedClip
from exoactor_rt.service.serve import running
from exoactor_rt.service.store import TaskStore

folder, generation, place = sys.argv[1:]
owner, method, after, fits = {
    "submitted": (JobStore, "save", False, lambda store, n, record: record.job_id),
    "recorded": (JobStore, "save", True, lambda store, n, record: record.job_id),
    "downloaded": (GeneratedClip, "write_provenance", False, lambda *_: True),
    "described": (GeneratedClip, "write_provenance", True, lambda *_: True),
    "complete": (Downloaded, "keep", True, lambda *_: True),
    "before planning": (TaskStore, "change", False, lambda s, t, to, *_: to is TaskState.PLANNING),
    "planning": (TaskStore, "change", True, lambda s, t, to, *_: to is TaskState.PLANNING),
    "ended": (JobStore, "save", True, lambda store, n, record: record.ended),
    "before failed": (TaskStore, "change", False, lambda s, t, to, *_: to is TaskState.FAILED),
    "failed": (TaskStore, "change", True, lambda s, t, to, *_: to is TaskState.FAILED),
}[place]
inner = getattr(owner, method)

def killing(*arguments):
    killed = fits(*arguments)
    if not (killed and not after):
        inner(*arguments)
    if killed:
        os.kill(os.getpid(), signal.SIGKILL)

async def serve():
    async with running(Rig(Path(folder), json.loads(generation)).config, FakeWork()):
        setattr(owner, method, killing)
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""


def submit_and_be_killed(rig, generation, place):
    """The task of a service that died at this place."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, rig.folder, json.dumps(generation), place],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parent), "PATH": "/usr/bin:/bin"},
    )
    with process:
        assert process.stdout.readline() == b"ready\n"
        task = rig.client.submit("wave").id
        assert process.wait(WITHIN_S) == -signal.SIGKILL
    return task


def posts(server):
    return sum(call.method == "POST" for call in server.calls)


@pytest.mark.parametrize(
    "place", ["recorded", "downloaded", "described", "complete", "before planning", "planning"]
)
def test_killed_anywhere_it_asks_for_no_second_job(tmp_path, place):
    server = make_server(DIALECTS[0])
    with ServerThread(server) as thread:
        generation = {"dialect": DIALECTS[0], "video": {"url": thread.address}}
        rig = Rig(tmp_path, generation)
        task = submit_and_be_killed(rig, generation, place)
        with rig.serving():
            rig.wait_for(task, TaskState.READY)
    assert posts(server) == 1
    left = {path.name for path in (tmp_path / "data" / "tasks" / task).iterdir()}
    assert {"clip.mp4", "clip.json", "plan.npz"} <= left


@pytest.mark.parametrize("place", ["ended", "before failed", "failed"])
def test_killed_after_its_job_has_failed_it_tells_so_and_asks_for_no_other(tmp_path, place):
    server = make_server(DIALECTS[0], "job-failed:1")
    with ServerThread(server) as thread:
        generation = {"dialect": DIALECTS[0], "video": {"url": thread.address}}
        rig = Rig(tmp_path, generation)
        task = submit_and_be_killed(rig, generation, place)
        with rig.serving():
            assert "CUDA out of memory" in rig.wait_for(task, TaskState.FAILED).reason
            assert posts(server) == 1
            rig.wait_for(rig.client.submit("wave").id, TaskState.READY)
    assert posts(server) == 2


def test_killed_before_it_knew_the_job_it_does_not_ask_again(tmp_path):
    server = make_server(DIALECTS[0])
    with ServerThread(server) as thread:
        generation = {"dialect": DIALECTS[0], "video": {"url": thread.address}}
        rig = Rig(tmp_path, generation)
        task = submit_and_be_killed(rig, generation, "submitted")
        with rig.serving():
            assert "may have made it" in rig.wait_for(task, TaskState.FAILED).reason
            rig.wait_for(rig.client.submit("wave").id, TaskState.READY)
    assert posts(server) == 2


def test_killed_between_the_clips_of_one_task_it_brings_only_the_other(tmp_path):
    server = make_server(DIALECTS[0], render_s=0.3)
    with ServerThread(server) as thread:
        generation = {"dialect": DIALECTS[0], "candidates": 2, "video": {"url": thread.address}}
        rig = Rig(tmp_path, generation)
        task = submit_and_be_killed(rig, generation, "complete")
        folder = tmp_path / "data" / "tasks" / task
        assert len(list(folder.glob("clip*.mp4"))) == 1
        with rig.serving():
            rig.wait_for(task, TaskState.READY)
    assert posts(server) == 2
    assert len(list(folder.glob("clip*.mp4"))) == 2
