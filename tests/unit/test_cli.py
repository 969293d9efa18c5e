"""The command line: help, exit codes, one-line errors."""

import os
import subprocess
import sys
from argparse import Namespace
from types import SimpleNamespace

import pytest
from bvh_text import bvh_text
from synthetic_run import make_execution, make_reference

from exoactor_rt.cli import run as run_command
from exoactor_rt.cli.main import main
from exoactor_rt.cli.outcome import change_lines, run_lines
from exoactor_rt.errors import PerceptionError
from exoactor_rt.planning import PlanChange, PlanLevel, plan_motion
from exoactor_rt.replay import Admission, Attempt, Criterion, Verdict, measure

COMMANDS = (
    [],
    ["demo"],
    ["run"],
    ["generate"],
    ["testserver"],
    ["plan"],
    ["sim"],
    ["models"],
    ["models", "pull"],
    ["models", "list"],
    ["models", "verify"],
    ["models", "meshes"],
)
REFERENCE = make_reference()


def result(*, passed=True, refused=False):
    """A RunResult's likeness, with a real plan and real figures."""
    plan = None if refused else plan_motion(REFERENCE)
    attempts = (Attempt(PlanLevel.NOMINAL, not refused, ("it fell",) if refused else ()),)
    return SimpleNamespace(
        verdict=Verdict(
            passed, (Criterion("tilt, largest", 0.2, 0.7, "rad", passed),), () if passed else ("x",)
        ),
        planned=Namespace(
            reference=REFERENCE,
            admission=Admission(plan, attempts),
            source=Namespace(motion=Namespace(notes=("height 1.75 m assumed",))),
        ),
        figures=None if refused else measure(make_execution(REFERENCE), REFERENCE),
        files={"report": "out/report.html", "log": "out/run.mcap", "film": "out/run.mp4"},
        missing_film="",
        override="",
        ranking=(),
        refused=refused,
    )


def error_line(capsys):
    """The only line on stderr that is not a stage's."""
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.endswith("...")]
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "usage: exoactor" in capsys.readouterr().out


def test_the_help_documents_every_exit_code(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(f"\n  {code} " in told for code in (0, 1, 2, 3, 70, 130))


@pytest.mark.parametrize(
    ("outcome", "code", "last"),
    [
        (result(), 0, "PASS"),
        (result(passed=False), 1, "FAIL: x"),
        (result(passed=False, refused=True), 3, "REFUSED"),
    ],
)
def test_the_exit_code_tells_the_verdict_which_is_said_last(
    monkeypatch, capsys, outcome, code, last
):
    monkeypatch.setattr(run_command, "run_chain", lambda *_, **__: outcome)
    assert main(["run", "clip.mp4"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("verdict") and last in lines[-1]


def fail_with(monkeypatch, error):
    def chain(*_, **__):
        raise error

    monkeypatch.setattr(run_command, "run_chain", chain)


def test_an_expected_error_is_one_line(monkeypatch, capsys):
    fail_with(monkeypatch, PerceptionError("clip 7f3a: nobody there"))
    assert main(["run", "clip.mp4"]) == 2
    assert error_line(capsys) == "exoactor: error: clip 7f3a: nobody there"


def test_an_unexpected_error_is_one_line_too_and_no_verdict(monkeypatch, capsys):
    fail_with(monkeypatch, ValueError("shapes\n(3,) (4,)"))
    assert main(["run", "clip.mp4"]) == 70
    assert "internal error: ValueError: shapes (3,) (4,)" in error_line(capsys)


@pytest.mark.parametrize("argv", [["--debug", "run", "x.mp4"], ["run", "x.mp4", "--debug"]])
@pytest.mark.parametrize(("error", "code"), [(PerceptionError("gone"), 2), (ValueError("no"), 70)])
def test_debug_shows_the_traceback(monkeypatch, capsys, argv, error, code):
    fail_with(monkeypatch, error)
    assert main(argv) == code
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_goes_away_ends_a_command_in_silence():
    words = [sys.executable, "-m", "exoactor_rt.cli.main", "models", "list"]
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert ended.returncode == 141
    assert ended.stderr == b""


def test_another_broken_pipe_is_an_internal_error(monkeypatch, capsys):
    fail_with(monkeypatch, BrokenPipeError("of a robot"))
    assert main(["run", "clip.mp4"]) == 70
    assert "BrokenPipeError: of a robot" in error_line(capsys)


def test_an_interrupt_is_told(monkeypatch, capsys):
    fail_with(monkeypatch, KeyboardInterrupt())
    assert main(["run", "clip.mp4"]) == 130
    assert error_line(capsys) == "exoactor: interrupted"


@pytest.mark.parametrize("argv", [[], ["run"], ["plan", "x.mp4"], ["fly"], ["run", "x", "--seed"]])
def test_wrong_usage_is_bad_input(argv):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--height", "3"], "subject.height_m 3.0"),
        (["--height", "nan"], "subject.height_m nan"),
        (["--focal", "-1"], "camera.focal_px -1.0"),
        (["--seed", "-1"], "simulation.seed -1"),
    ],
)
def test_options_out_of_bounds_are_named_with_their_value(capsys, options, named):
    assert main(["run", "clip.mp4", *options]) == 2
    assert named in error_line(capsys)


def test_an_unknown_key_of_the_configuration_is_named(tmp_path, capsys):
    path = tmp_path / "exoactor.toml"
    path.write_text("[subject]\nsize_m = 1.7\n")
    assert main(["run", "clip.mp4", "--config", str(path)]) == 2
    told = error_line(capsys)
    assert "subject" in told and "size_m" in told and str(path) in told


BAD_FILES = {
    "text.mp4": (b"hello\n", "text"),
    "empty.mp4": (b"", "empty"),
    "zeros.mp4": (bytes(4096), "zeros"),
    "empty.bvh": (b"", "file ends"),
    "noise.bvh": (bytes(range(256)) * 8, "expected HIERARCHY"),
    "cut.bvh": (bvh_text().encode()[:5000], "bvh cut.bvh line"),
}


@pytest.mark.parametrize("command", ["run", "plan"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_its_cause(tmp_path, capsys, command, name):
    content, cause = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    place = ["--out", str(tmp_path / "out")] if command == "run" else ["-o", str(tmp_path / "p")]
    assert main([command, str(path), *place]) == 2
    told = error_line(capsys)
    assert name in told and cause in told
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["absent.mp4", "absent.bvh"])
def test_a_missing_file_is_named(tmp_path, capsys, name):
    assert main(["run", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    told = error_line(capsys)
    assert name in told and "o such file" in told


@pytest.mark.parametrize("name", ["folder", "folder.bvh"])
def test_a_folder_is_no_clip(tmp_path, capsys, name):
    (tmp_path / name).mkdir()
    assert main(["run", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    assert name in error_line(capsys)


def test_a_bad_input_leaves_an_earlier_run_alone(tmp_path, capsys):
    (tmp_path / "report.html").write_text("earlier")
    assert main(["run", str(tmp_path / "absent.mp4"), "--out", str(tmp_path)]) == 2
    assert (tmp_path / "report.html").read_text() == "earlier"


def change(what, start_s, asked, given):
    made = PlanChange()
    made.what, made.unit, made.why = what, "m", "limit"
    made.reference_start_s, made.reference_end_s = start_s, start_s + 0.5
    made.asked, made.given = asked, given
    return made


def test_changes_are_told_by_kind_most_frequent_first():
    changes = [change("rise lowered", 1.0, 0.7, 0.6)]
    changes += [change("step shortened", 0.1 * k, 0.3 + 0.01 * k, 0.3) for k in range(52)]
    first, second = change_lines(changes)
    assert " ".join(first.split()) == "52 x step shortened 0.0-5.6 s at most 0.81 -> 0.30 m"
    assert " ".join(second.split()) == "1 x rise lowered 1.0-1.5 s 0.70 -> 0.60 m"
    assert change_lines([]) == ["nothing"]


def test_no_change_is_dropped_where_there_are_too_many_kinds():
    lines = change_lines([change(f"kind {k}", 0.0, 1.0, 0.0) for k in range(14)])
    assert len(lines) == 11
    assert lines[-1].split()[:2] == ["4", "x"]


def test_a_refusal_tells_every_attempt():
    lines = run_lines(result(passed=False, refused=True), {"motion": 1.0})
    assert any("nominal: it fell" in line for line in lines)


def test_the_outcome_fits_a_screen_and_names_the_files():
    text = run_lines(result(), {"perception": 30.0, "motion": 1.0})
    assert len(text) <= 25
    assert max(map(len, text)) <= 100
    assert all(any(name in line for line in text) for name in ("report.html", "run.mcap"))
    assert any("perception 30.0" in line and "together 31.0 s" in line for line in text)
