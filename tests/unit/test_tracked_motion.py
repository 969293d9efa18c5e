"""The motion that a policy is shown, and the outer loop around it."""

import numpy as np
import pytest
from synthetic_run import make_reference

from exoactor_rt.robots import g1
from exoactor_rt.tracker.outer_loop import MAX_CORRECTION, SIDEWAYS_M_S, OuterLoop
from exoactor_rt.tracker.tracked_motion import BLEND_S, HOLD_S, lead_in_and_out

RATE_HZ = 50.0
REFERENCE = make_reference()
POSTURE = g1.standing_position()


@pytest.fixture(scope="module")
def motion():
    return lead_in_and_out(REFERENCE, RATE_HZ, POSTURE)


def test_begins_and_ends_standing(motion):
    joints = motion.track.frames.joint_position
    np.testing.assert_allclose(joints[: round(HOLD_S * RATE_HZ)], np.tile(POSTURE, (50, 1)))
    np.testing.assert_allclose(joints[-1], POSTURE, atol=1e-9)
    assert np.abs(np.diff(joints, axis=0)).max() * RATE_HZ < 5.0


def test_moments_run_through_the_reference_once(motion):
    moments = [motion.moment(step) for step in range(len(motion.track) + 5)]
    times = np.array([moment.reference_time_s for moment in moments])
    assert (np.diff(times) >= 0).all()
    assert times[-1] == pytest.approx(
        (len(REFERENCE.joint_position) - 1) / REFERENCE.rate_hz, abs=0.02
    )
    full = [moment.blend == 1.0 for moment in moments]
    assert sum(full) == motion.clip_steps
    assert not moments[-7].ended and moments[-1].ended
    assert moments[0].blend == moments[-1].blend == 0.0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_cut_short_it_leads_out_from_there(motion, share):
    step = motion.lead_steps + int(share * motion.clip_steps)
    cut = motion.cut_at(step)
    shown = motion.track.frames.joint_position[: step + 1]
    np.testing.assert_allclose(cut.track.frames.joint_position[: step + 1], shown)
    np.testing.assert_allclose(cut.track.frames.joint_position[-1], POSTURE, atol=1e-9)
    assert len(cut.track) <= step + 3 + BLEND_S * RATE_HZ
    assert cut.moment(step).reference_time_s == pytest.approx(motion.moment(step).reference_time_s)
    assert cut.moment(len(cut.track)).ended
    assert cut.cut_at(len(cut.track)) is cut


def settled(error, error_rad, velocity):
    loop = OuterLoop(RATE_HZ)
    for _ in range(200):
        added = loop.update(np.array(error), error_rad, np.array(velocity))
    return added


def test_the_loop_pulls_towards_the_reference_within_its_bounds():
    np.testing.assert_allclose(settled([0.2, -0.1], 0.3, [0.0, 0.0]), [0.2, -0.1, 0.3], atol=1e-3)
    far = settled([40.0, 30.0], -3.0, [0.0, 0.0])
    np.testing.assert_allclose(far[:2], [0.8 * MAX_CORRECTION, SIDEWAYS_M_S], atol=1e-3)
    assert far[2] == pytest.approx(-MAX_CORRECTION, abs=1e-3)


def test_a_fast_sidestep_is_not_sped_up():
    assert settled([0.0, 3.0], 0.0, [0.0, 1.0])[1] == pytest.approx(0.0)
    assert settled([0.0, -3.0], 0.0, [0.0, 1.0])[1] == pytest.approx(-MAX_CORRECTION, abs=1e-3)
    assert settled([0.0, 3.0], 0.0, [0.0, 0.5])[1] == pytest.approx(SIDEWAYS_M_S - 0.5)
