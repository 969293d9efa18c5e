"""A run by a tracker that was shown a learned correction: what log, files and report hold of it."""

import io
import json

import msgspec
import numpy as np
import pytest
from bvh_text import bvh_text
from standing_policy import standing_site

from exoactor_rt.config import Config, ControlConfig
from exoactor_rt.errors import HardwareError
from exoactor_rt.pipeline import chain, run_chain
from exoactor_rt.pipeline import run as run_module
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import read_run
from exoactor_rt.replay import Admission, TrackerAttempt
from exoactor_rt.replay.rerun import RerunMode, recorded_run, rerun
from exoactor_rt.retarget import load_reference
from exoactor_rt.tracker import LearnedCorrection, parse_tracking, prepare_tracking
from exoactor_rt.tracker.learned_correction import bounds_rad

pytest.importorskip("mujoco")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """A run whose tracking carries a correction: its result, and the policy."""
    folder = tmp_path_factory.mktemp("tracked")
    motion = folder / "sway.bvh"
    motion.write_text(bvh_text())
    policies = []

    def admit(reference, controller, policy, rehearse):
        frames = len(reference.joint_position)
        correction = LearnedCorrection(np.tile(0.5 * bounds_rad(), (frames, 1)))
        policies.append(policy)
        attempt = TrackerAttempt("stander", True, learned=f"9.0 -> 8.0 mm off; {correction}")
        return Admission(None, (attempt,), prepare_tracking(policy, reference, correction))

    def no_film(*_):
        raise HardwareError("no display; no pictures")

    with pytest.MonkeyPatch.context() as patch:
        standing_site(folder, patch)
        patch.setattr(chain, "admit_task", admit)
        patch.setattr(run_module, "write_film", no_film)
        control = ControlConfig(controller="tracker", policy="stander")
        config = msgspec.structs.replace(Config(), control=control)
        result = run_chain(motion, folder / "out", config, StageTimes())
    return result, policies[0]


def test_the_log_holds_the_reference_and_what_was_shown(corrected):
    result, policy = corrected
    run = read_run(result.files["log"])
    attached = run.attachments["tracking.1.npz"]
    assert attached == result.files["tracking"].read_bytes()
    read = parse_tracking(attached, "log", policy)
    np.testing.assert_allclose(read.correction.joint_offset[0], 0.5 * bounds_rad())
    reference = load_reference(result.files["reference"])
    np.testing.assert_array_equal(
        np.load(io.BytesIO(attached))["joint_position"], reference.joint_position
    )
    assert run.attachments["reference.npz"] == result.files["reference"].read_bytes()
    assert "learned correction, rms" in run.metadata["policy shown"]


def test_what_the_robot_is_measured_against_is_the_reference(corrected):
    result, _ = corrected
    execution = result.rollout.execution
    followed = execution.followed
    reference = load_reference(result.files["reference"])
    frames_s = np.arange(len(reference.joint_position)) / reference.rate_hz
    times_s = execution.reference_time_s[followed]
    asked = [np.interp(times_s, frames_s, angle) for angle in reference.joint_position.T]
    planned = execution.planned_joint_position[followed]
    np.testing.assert_allclose(planned, np.stack(asked, axis=1), atol=0.05)


@pytest.mark.parametrize("mode", list(RerunMode))
def test_the_log_comes_out_the_same_again(corrected, mode):
    result, _ = corrected
    found = rerun(recorded_run(read_run(result.files["log"])), mode)
    assert found.same, str(found.first)


def test_the_report_tells_what_was_learned(corrected):
    result, _ = corrected
    page = result.files["report"].read_text()
    assert "shown the reference with a learned correction, rms" in page
    plan = json.loads(result.files["data"].read_text())["plan"]
    assert "with a learned correction (9.0 -" in plan["attempts"][0]
