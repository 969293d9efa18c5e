"""Admission of a learned tracker: with a correction that its rehearsals taught it, or without."""

from __future__ import annotations

import math

from exoactor_rt.errors import PolicyError
from exoactor_rt.execution import Execution
from exoactor_rt.replay.admission import Admission, Rehearsed, TrackerAttempt, rehearse_task
from exoactor_rt.replay.rehearsal import Rehearse
from exoactor_rt.replay.trials import NOMINAL, OTHER_NOISE, PERTURBED
from exoactor_rt.replay.verdict import REFERENCE_LEFT_S
from exoactor_rt.tracker import (
    LearnedCorrection,
    Policy,
    Tracking,
    learn_correction,
    prepare_tracking,
)
from exoactor_rt.tracker.learned_correction import ROUNDS
from exoactor_rt.types import Reference

UNDISTURBED = (NOMINAL, *OTHER_NOISE)
LEAST_GAIN_M = 0.001
"""Of the keypoints, by which a correction must help: noise alone changes them by as much."""


def admit_tracker(reference: Reference, policy: Policy, rehearse: Rehearse) -> Admission:
    """The tracking to execute.

    It is rehearsed as it is, undisturbed. What it missed there becomes a correction; with that it
    is taken where every rehearsal holds and it is nearer to the reference. Otherwise it is taken
    without, where its disturbed rehearsals hold as well.

    Args:
        reference: what to follow; all is measured against it.
        policy: that is to follow it.
        rehearse: see Rehearse; not with the seed of the run to come.
    """
    name = policy.bundle.name
    try:
        tracking = prepare_tracking(policy, reference)
    except PolicyError as error:
        return Admission(None, (TrackerAttempt(name, False, (str(error),)),))
    rehearsed = rehearse_task(tracking, rehearse, UNDISTURBED)
    correction = _learn(reference, policy, rehearse, rehearsed)
    attempts: tuple[TrackerAttempt, ...] = ()
    if correction is not None:
        corrected = prepare_tracking(policy, reference, correction)
        attempts = (_try_corrected(corrected, correction, rehearse, rehearsed),)
        if attempts[0].passed:
            return Admission(None, attempts, corrected)
    if not rehearsed.reasons:
        rehearsed = rehearsed.followed_by(rehearse_task(tracking, rehearse, PERTURBED))
    reasons = rehearsed.reasons
    attempts = (*attempts, TrackerAttempt(name, not reasons, reasons, rehearsed))
    return Admission(None, attempts, None if reasons else tracking)


def _learn(
    reference: Reference, policy: Policy, rehearse: Rehearse, rehearsed: Rehearsed
) -> LearnedCorrection | None:
    """What is left to correct after the rounds; None where a rehearsal did not reach the end."""
    correction: LearnedCorrection | None = None
    for _ in range(ROUNDS):
        if correction is not None:
            shown = prepare_tracking(policy, reference, correction)
            rehearsed = rehearse_task(shown, rehearse, (NOMINAL,))
        followed = _followed_to_the_end(rehearsed)
        if not followed:
            return None
        correction = learn_correction(reference, followed, correction)
    return correction


def _followed_to_the_end(rehearsed: Rehearsed) -> list[Execution]:
    return [
        trial.execution
        for trial in rehearsed.trials
        if trial.execution is not None
        and not trial.figures.fallen
        and trial.figures.reference_left_s <= REFERENCE_LEFT_S
    ]


def _try_corrected(
    corrected: Tracking, correction: LearnedCorrection, rehearse: Rehearse, before: Rehearsed
) -> TrackerAttempt:
    """The rehearsals of the corrected motion, as far as they hold."""
    rehearsed = rehearse_task(corrected, rehearse, UNDISTURBED)
    without_m, with_m = _keypoint_error_m(before), _keypoint_error_m(rehearsed)
    keypoints = f"keypoints {1e3 * without_m:.1f} -> {1e3 * with_m:.1f} mm off"
    reasons = rehearsed.reasons
    if not reasons and not with_m <= without_m - LEAST_GAIN_M:
        reasons = (f"keypoints not {1e3 * LEAST_GAIN_M:g} mm nearer",)
    if not reasons:
        rehearsed = rehearsed.followed_by(rehearse_task(corrected, rehearse, PERTURBED))
        reasons = rehearsed.reasons
    name = corrected.policy.bundle.name
    return TrackerAttempt(name, not reasons, reasons, rehearsed, f"{keypoints}; {correction}")


def _keypoint_error_m(rehearsed: Rehearsed) -> float:
    """Of the nominal rehearsal, which comes first."""
    return rehearsed.trials[0].figures.keypoint_error_m if rehearsed.trials else math.nan
