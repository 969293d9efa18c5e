"""The service for tests: in a thread, with a robot and a chain that do as they are told."""

import asyncio
import hashlib
import http.client
import socket
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from exoactor_rt.client import Client
from exoactor_rt.client.connection import UnixConnection
from exoactor_rt.config import Config
from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlState, LinkServer
from exoactor_rt.service.serve import running
from exoactor_rt.service.worker import Outcome, StageNews

WITHIN_S = 10.0


class FakeControl:
    """A control process without a robot: a plan takes `plan_s`, unless it is stopped."""

    def __init__(self, path):
        self.path = path
        self.calls = []
        self.guard = "hold"
        self.tells = True
        self.tells_every_s = 0.0
        self.plan_s = 0.3
        self.stops = 0
        self.refusal = ""
        self.ended = ("", "")
        self.before_start = lambda: None
        self.after_start = lambda: None
        self._sha256 = ""
        self._until_s = None
        self._server = LinkServer(path, self, "no robot")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def load(self, file):
        if self.refusal:
            raise LinkError(self.refusal)
        self.calls.append(("load", file.content))
        self.kind = file.kind
        self.provenance = file.provenance

    def arm(self):
        self.guard = "hold"

    def start(self, sha256, stops):
        """Refuses after a stop, as the real one does; tests put something before and after it."""
        self.before_start()
        if stops != self.stops:
            raise LinkError("control: stopped or damped since; not started")
        self.calls.append(("start", sha256))
        self._sha256 = sha256
        self._until_s = time.monotonic() + self.plan_s
        self.after_start()

    def stop(self):
        self.calls.append(("stop",))
        self.stops += 1
        self._end("stopped")

    def damp(self):
        self.stops += 1
        self.guard = "damping"
        self._end("broken_off")

    def emergency_stop(self):
        self.damp()

    def clear(self):
        pass

    def reset(self):
        self.guard = "ready" if self.guard == "damping" else "silent"

    def owner_lost(self, name):
        self.calls.append(("owner_lost", name))

    def _end(self, how):
        if self._until_s is not None:
            self._until_s, self.ended = None, (how, self._sha256)

    def close(self):
        self._ended.set()
        self._thread.join()
        self._server.close()

    def _run(self):
        told_s = 0.0
        while not self._ended.is_set():
            self._server.poll(0.01)
            if self._until_s is not None and time.monotonic() > self._until_s:
                self._end("done")
            if self.tells and time.monotonic() - told_s >= self.tells_every_s:
                told_s = time.monotonic()
                self._server.tell_state(self._state())

    def _state(self):
        return ControlState(
            stamp_ns=time.monotonic_ns(),
            guard=self.guard,
            owner=self._server.owner,
            loaded_sha256=self._sha256,
            running=self._until_s is not None,
            stops=self.stops,
            last_end=self.ended[0],
            last_end_sha256=self.ended[1],
        )


class FakeWork:
    """A chain that admits everything at once, unless told otherwise."""

    def __init__(self):
        self.outcome = Outcome(kind="admitted", plan_sha256=hashlib.sha256(b"a plan").hexdigest())
        self.file = "plan.npz"
        self.hold = False
        self.orders = []
        self.called_off = 0

    async def __call__(self, order, told, timeout_s):
        self.orders.append(order)
        told(StageNews("perception", 1, 2))
        try:
            while self.hold:
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            self.called_off += 1
            raise
        Path(order.folder, self.file).write_bytes(b"a plan")
        return self.outcome


class Rig:
    """A running service and what is around it."""

    def __init__(self, folder, generation=None, **service):
        self.folder = folder
        self.path = folder / "service.sock"
        self.config = msgspec.convert(
            {
                "service": {
                    "socket": str(self.path),
                    "control_socket": str(folder / "control.sock"),
                    "data": str(folder / "data"),
                    **service,
                },
                "generation": generation or {},
            },
            Config,
        )
        self.work = FakeWork()
        self.client = Client(self.path)

    @contextmanager
    def control(self):
        """A control process."""
        control = FakeControl(self.folder / "control.sock")
        try:
            yield control
        finally:
            control.close()

    @contextmanager
    def serving(self):
        """The service, from here to the end of the body."""
        ready, end = threading.Event(), []

        async def serve():
            async with running(self.config, self.work):
                stop = asyncio.Event()
                end.append((asyncio.get_running_loop(), stop))
                ready.set()
                await stop.wait()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        assert ready.wait(WITHIN_S)
        try:
            yield self
        finally:
            loop, stop = end[0]
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)
            thread.join(WITHIN_S)
            assert not thread.is_alive()

    def ask(self, method, target, body=None, headers=None):
        """A raw request; status, headers, decoded body."""
        connection = UnixConnection(self.path, WITHIN_S)
        try:
            connection.request(method, target, body=body, headers=headers or {})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, answer.headers, msgspec.json.decode(content) if is_json else content

    def raw(self):
        """A connected socket."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(WITHIN_S)
        connection.connect(str(self.path))
        return connection

    def wait_for(self, task, *states):
        """The task once it is in one of `states`."""
        until_s = time.monotonic() + WITHIN_S
        while time.monotonic() < until_s:
            found = self.client.task(task)
            if found.state in states:
                return found
            time.sleep(0.01)
        raise AssertionError(f"task is {found.state}: {found.reason}")

    def wait_for_reason(self, task, words):
        """Until the task's reason has these words."""
        until_s = time.monotonic() + WITHIN_S
        while words not in (found := self.client.task(task)).reason:
            assert time.monotonic() < until_s, found
            time.sleep(0.01)

    def wait_for_robot(self, guard):
        """Until the service sees the robot so."""
        until_s = time.monotonic() + WITHIN_S
        while self.client.robot().guard != guard:
            assert time.monotonic() < until_s, self.client.robot()
            time.sleep(0.02)


HTTP_ERRORS = (OSError, http.client.HTTPException)
