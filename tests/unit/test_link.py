"""The link: who may ask for what, what is refused, and what a dead or hostile client can do."""

import hashlib
import os
import re
import socket
import struct
import threading
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from exoactor_rt.errors import LinkError, PlanningError
from exoactor_rt.link import ControlLink, ControlState, Event, LinkServer, Role
from exoactor_rt.link import server as server_module
from exoactor_rt.link.channel import PACKET_MAX_BYTES, Channel, client_end
from exoactor_rt.link.messages import (
    PROTOCOL_VERSION,
    Arm,
    Damp,
    Heartbeat,
    Hello,
    LoadPlan,
    Refused,
    Welcome,
)
from exoactor_rt.link.sealed_memory import seal, unseal
from exoactor_rt.unix_socket import Peer

HEADER = struct.pack("<4sH", b"XRTL", PROTOCOL_VERSION)
HELLO = Hello(id=1, role=Role.OBSERVER, name="me")


class RecordingPort:
    """Notes what it is asked; refuses what a test wants refused."""

    def __init__(self):
        self.calls = []
        self.refusal = None

    def _note(self, *call):
        if self.refusal is not None:
            raise self.refusal
        self.calls.append(call)

    def load(self, file):
        self._note("load", file.content, file.label, file.provenance)

    def arm(self):
        self._note("arm")

    def pose(self):
        self._note("pose")

    def start(self, sha256, stops):
        self._note("start", sha256, stops)

    def stop(self):
        self._note("stop")

    def damp(self):
        self._note("damp")

    def emergency_stop(self):
        self._note("emergency_stop")

    def clear(self):
        self._note("clear")

    def reset(self):
        self._note("reset")

    def owner_lost(self, name):
        self.calls.append(("owner_lost", name))


class Rig:
    """A server polled by a thread of its own."""

    def __init__(self, path):
        self.path = path
        self.port = RecordingPort()
        self.server = LinkServer(path, self.port, "test robot")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self._thread.start()

    def _poll(self):
        while not self._ended.is_set():
            self.server.poll(0.01)
            self.server.tell_state(ControlState(stamp_ns=time.monotonic_ns(), guard="silent"))

    def close(self):
        self._ended.set()
        self._thread.join()
        self.server.close()

    def wait_for(self, call):
        until_s = time.monotonic() + 5.0
        while call not in self.port.calls and time.monotonic() < until_s:
            time.sleep(0.01)
        return call in self.port.calls


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path / "control.sock")
    yield rig
    rig.close()


def raw(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.connect(str(path))
    connection.settimeout(5.0)
    return connection


def test_an_owner_loads_arms_starts_and_sees_the_state(rig):
    with ControlLink(rig.path, role=Role.OWNER, name="me") as link:
        assert link.robot == "test robot"
        sha256 = link.load(b"a plan", "wave", {"prompt": "p" * 5000})
        link.arm()
        link.start(sha256)
        assert link.wait_for(lambda state: state.guard == "silent", 2.0)
    assert rig.port.calls[:3] == [
        ("load", b"a plan", "wave", {"prompt": "p" * 3997 + "..."}),
        ("arm",),
        ("start", sha256, None),
    ]
    assert rig.wait_for(("owner_lost", "me"))


def test_an_observer_may_stop_and_damp_and_nothing_else(rig):
    with ControlLink(rig.path) as link:
        link.stop()
        link.damp()
        link.emergency_stop()
        for ask in (
            link.arm,
            link.pose,
            link.reset,
            link.clear,
            lambda: link.start("0" * 64),
            lambda: link.load(b"x"),
        ):
            with pytest.raises(LinkError, match="only the robot's owner"):
                ask()
    assert rig.port.calls == [("stop",), ("damp",), ("emergency_stop",)]


def test_there_is_one_owner_at_a_time_and_the_next_may_follow(rig):
    with ControlLink(rig.path, role=Role.OWNER, name="first"):
        with pytest.raises(LinkError, match="owned by 'first'"):
            ControlLink(rig.path, role=Role.OWNER, name="second")
        with ControlLink(rig.path) as observer:
            observer.damp()
    assert rig.wait_for(("owner_lost", "first"))
    ControlLink(rig.path, role=Role.OWNER, name="second").close()


def test_a_refusal_arrives_in_words(rig):
    rig.port.refusal = PlanningError("plan wave: damaged")
    with (
        ControlLink(rig.path, role=Role.OWNER) as link,
        pytest.raises(LinkError, match="plan wave: damaged"),
    ):
        link.load(b"x", "wave")


def test_events_reach_every_client(rig):
    with ControlLink(rig.path) as one, ControlLink(rig.path) as two:
        rig.server.tell_event(Event(stamp_ns=1, severity="info", text="hello"))
        for link in (one, two):
            link.poll(0.1)
            assert [event.text for event in link.events] == ["hello"]


def test_a_hung_owner_loses_the_robot(rig, monkeypatch):
    monkeypatch.setattr(server_module, "OWNER_SILENT_S", 0.2)
    link = ControlLink(rig.path, role=Role.OWNER, name="hung")
    assert rig.wait_for(("owner_lost", "hung"))
    with pytest.raises(LinkError, match=r"closed|broken"):
        link.poll(1.0)
    link.close()


def test_a_living_owner_that_only_polls_keeps_the_robot(rig, monkeypatch):
    monkeypatch.setattr(server_module, "OWNER_SILENT_S", 1.0)
    with ControlLink(rig.path, role=Role.OWNER, name="alive") as link:
        link.poll(2.0)
        assert rig.server.owner == "alive"


def test_damp_gets_through_a_crowd_of_idle_clients(rig):
    crowd = [raw(rig.path) for _ in range(2 * server_module.MAX_CLIENTS)]
    with ControlLink(rig.path) as link:
        link.damp()
    assert ("damp",) in rig.port.calls
    for connection in crowd:
        connection.close()


def test_a_client_that_never_reads_does_not_hold_the_others_up(rig):
    deaf = client_end(raw(rig.path))
    deaf.send(Hello(id=1, role=Role.OBSERVER, name="deaf"))
    assert isinstance(deaf.receive().message, Welcome)
    theirs = next(iter(rig.server._clients))
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    with ControlLink(rig.path) as link:
        for _ in range(5):
            link.poll(0.2)
            assert time.monotonic_ns() - link.state.stamp_ns < 500_000_000
        with pytest.raises(BlockingIOError):
            theirs.send(b"x" * 4000)
        rig.server.tell_event(Event(stamp_ns=1, severity="info", text="must arrive"))
        assert theirs not in rig.server._clients
        link.damp()
    deaf.close()


def test_a_damp_waits_for_one_request_of_another_at_most(tmp_path):
    port = RecordingPort()
    server = LinkServer(tmp_path / "control.sock", port, "")
    owner, other = (client_end(raw(server.path)) for _ in range(2))
    owner.send(Hello(id=1, role=Role.OWNER, name="busy"))
    other.send(Hello(id=1, role=Role.OBSERVER, name="other"))
    for _ in range(6):
        server.poll(0.05)
    for number in range(5):
        owner.send(Arm(id=number))
    other.send(Damp(id=2))
    server.poll(0.05)
    assert sorted(port.calls) == [("arm",), ("damp",)]
    server.close()
    owner.close()
    other.close()


@pytest.mark.parametrize(("allowed", "refused"), [(set(), True), ({4242}, False)])
def test_only_root_its_own_user_and_named_users_may_own(tmp_path, monkeypatch, allowed, refused):
    stranger = property(lambda channel: Peer(pid=1, uid=4242, gid=4242))
    monkeypatch.setattr(Channel, "peer", stranger)
    port = RecordingPort()
    server = LinkServer(tmp_path / "control.sock", port, "", owner_uids=allowed)
    client = client_end(raw(server.path))
    client.send(Hello(id=1, role=Role.OWNER, name="stranger"))
    for _ in range(2):
        server.poll(0.05)
    answer = client.receive().message
    assert isinstance(answer, Refused) == refused
    if refused:
        assert "user 4242 may stop, damp and observe" in answer.reason
        client.send(Hello(id=2, role=Role.OBSERVER, name="stranger"))
        server.poll(0.05)
        client.send(Damp(id=3))
        server.poll(0.05)
        assert port.calls == [("damp",)]
    server.close()
    client.close()


def test_whatever_a_client_makes_fail_ends_that_client_only(rig):
    rig.port.refusal = OverflowError("not foreseen")
    with ControlLink(rig.path) as link, pytest.raises(LinkError, match=r"closed|broken"):
        link.stop()
    rig.port.refusal = None
    with ControlLink(rig.path) as link:
        link.damp()
    assert rig.port.calls == [("damp",)]


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (b"x", "no message"),
        (b"HTTP/1.1 200 OK", "mark"),
        (struct.pack("<4sH", b"XRTL", 99), "version 99"),
        (HEADER + b"\xc1", "MessagePack|malformed|invalid"),
        (HEADER + b"\x81\xa4type\xa4Fire", "Fire"),
        (HEADER + msgspec.msgpack.encode(HELLO).replace(b"me", b"\xff\xff"), "(?i)utf-8"),
        (b"\x00" * (PACKET_MAX_BYTES + 10), "too long"),
    ],
)
def test_what_is_no_message_is_answered_and_cut_off(rig, packet, words):
    connection = raw(rig.path)
    connection.send(packet)
    link = client_end(connection)
    assert re.search(words, link.receive().message.reason)
    assert link.receive() is None
    with ControlLink(rig.path) as healthy:
        healthy.damp()


def test_random_packets_change_nothing(rig):
    rng = np.random.default_rng(0)
    for _ in range(300):
        connection = raw(rig.path)
        body = rng.integers(0, 256, int(rng.integers(0, 200)), dtype=np.uint8).tobytes()
        connection.send(HEADER + body)
        connection.close()
    with ControlLink(rig.path) as link:
        link.stop()
    assert rig.port.calls == [("stop",)]


def test_mutated_messages_end_no_more_than_their_client(rig):
    rng = np.random.default_rng(1)
    load = LoadPlan(id=2, sha256="0" * 64, size=1, label="label")
    valid = [msgspec.msgpack.encode(message) for message in (HELLO, load, Arm(id=3), Damp(id=4))]
    for _ in range(400):
        connection = raw(rig.path)
        connection.send(HEADER + valid[0])
        body = bytearray(valid[rng.integers(len(valid))])
        for at in rng.integers(0, len(body), 2):
            body[at] = rng.integers(256)
        connection.send(HEADER + bytes(body))
        connection.close()
    rig.port.calls.clear()
    with ControlLink(rig.path) as link:
        link.stop()
    assert ("stop",) in rig.port.calls


def test_a_request_before_the_hello_is_refused(rig):
    connection = client_end(raw(rig.path))
    connection.send(LoadPlan(id=5, sha256="0" * 64, size=1, label=""))
    assert "hello" in connection.receive().message.reason
    connection.send(Heartbeat())
    connection.close()
    assert rig.port.calls == []


def test_a_second_server_is_refused_and_a_dead_ones_socket_replaced(tmp_path):
    path = tmp_path / "control.sock"
    first = LinkServer(path, RecordingPort(), "")
    with pytest.raises(LinkError, match="another process listens"):
        LinkServer(path, RecordingPort(), "")
    first._listener.close()
    assert path.exists()
    LinkServer(path, RecordingPort(), "").close()
    assert not path.exists()


def test_a_living_socket_that_does_not_answer_is_left_alone(tmp_path):
    path = tmp_path / "control.sock"
    busy = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    busy.bind(str(path))
    busy.listen(0)
    waiting = raw(path)
    with pytest.raises(LinkError, match="another process listens"):
        LinkServer(path, RecordingPort(), "")
    assert path.is_socket()
    waiting.close()
    busy.close()


def test_a_path_is_locked_before_its_socket_is_there(tmp_path):
    path = tmp_path / "control.sock"
    first = LinkServer(path, RecordingPort(), "")
    path.unlink()
    with pytest.raises(LinkError, match="another process listens"):
        LinkServer(path, RecordingPort(), "")
    first.close()
    LinkServer(path, RecordingPort(), "").close()


def test_sealed_memory_is_what_was_announced_or_refused():
    content = os.urandom(5000)
    digest = hashlib.sha256(content).hexdigest()
    descriptor = seal("plan", content)
    assert unseal(descriptor, 5000, digest) == content
    with pytest.raises(OSError, match="not permitted"):
        os.write(descriptor, b"x")
    with pytest.raises(LinkError, match="announced 4999"):
        unseal(descriptor, 4999, digest)
    with pytest.raises(LinkError, match="sha256"):
        unseal(descriptor, 5000, "0" * 64)
    os.close(descriptor)
    loose = os.memfd_create("loose", os.MFD_ALLOW_SEALING)
    with pytest.raises(LinkError, match="not sealed"):
        unseal(loose, 0, digest)
    os.close(loose)
    with Path(os.devnull).open() as file, pytest.raises(LinkError, match="no memory file"):
        unseal(file.fileno(), 0, digest)
