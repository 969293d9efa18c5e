"""Admission with the controller that is to execute: a tracker, the whole-body controller, or both.

Asked for by name a tracker is all there is; chosen by "auto" the whole-body controller's ladder
comes after it.
"""

from __future__ import annotations

from exoactor_rt.replay.admission import Admission, admit
from exoactor_rt.replay.rehearsal import Rehearse
from exoactor_rt.replay.tracker_admission import admit_tracker
from exoactor_rt.tracker import Policy
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
    tracked = admit_tracker(reference, policy, rehearse)
    if tracked.tracking is not None or controller == "tracker":
        return tracked
    descended = admit(reference, rehearse)
    return Admission(descended.plan, (*tracked.attempts, *descended.attempts))
