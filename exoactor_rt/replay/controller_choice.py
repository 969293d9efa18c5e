"""Admission with the controller that is to execute: a tracker, the whole-body controller, or both.

A tracker has no ladder: it passes all its rehearsals or not. Asked for by name it is all there is;
chosen by "auto" the whole-body controller's ladder comes after it.
"""

from __future__ import annotations

from exoactor_rt.errors import PolicyError
from exoactor_rt.replay.admission import Admission, TrackerAttempt, admit, rehearse_task
from exoactor_rt.replay.rehearsal import Rehearse
from exoactor_rt.replay.trials import NOMINAL, OTHER_NOISE
from exoactor_rt.tracker import Policy, Tracking, prepare_tracking
from exoactor_rt.tracker.store import Controller
from exoactor_rt.types import Reference


def admit_task(
    reference: Reference, controller: Controller, policy: Policy | None, rehearse: Rehearse
) -> Admission:
    """What may be executed of `reference`, rehearsed with the controller that executes it.

    Args:
        reference: what to do.
        controller: as configured.
        policy: as `choose_policy` chose it for that controller.
        rehearse: see Rehearse; not with the seed of the run to come.
    """
    if policy is None:
        return admit(reference, rehearse)
    tracking, attempt = _try_tracker(reference, policy, rehearse)
    if tracking is not None or controller == "tracker":
        return Admission(None, (attempt,), tracking)
    descended = admit(reference, rehearse)
    return Admission(descended.plan, (attempt, *descended.attempts))


def _try_tracker(
    reference: Reference, policy: Policy, rehearse: Rehearse
) -> tuple[Tracking | None, TrackerAttempt]:
    name = policy.bundle.name
    try:
        tracking = prepare_tracking(policy, reference)
    except PolicyError as error:
        return None, TrackerAttempt(name, False, (str(error),))
    rehearsed = rehearse_task(tracking, rehearse, (NOMINAL, *OTHER_NOISE))
    passed = not rehearsed.reasons
    return tracking if passed else None, TrackerAttempt(name, passed, rehearsed.reasons, rehearsed)
