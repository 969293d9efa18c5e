"""Uploads, what tasks make, and clients that send and fetch them."""

import json
import os
import time
from contextlib import suppress

import pytest
from service_rig import Rig

from exoactor_rt.api import TaskState
from exoactor_rt.client import ServiceError
from exoactor_rt.errors import ConfigError
from exoactor_rt.service.files import ServiceFiles

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    with rig.serving():
        yield rig


def test_uploads_are_kept_whole_by_content_or_not_at_all(tmp_path):
    rig = Rig(tmp_path, upload_max_bytes=2000)
    png = b"\x89PNG\r\n\x1a\n" + bytes(500)
    with rig.serving():
        status, _, one = rig.ask("POST", "/v1/uploads", png)
        assert (status, one["media_type"], one["size"]) == (201, "image/png", 508)
        assert rig.ask("POST", "/v1/uploads", png)[2] == one
        assert rig.ask("POST", "/v1/uploads", png + bytes(2000))[0] == 413
        chunked = iter([png, bytes(3000)])
        assert rig.ask("POST", "/v1/uploads", chunked)[0] == 413
        body = json.dumps({"instruction": "x", "clip": one["sha256"]})
        assert (
            "image/png, allowed video/mp4" in rig.ask("POST", "/v1/tasks", body, JSON)[2]["detail"]
        )
    assert [p.name for p in (tmp_path / "data" / "uploads").iterdir()] == [one["sha256"]]


def test_the_files_of_a_task_are_listed_in_their_order_and_no_others(tmp_path):
    files = ServiceFiles(tmp_path)
    assert files.artifacts("t1") == ()
    folder = files.task_folder("t1")
    for name in ("run.mp4", "plan.npz", "job-1.json", "clip.mp4"):
        (folder / name).write_bytes(name.encode())
    (folder / "report.html").mkdir()
    found = [(one.name, one.media_type, one.size) for one in files.artifacts("t1")]
    assert found == [
        ("clip.mp4", "video/mp4", 8),
        ("plan.npz", "application/octet-stream", 8),
        ("run.mp4", "video/mp4", 7),
    ]


def test_no_space_and_too_many_of_one_user_are_refused(tmp_path):
    rig = Rig(tmp_path, queue_user_max=1)
    rig.work.hold = True
    with rig.serving():
        rig.client.submit("wave")
        with pytest.raises(ServiceError, match="1 tasks of user"):
            rig.client.submit("wave")
    full = Rig(tmp_path, least_free_bytes=1 << 50)
    with full.serving():
        assert full.ask("POST", "/v1/uploads", b"x")[0] == 507
        assert full.ask("POST", "/v1/tasks", b'{"instruction": "x"}', JSON)[0] == 507


def test_uploads_of_one_user_are_bounded_and_free_again_when_unused(tmp_path):
    rig = Rig(tmp_path, upload_user_max_bytes=2000)
    one, other = (b"\x89PNG\r\n\x1a\n" + bytes([n]) * 1492 for n in (1, 2))
    with rig.serving():
        kept = rig.ask("POST", "/v1/uploads", one)[2]["sha256"]
        status, _, problem = rig.ask("POST", "/v1/uploads", other)
        assert status == 507
        assert "> 2000 bytes" in problem["detail"]
        assert rig.ask("POST", "/v1/uploads", iter([other[:900], other[900:]]))[0] == 507
        assert [path.name for path in (tmp_path / "data" / "uploads").iterdir()] == [kept]
        os.utime(tmp_path / "data" / "uploads" / kept, (0, 0))
        assert rig.ask("POST", "/v1/uploads", other)[0] == 201
        assert rig.ask("POST", "/v1/uploads", one)[0] == 507
    with rig.serving():
        assert rig.ask("POST", "/v1/uploads", one)[0] == 507


def test_uploads_that_come_at_once_share_the_bound(tmp_path):
    rig = Rig(tmp_path, upload_user_max_bytes=2000)
    with rig.serving():
        heads = []
        for n in (1, 2):
            connection = rig.raw()
            png = b"\x89PNG\r\n\x1a\n" + bytes([n]) * 1492
            head = f"POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: {len(png)}\r\n\r\n"
            connection.sendall(head.encode() + png[:-1])
            heads.append((connection, png))
            time.sleep(0.1)
        answers = []
        for connection, png in heads:
            with suppress(BrokenPipeError):
                connection.sendall(png[-1:])
            answers.append(connection.recv(4096)[:12])
        assert sorted(answers) == [b"HTTP/1.1 201", b"HTTP/1.1 507"]


def test_a_start_sweeps_what_no_task_refers_to(tmp_path):
    rig = Rig(tmp_path)
    rig.work.hold = True
    clip = tmp_path / "mine.mp4"
    clip.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(64))
    uploads, tasks = tmp_path / "data" / "uploads", tmp_path / "data" / "tasks"
    with rig.serving():
        task = rig.client.submit("as shown", clip=clip)
    for name in ("a" * 64, "x.part"):
        (uploads / name).write_bytes(b"")
    for path in uploads.iterdir():
        os.utime(path, (0, 0))
    (uploads / ("b" * 64)).write_bytes(b"just uploaded")
    (tasks / "t0").mkdir()
    with rig.serving():
        assert {p.name for p in uploads.iterdir()} == {task.request.clip, "b" * 64}
        assert not (tasks / "t0").exists()


def test_a_client_tells_of_files_that_it_cannot_read_or_write_and_leaves_no_parts(rig, tmp_path):
    with pytest.raises(ConfigError, match=r"no\.mp4: No such file.*not uploaded"):
        rig.client.submit("wave", clip=tmp_path / "no.mp4")
    task = rig.client.submit("wave").id
    rig.wait_for(task, TaskState.READY)
    target = tmp_path / "fetched" / "plan.npz"
    with pytest.raises(ConfigError, match="not fetched"):
        rig.client.save_artifact(task, "plan.npz", target)
    target.parent.mkdir()
    with pytest.raises(ServiceError, match="has no"):
        rig.client.save_artifact(task, "report.html", target)
    assert list(target.parent.iterdir()) == []
    rig.client.save_artifact(task, "plan.npz", target)
    assert [one.name for one in target.parent.iterdir()] == ["plan.npz"]
