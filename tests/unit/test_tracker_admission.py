"""A tracker is taken with what it learned only where all rehearsals hold and it is nearer."""

from dataclasses import replace

import numpy as np
import pytest
from policy_files import simple_bundle, write_network
from synthetic_run import make_execution, make_reference

from exoactor_rt.replay import TrialResult, admit_task, measure
from exoactor_rt.tracker import Policy
from exoactor_rt.tracker.learned_correction import bounds_rad

REFERENCE = make_reference()
PLAIN = make_execution(REFERENCE)


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    network = write_network(tmp_path_factory.mktemp("policy") / "policy.onnx", 29)
    return Policy(simple_bundle(network, name="soft"), network)


class Rehearsals:
    """Of a robot that misses the reference by `missed_rad`, less as much as it is shown.

    Attributes:
        answer: how much of a correction it follows.
        failing: (with a correction, trial) of the rehearsals that do not hold.
        seen: (with a correction, trial) in the order in which they were asked for.
    """

    def __init__(self, answer=1.0, failing=(), fallen=(), missed_rad=0.1):
        self.answer, self.failing, self.fallen, self.missed = answer, failing, fallen, missed_rad
        self.seen = []

    def __call__(self, task, trials):
        corrected = task.correction is not None
        for trial in trials:
            self.seen.append((corrected, trial.name))
            execution = self._execution(task, (corrected, trial.name) in self.fallen)
            held = self.seen[-1] not in (*self.failing, *self.fallen)
            yield TrialResult(
                trial.name,
                () if held else ("a hand in a hip",),
                (),
                measure(execution, REFERENCE),
                None if trial.disturbs else execution,
            )

    def _execution(self, task, fallen):
        joints = PLAIN.planned_joint_position - self.missed
        if task.correction is not None:
            frames = np.round(PLAIN.reference_time_s * REFERENCE.rate_hz).astype(int)
            joints = joints + self.answer * task.correction.joint_offset[frames]
        return replace(PLAIN, joint_position=joints, fallen=fallen)


def admit(policy, rehearsals):
    return admit_task(REFERENCE, "tracker", policy, rehearsals)


def test_what_was_missed_is_corrected_where_every_rehearsal_holds(policy):
    rehearsals = Rehearsals()
    admitted = admit(policy, rehearsals)
    assert admitted.tracking is not None and admitted.tracking.correction is not None
    learned = admitted.tracking.correction.joint_offset
    np.testing.assert_allclose(learned[:, bounds_rad() > 0.0], 0.075, atol=1e-9)
    (attempt,) = admitted.attempts
    assert attempt.passed and attempt.rehearsed.asked == 11
    assert "with a learned correction (keypoints " in str(attempt)
    assert "10 disturbed ones" in str(attempt)
    plain = [name for corrected, name in rehearsals.seen if not corrected]
    assert plain == ["nominal", "other noise", "other noise"]
    assert len(rehearsals.seen) == 3 + 1 + 11


@pytest.mark.parametrize(
    "failing", ["nominal", "other noise", "4 ms of latency", "noise of the sensors half more"]
)
def test_one_rehearsal_that_does_not_hold_leaves_the_motion_as_it_is(policy, failing):
    rehearsals = Rehearsals(failing=[(True, failing)])
    admitted = admit(policy, rehearsals)
    assert admitted.tracking is not None and admitted.tracking.correction is None
    tried, taken = admitted.attempts
    assert not tried.passed and tried.learned and "a hand in a hip" in str(tried)
    assert taken.passed and not taken.learned and taken.rehearsed.asked == 11
    assert [name for corrected, name in rehearsals.seen if not corrected][-1].startswith("noise")


@pytest.mark.parametrize("answer", [0.0, -0.5])
def test_a_correction_that_brings_nothing_nearer_is_not_taken(policy, answer):
    admitted = admit(policy, Rehearsals(answer))
    assert admitted.tracking is not None and admitted.tracking.correction is None
    assert "keypoints not 1 mm nearer" in str(admitted.attempts[0])


def test_the_error_is_measured_against_the_reference_not_what_is_shown(policy):
    """A robot that meets the reference already is led off it by any correction."""
    admitted = admit(policy, Rehearsals(answer=-1.0, missed_rad=0.0))
    assert admitted.tracking is not None and admitted.tracking.correction is None


def test_nothing_is_learned_from_a_fall(policy):
    rehearsals = Rehearsals(fallen=[(False, "nominal")])
    refused = admit(policy, rehearsals)
    assert refused.task is None and len(refused.attempts) == 1
    assert rehearsals.seen == [(False, "nominal")]


def test_what_falls_while_it_learns_is_followed_as_it_is(policy):
    rehearsals = Rehearsals(fallen=[(True, "nominal")])
    admitted = admit(policy, rehearsals)
    assert admitted.tracking is not None and admitted.tracking.correction is None
    assert [seen for seen in rehearsals.seen if seen[0]] == [(True, "nominal")]


def test_a_motion_that_keeps_its_limits_only_when_corrected_is_admitted_corrected(policy):
    admitted = admit(policy, Rehearsals(failing=[(False, "nominal")]))
    assert admitted.tracking is not None and admitted.tracking.correction is not None
    assert admitted.attempts[-1].passed and admitted.attempts[-1].rehearsed.asked == 11
