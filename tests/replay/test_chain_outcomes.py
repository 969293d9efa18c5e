"""What a run leaves in its folder when it is refused, cannot draw or cannot write."""

import errno
import json
import os
from dataclasses import replace

import pytest
from bvh_text import bvh_text

from exoactor_rt.cli import run as run_command
from exoactor_rt.cli.main import main
from exoactor_rt.dds import DdsSettings
from exoactor_rt.errors import HardwareError, VideoError
from exoactor_rt.pipeline import chain
from exoactor_rt.pipeline import run as run_module
from exoactor_rt.pipeline.outputs import NAMES
from exoactor_rt.planning import PlanLevel
from exoactor_rt.recorder import read_run
from exoactor_rt.replay import Admission, Attempt, admission

ATTEMPTS = tuple(
    Attempt(level, False, ("fallen at 3.2 s",))
    for level in (PlanLevel.NOMINAL, PlanLevel.TIGHT, PlanLevel.STANCE_ONLY)
)
NOT_LEFT = ("film", "refused_plan", "tracking")
WITHOUT_FILM = {name for key, name in NAMES.items() if key not in NOT_LEFT}


@pytest.fixture(autouse=True)
def few_trials(monkeypatch):
    """What a run leaves does not depend on how often it was rehearsed."""
    monkeypatch.setattr(admission, "PERTURBED", admission.PERTURBED[:1])


@pytest.fixture
def motion(tmp_path):
    path = tmp_path / "sway.bvh"
    path.write_text(bvh_text())
    return path


@pytest.fixture
def no_drawing(monkeypatch):
    def write_film(*_):
        raise HardwareError("rendering with MUJOCO_GL=egl: no display; no pictures")

    monkeypatch.setattr(run_module, "write_film", write_film)


def left(folder):
    return {path.name for path in folder.iterdir()}


def earlier_run(folder):
    folder.mkdir()
    for name in NAMES.values():
        (folder / name).write_text("stale")


def test_without_drawing_the_run_goes_on_and_the_report_says_so(
    motion, tmp_path, no_drawing, capsys
):
    out = tmp_path / "out"
    earlier_run(out)
    assert main(["run", str(motion), "--out", str(out)]) == 0
    assert left(out) == WITHOUT_FILM
    assert "no film: rendering with MUJOCO_GL=egl" in (out / "report.html").read_text()
    assert "no film" in capsys.readouterr().out


def test_a_refused_run_leaves_a_report_and_nothing_of_an_earlier_run(
    motion, tmp_path, monkeypatch, capsys
):
    out = tmp_path / "out"
    earlier_run(out)
    monkeypatch.setattr(chain, "admit_task", lambda *_: Admission(None, ATTEMPTS))
    assert main(["run", str(motion), "--out", str(out)]) == 3
    assert left(out) == {"reference.npz", "report.html", "report.json"}
    assert "<strong>REFUSED</strong>" in (out / "report.html").read_text()
    data = json.loads((out / "report.json").read_text())
    assert data["verdict"]["passed"] is False
    assert data["execution"] is None
    assert len(data["plan"]["attempts"]) == 3
    told = capsys.readouterr().out.splitlines()
    assert sum("fallen at 3.2 s" in line for line in told) == 3
    assert told[-1].startswith("verdict") and "REFUSED" in told[-1]


def test_a_refused_plan_writes_no_file(motion, tmp_path, monkeypatch):
    monkeypatch.setattr(chain, "admit_task", lambda *_: Admission(None, ATTEMPTS))
    assert main(["plan", str(motion), "-o", str(tmp_path / "plan.npz")]) == 3
    assert left(tmp_path) == {"sway.bvh"}


@pytest.mark.parametrize("stage", ["write_report", "write_film", "write_execution_log"])
def test_a_full_disk_is_one_line_and_no_report(motion, tmp_path, monkeypatch, capsys, stage):
    def full(path, *_):
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    if stage == "write_report":
        monkeypatch.setattr(run_module, "write_film", lambda path, *_: path.write_text("film"))
        monkeypatch.setattr(run_module, "summarise_run", lambda *_: None)
    monkeypatch.setattr(run_module, stage, full)
    out = tmp_path / "out"
    earlier_run(out)
    assert main(["run", str(motion), "--out", str(out)]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(told) == 1
    assert "No space left on device; no report" in told[0]
    assert not {"report.html", "report.json"} & left(out)
    assert "half" not in {path.read_bytes()[:4].decode("latin1") for path in out.iterdir()}


def test_a_film_that_cannot_be_made_for_another_reason_is_an_error(
    motion, tmp_path, monkeypatch, capsys
):
    def broken(*_):
        raise VideoError("video: no encoder")

    monkeypatch.setattr(run_module, "write_film", broken)
    assert main(["run", str(motion), "--out", str(tmp_path / "out")]) == 2
    assert "exoactor: error: video: no encoder" in capsys.readouterr().err


def refuse(monkeypatch):
    """Admission that finds the plan good and refuses it."""
    real = chain.admit_task

    def refusing(*arguments):
        (attempt,) = real(*arguments).attempts
        failed = replace(attempt, passed=False, reasons=("5 % heavier: it fell",))
        return Admission(None, (failed,))

    monkeypatch.setattr(chain, "admit_task", refusing)


def test_a_refused_plan_is_executed_only_with_a_reason_which_log_and_report_keep(
    motion, tmp_path, monkeypatch, no_drawing, capsys
):
    refuse(monkeypatch)
    out = tmp_path / "out"
    assert main(["run", str(motion), "--out", str(out)]) == 3
    assert left(out) == {"reference.npz", "refused_plan.npz", "report.html", "report.json"}
    assert main(["run", str(motion), "--out", str(out), "--override-admission", "  "]) == 3
    reason = ["--override-admission", "the  floor is soft"]
    assert main(["run", str(motion), "--out", str(out), *reason]) == 0
    assert left(out) == WITHOUT_FILM
    words = f"by user {os.getuid()}: the floor is soft"
    assert words in capsys.readouterr().out
    assert words in (out / "report.html").read_text()
    run = read_run(out / "run.mcap", ())
    assert run.metadata["admission_override"] == words
    assert words in run.events[0].text and run.events[0].severity == "warning"


def test_what_is_admitted_needs_no_override_and_none_is_logged(motion, tmp_path, no_drawing):
    out = tmp_path / "out"
    assert main(["run", str(motion), "--out", str(out), "--override-admission", "x"]) == 0
    assert "admission_override" not in read_run(out / "run.mcap", ()).metadata


@pytest.mark.parametrize("uid", [0, 1000])
def test_on_a_robot_only_root_may_override(motion, tmp_path, monkeypatch, capsys, uid):
    driven = DdsSettings(driven_record=tmp_path / "driven")
    monkeypatch.setattr("os.geteuid", lambda: uid)
    monkeypatch.setattr(run_command, "run_and_tell", lambda *_, **__: 0)
    monkeypatch.setattr(run_command, "read_dds_settings", lambda _: driven)
    told = main(["run", str(motion), "--robot", "dds", "--override-admission", "x"])
    assert told == (0 if uid == 0 else 2)
    assert ("only root may" in capsys.readouterr().err) == (uid != 0)


def test_of_several_clips_the_admissible_one_is_executed_and_the_choice_explained(
    motion, tmp_path, no_drawing, capsys
):
    broken = tmp_path / "broken.bvh"
    broken.write_text("HIERARCHY nothing")
    out = tmp_path / "out"
    assert main(["run", str(broken), str(motion), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "candidates sway.bvh: nominal: passed its rehearsal and" in told
    assert "broken.bvh: not usable: " in told
    ranking = json.loads((out / "report.json").read_text())["ranking"]
    assert [line.split(":")[0] for line in ranking] == ["sway.bvh", "broken.bvh"]
    assert "Candidates, the best first" in (out / "report.html").read_text()


def test_where_no_clip_can_be_used_each_is_named(tmp_path, capsys):
    paths = [tmp_path / name for name in ("a.bvh", "b.bvh")]
    for path in paths:
        path.write_text("HIERARCHY nothing")
    assert main(["run", *map(str, paths), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "a.bvh: not usable" in told and "b.bvh: not usable" in told
