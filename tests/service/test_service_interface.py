"""The interface against callers of every kind: without rights, malformed, slow, many."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress

import numpy as np
import pytest
from service_rig import HTTP_ERRORS, WITHIN_S, Rig

from exoactor_rt.api import RobotDocument, TaskState
from exoactor_rt.client import AsyncClient, Client, ServiceError
from exoactor_rt.client.connection import UnixConnection
from exoactor_rt.service.metrics import Metrics
from exoactor_rt.service.openapi import describe_interface
from exoactor_rt.service.rights import AccessList, Caller, Right
from exoactor_rt.service_config import AccessConfig

JSON = {"Content-Type": "application/json"}
NOBODY = 65534


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    with rig.serving():
        yield rig


@pytest.mark.parametrize(
    ("method", "target", "body", "headers", "status"),
    [
        ("GET", "/v1/nothing", None, {}, 404),
        ("GET", "/v1/tasks/t0", None, {}, 404),
        ("GET", "/v1/tasks/..%2f..%2fetc/artifacts/passwd", None, {}, 404),
        ("GET", "/v1/tasks/t0/artifacts/..%2ftasks.sqlite", None, {}, 404),
        ("DELETE", "/v1/tasks", None, {}, 405),
        ("GET", "/v1/tasks?limit=0", None, {}, 422),
        ("GET", "/v1/tasks?limit=x", None, {}, 422),
        ("GET", "/v1/tasks?limit=%D9%A3", None, {}, 422),
        ("GET", "/v1/tasks?state=flying", None, {}, 422),
        ("POST", "/v1/tasks", b"{}", JSON, 422),
        ("POST", "/v1/tasks", b"{", JSON, 400),
        ("POST", "/v1/tasks", b"[" * 40000, JSON, 422),
        ("POST", "/v1/tasks", b'{"instruction": "x"}', {"Content-Type": "text/plain"}, 415),
        ("POST", "/v1/tasks", b'{"instruction": ""}', JSON, 422),
        ("POST", "/v1/tasks", b'{"instruction": " \\n "}', JSON, 422),
        ("POST", "/v1/tasks", b'{"instruction": "a\\u0000b"}', JSON, 422),
        ("POST", "/v1/tasks", b'{"instruction": "x", "excute": true}', JSON, 422),
        ("POST", "/v1/tasks", b'{"instruction": "x", "scene": "../x"}', JSON, 422),
        ("POST", "/v1/tasks", json.dumps({"instruction": "x", "clip": "0" * 64}), JSON, 422),
        ("POST", "/v1/tasks", b" " * 70000, JSON, 413),
        ("POST", "/v1/uploads", b"#!/bin/sh", {}, 415),
        ("POST", "/v1/uploads", b"", {}, 415),
        ("POST", "/v1/uploads", b"not zipped", {"Content-Encoding": "gzip"}, 400),
        ("POST", "/v1/robot/arm", None, {}, 503),
    ],
)
def test_what_is_not_acceptable_is_a_problem_document(rig, method, target, body, headers, status):  # noqa: PLR0917
    got, answer, problem = rig.ask(method, target, body, headers)
    assert got == status
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["type"].startswith("urn:exoactor:problem:")
    assert problem["detail"]


def test_rights_are_as_configured_and_include_those_below():
    access = AccessList(
        AccessConfig(
            observe=("anybody",),
            submit=(f"group:{NOBODY}",),
            execute=("user:12345",),
        )
    )
    assert access.right_of(4242, {4242}) is Right.OBSERVE
    assert access.right_of(4242, {4242, NOBODY}) is Right.SUBMIT
    assert access.right_of(12345, {1}) is Right.EXECUTE
    assert access.right_of(os.getuid(), {1}) is Right.ADMIN
    assert AccessList(AccessConfig()).right_of(4242, {4242}) is Right.NONE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as somebody else")
def test_somebody_else_may_do_only_what_is_configured(tmp_path):
    rig = Rig(tmp_path, socket_mode="0666", access={"observe": ["group:4243"]})
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents[:2]:
        folder.chmod(0o755)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from exoactor_rt.client import Client, ServiceError\n"
        f"os.setgroups([4243]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "client = Client(Path(sys.argv[1]))\n"
        "print(client.health().version)\n"
        "try:\n"
        "    client.submit('wave')\n"
        "except ServiceError as error:\n"
        "    print(error.problem.status, error.problem.detail)\n"
    )
    with rig.serving():
        told = subprocess.run(
            [sys.executable, "-c", code, rig.path], capture_output=True, text=True, check=False
        )
    assert "403 user 65534 has the right observe, needed submit" in told.stdout, told.stderr


def test_a_slow_head_is_cut_off_and_a_slow_body_refused(tmp_path):
    rig = Rig(tmp_path, header_timeout_s=0.3, body_timeout_s=0.3)
    with rig.serving():
        slow = rig.raw()
        slow.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n")
        assert was_cut(slow)
        silent = rig.raw()
        assert was_cut(silent)
        body = rig.raw()
        body.sendall(
            b"POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        assert body.recv(4096).startswith(b"HTTP/1.1 400")
        assert rig.client.health().status


def test_connections_are_bounded_and_free_again(tmp_path):
    rig = Rig(tmp_path, connections_max=4)
    with rig.serving():
        held = [rig.raw() for _ in range(3)]
        time.sleep(0.1)
        with pytest.raises(HTTP_ERRORS):
            rig.ask("GET", "/v1/health")
        for connection in held:
            connection.close()
        time.sleep(0.1)
        assert rig.ask("GET", "/v1/health")[0] == 200
        assert b"connections_refused_total 1" in rig.ask("GET", "/metrics")[2]


def test_random_bytes_change_nothing(rig):
    rng = np.random.default_rng(0)
    for _ in range(300):
        connection = rig.raw()
        noise = rng.integers(0, 256, int(rng.integers(1, 300)), dtype=np.uint8).tobytes()
        head = rng.choice([b"", b"GET / HTTP/1.1\r\n", b"POST /v1/tasks HTTP/1.1\r\n"])
        connection.sendall(bytes(head) + noise + b"\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
        connection.close()
    assert rig.client.tasks().tasks == ()


def test_metrics_count_by_route(rig):
    rig.client.health()
    rig.ask("GET", "/v1/tasks/t0")
    for method in ("LOCK", "PROPFIND"):
        rig.ask(method, "/v1/health")
        rig.ask(method, "/v1/nothing")
    text = rig.ask("GET", "/metrics")[2].decode()
    assert "LOCK" not in text
    assert 'method="any",path="unknown",status="404"} 2' in text
    assert 'exoactor_requests_total{method="GET",path="/v1/health",status="200"} 1' in text
    assert 'path="/v1/tasks/{task}",status="404"} 1' in text
    assert 'exoactor_tasks{state="queued"} 0' in text


def test_metrics_count_answers_by_their_time():
    metrics = Metrics()
    for seconds in (0.0005, 0.001, 0.0011, 0.3, 9.0):
        metrics.count("GET", "/", 200, seconds)
    lines = metrics.text({}, RobotDocument(connected=False)).splitlines()
    counts = [line.split("le=")[1] for line in lines if "request_seconds_bucket" in line]
    assert counts == [
        '"0.001"} 2', '"0.002"} 3', '"0.005"} 3', '"0.01"} 3', '"0.05"} 3', '"0.25"} 3',
        '"1.0"} 4', '"5.0"} 4', '"+Inf"} 5',
    ]  # fmt: skip


def test_who_asks_is_found_out_once_a_connection_and_held_against_every_request(rig, monkeypatch):
    rights = [Right.OBSERVE, Right.ADMIN, Right.NONE]
    monkeypatch.setattr(AccessList, "caller", lambda *_: Caller(NOBODY, NOBODY, rights.pop(0)))
    asked = (("GET", "/v1/tasks"), ("POST", "/v1/tasks/t0/cancel"), ("GET", "/v1/tasks"))
    for expected in ([200, 403, 200], [200, 404, 200], [403, 403, 403]):
        connection = UnixConnection(rig.path, WITHIN_S)
        got = []
        for method, target in asked:
            connection.request(method, target)
            answer = connection.getresponse()
            answer.read()
            got.append(answer.status)
        connection.close()
        assert got == expected
    assert rights == []


def test_the_described_interface_is_the_served_one(rig):
    status, _, described = rig.ask("GET", "/v1/openapi.json")
    assert status == 200
    assert described["openapi"] == "3.1.0"
    for path, operations in described["paths"].items():
        target = path.replace("{task}", "t0").replace("{name}", "x")
        for method in operations:
            got, _, answer = rig.ask(method.upper(), target)
            routed = got == 404 and "there is no task 't0'" in answer["detail"]
            assert routed if "{" in path else got not in (404, 405)
    assert describe_interface([])["paths"] == {}


def test_every_answer_has_a_media_type_that_is_described(rig):
    described = rig.ask("GET", "/v1/openapi.json")[2]["paths"]
    task = rig.client.submit("wave").id
    rig.wait_for(task, TaskState.READY)
    rig.client.cancel(task)
    targets = {"{task}": task, "{name}": "clip.mp4"}
    seen = set()
    for path, operations in described.items():
        for method, operation in operations.items():
            target = path
            for name, value in targets.items():
                target = target.replace(name, value)
            status, headers, _ = rig.ask(method.upper(), target)
            media_type = headers["Content-Type"].partition(";")[0]
            assert media_type in operation["responses"][str(status)]["content"], (path, status)
            seen.add(media_type)
    assert seen >= {"text/event-stream", "text/plain", "video/mp4", "application/problem+json"}


@pytest.mark.parametrize("mode", ["0660", "0600", "0666"])
def test_the_socket_is_opened_to_those_configured_whatever_the_umask(tmp_path, mode):
    before = os.umask(0o077)
    try:
        rig = Rig(tmp_path, socket_mode=mode)
        with rig.serving():
            assert oct(rig.path.stat().st_mode & 0o777) == f"0o{mode[1:]}"
    finally:
        os.umask(before)


def test_a_robot_that_tells_nothing_for_a_second_is_not_connected(rig):
    with rig.control() as control:
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.READY)
        control.tells = False
        since_s = time.monotonic()
        while rig.client.robot().connected:
            assert time.monotonic() - since_s < 3.0
            time.sleep(0.02)
        assert time.monotonic() - since_s > 0.7
        assert rig.client.health().status == "degraded"
        with pytest.raises(ServiceError, match="not connected"):
            rig.client.approve(task)
        control.tells = True
        rig.wait_for_robot("hold")


def test_the_command_logs_every_change_of_a_task(tmp_path):
    words = ["--socket", tmp_path / "s", "--control-socket", tmp_path / "c", "--data", tmp_path]
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "serve", *words]
    told = tmp_path / "log"
    with told.open("wb") as log:
        served = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    try:
        assert served.stdout.readline().startswith(b"service: listening on")
        client = Client(tmp_path / "s")
        task = client.submit("wave").id
        client.cancel(task)
        for _ in client.events(task):
            pass
    finally:
        served.terminate()
        assert served.wait(20.0) == 0
        served.stdout.close()
    for state in ("generating", "cancelled"):
        assert f"task={task} state={state} reason=" in told.read_text()


def was_cut(connection):
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True


def test_a_caller_who_does_not_read_is_cut_off(tmp_path):
    rig = Rig(tmp_path, write_timeout_s=0.3)
    with rig.serving():
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.READY)
        (tmp_path / "data" / "tasks" / task / "run.mp4").write_bytes(bytes(8 << 20))
        deaf = rig.raw()
        deaf.sendall(f"GET /v1/tasks/{task}/artifacts/run.mp4 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(1.0)
        got = 0
        with suppress(ConnectionResetError):
            while block := deaf.recv(1 << 20):
                got += len(block)
        assert got < 8 << 20
        rig.client.save_artifact(task, "run.mp4", tmp_path / "whole")
        assert (tmp_path / "whole").stat().st_size == 8 << 20


def test_both_clients_offer_the_same():
    methods = {name for name in vars(Client) if not name.startswith("_")}
    assert methods == {name for name in vars(AsyncClient) if not name.startswith("_")}
