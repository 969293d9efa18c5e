"""What a run leaves in its folder when it is refused, cannot draw or cannot write."""

import errno
import json

import pytest
from bvh_text import bvh_text

from exoactor_rt.cli.main import main
from exoactor_rt.errors import HardwareError, VideoError
from exoactor_rt.pipeline import chain
from exoactor_rt.pipeline import run as run_module
from exoactor_rt.pipeline.outputs import NAMES
from exoactor_rt.planning import PlanLevel
from exoactor_rt.replay import Admission, Attempt, admission

ATTEMPTS = tuple(
    Attempt(level, False, ("fallen at 3.2 s",))
    for level in (PlanLevel.NOMINAL, PlanLevel.TIGHT, PlanLevel.STANCE_ONLY)
)
WITHOUT_FILM = {name for key, name in NAMES.items() if key != "film"}


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
