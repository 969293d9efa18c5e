"""The factory's motion program: what its own process answers, and the word before its release."""

import sys

import pytest

from exoactor_rt.cli import motion_mode as command
from exoactor_rt.cli.main import main
from exoactor_rt.dds import DdsSettings, motion_mode, release_motion_mode
from exoactor_rt.errors import ConfigError, HardwareError

SETTINGS = DdsSettings(domain=77)


@pytest.fixture
def interpreter(tmp_path):
    """Makes a stand-in for an interpreter; it keeps what it was called with."""

    def make(body):
        path = tmp_path / "python"
        path.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n{body}\n')
        path.chmod(0o755)
        return str(path)

    return make


def test_the_answer_is_the_last_line(interpreter, tmp_path):
    python = interpreter("echo chatter; echo '\"ai\"'")
    assert motion_mode(SETTINGS, python) == "ai"
    assert release_motion_mode(SETTINGS, python) == "ai"
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [line.split()[1:] for line in calls] == [["check", "77", "lo"], ["release", "77", "lo"]]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 3", "has no unitree_sdk2py"),
        ("exit 4", "no answer .*3102"),
        ("echo 'ai runs still' >&2; exit 5", "ai runs still"),
        ("exit 1", "exit code 1"),
    ],
)
def test_what_goes_wrong_is_told(interpreter, body, words):
    with pytest.raises(HardwareError, match=words):
        motion_mode(SETTINGS, interpreter(body))


def test_an_interpreter_that_is_not_there_is_told():
    with pytest.raises(HardwareError, match="No such file"):
        motion_mode(SETTINGS, "/nowhere/python")


def test_this_interpreter_lacks_the_library_or_gets_no_answer():
    with pytest.raises(HardwareError, match=r"unitree_sdk2py|3102"):
        motion_mode(SETTINGS, sys.executable)


def released(tmp_path):
    path = tmp_path / "calls"
    return path.exists() and "release" in path.read_text()


def test_nobody_to_confirm_releases_nothing(interpreter, tmp_path, capsys):
    python = interpreter("echo '\"ai\"'")
    assert main(["robot", "mode", "release", "--unitree-python", python]) == 2
    assert "goes limp" in capsys.readouterr().err
    assert not released(tmp_path)


@pytest.mark.parametrize("word", ["", "yes", "Hanging"])
def test_another_word_releases_nothing(interpreter, tmp_path, word):
    python = interpreter("echo '\"ai\"'")
    words = ["robot", "mode", "release", "--unitree-python", python, "--confirm", word]
    assert main(words) == 2
    assert not released(tmp_path)


def test_the_word_releases(interpreter, tmp_path, capsys):
    python = interpreter("echo '\"ai\"'")
    words = ["robot", "mode", "release", "--unitree-python", python, "--confirm", "hanging"]
    assert main(words) == 0
    assert "released: ai; the robot is limp" in capsys.readouterr().out
    assert released(tmp_path)


def test_a_terminal_is_asked(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(ConfigError, match="must be 'hanging'"):
        command._confirm("ai", None)
    assert "DANGER" in capsys.readouterr().out


def test_where_nothing_runs_nothing_is_released(interpreter, tmp_path, capsys):
    python = interpreter("echo '\"\"'")
    assert main(["robot", "mode", "release", "--unitree-python", python]) == 0
    assert "none runs" in capsys.readouterr().out
    assert not released(tmp_path)
