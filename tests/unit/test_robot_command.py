"""`exoactor robot execute`: its exit code, and what interrupts ask for."""

from types import SimpleNamespace

import pytest

from exoactor_rt.cli import robot
from exoactor_rt.link import ControlState

SHA256 = "a" * 64


class ScriptedLink:
    """A link whose answers a test writes; an exception type is raised instead."""

    def __init__(self, last_end="done", script=()):
        self.asked = []
        self.events = []
        self.state = None
        self._last_end = last_end
        self._script = list(script)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def load(self, content, label, kind):
        return SHA256

    def _ask(self, what):
        self.asked.append(what)
        if self._script and self._script[0] == what:
            self._script.pop(0)
            raise KeyboardInterrupt

    def start(self, sha256):
        self._ask("start")

    def stop(self):
        self._ask("stop")

    def damp(self):
        self._ask("damp")

    def poll(self, timeout_s):
        if self._script and self._script[0] == "poll":
            self._script.pop(0)
            raise KeyboardInterrupt
        self.state = ControlState(
            stamp_ns=2**62, guard="hold", last_end=self._last_end, last_end_sha256=SHA256
        )


def execute(link, monkeypatch, tmp_path):
    monkeypatch.setattr(robot, "_owner", lambda arguments: link)
    path = tmp_path / "a.plan"
    path.write_bytes(b"plan")
    return robot._execute(SimpleNamespace(plan=path))


@pytest.mark.parametrize(("end", "code"), [("done", 0), ("stopped", 1), ("broken_off", 1)])
def test_only_a_plan_that_was_done_passes(monkeypatch, tmp_path, end, code):
    assert execute(ScriptedLink(end), monkeypatch, tmp_path) == code


def test_an_interrupt_stops(monkeypatch, tmp_path):
    link = ScriptedLink("stopped", ["poll"])
    assert execute(link, monkeypatch, tmp_path) == 1
    assert link.asked == ["start", "stop"]


@pytest.mark.parametrize("script", [["start"], ["poll", "stop"]])
def test_an_interrupt_while_an_answer_is_awaited_damps(monkeypatch, tmp_path, script):
    link = ScriptedLink("done", script)
    with pytest.raises(KeyboardInterrupt):
        execute(link, monkeypatch, tmp_path)
    assert link.asked[-1] == "damp"
