"""Refinement of a body seen by a static camera: Gauss-Newton with analytic derivatives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from exoactor_rt.motion import refinement_terms as terms
from exoactor_rt.motion.body import BODY_POINTS
from exoactor_rt.motion.bones import BoneLengths
from exoactor_rt.motion.normal_equations import NormalEquations
from exoactor_rt.motion.observation import BodyObservation
from exoactor_rt.motion.refinement_terms import Deviations, Ground
from exoactor_rt.types import BoolArray, FloatArray

MAX_FACTORISATIONS = 12
CONVERGED = 5e-3
MIN_VISIBILITY = 0.05
DEPTH_FACTOR = {
    "head": 1.5,
    "elbow": 1.5,
    "knee": 1.5,
    "wrist": 2.0,
    "ankle": 2.0,
    "heel": 2.0,
    "toe": 2.0,
}
"""How much less than hips and shoulders the network's depth of a point is worth."""
_DAMPING, _BRAKE = 1e-6, 100.0
_STEP_LENGTHS = (1.0, 0.5, 0.25, 0.125)
_DEPTH_FACTOR = np.array([DEPTH_FACTOR.get(name.split("_")[-1], 1.0) for name in BODY_POINTS])
_ABOVE_HIPS = np.array(
    [name.split("_")[-1] in ("head", "shoulder", "elbow", "wrist") for name in BODY_POINTS]
)


@dataclass(frozen=True)
class Refinement:
    """The problem: what was seen, and what must hold.

    Attributes:
        seen: the observation.
        bones: start and expectation of the bone lengths.
        contact: [T, 2] feet that stand.
        ground: start of the ground plane, or None to leave it out.
        deviations: of the terms.
    """

    seen: BodyObservation
    bones: BoneLengths
    contact: BoolArray
    ground: Ground | None
    deviations: Deviations = field(default_factory=Deviations)


@dataclass(frozen=True)
class Body:
    """The unknowns.

    Attributes:
        points: [T, 17, 3] m in camera axes.
        bones: the person's lengths.
        ground: the plane under the feet, or None.
    """

    points: FloatArray
    bones: BoneLengths
    ground: Ground | None

    def moved(self, points: FloatArray, shift: FloatArray) -> Body:
        """This body after a step of the points and of the globals (ground, then lengths)."""
        split = terms.GROUND_GLOBALS if self.ground else 0
        ground = self.ground and replace(self.ground, value=self.ground.value + shift[:split])
        bones = replace(self.bones, value=self.bones.value + shift[split:])
        return Body(self.points + points, bones, ground)


def refine_body(problem: Refinement, points: FloatArray) -> tuple[Body, int]:
    """Minimise the cost from a start; the number of iterations is bounded.

    Args:
        problem: observation and constraints.
        points: start [T, 17, 3] m in camera axes.

    Returns:
        The refined body and the number of factorisations.
    """
    body = Body(points, problem.bones, problem.ground)
    equations, cost = _linearise(problem, body)
    damping = _DAMPING
    for solved in range(1, MAX_FACTORISATIONS + 1):
        step = equations.solve(equations.banded(), damping)
        for length in _STEP_LENGTHS:
            if step is None:
                continue
            trial = body.moved(length * step[0], length * step[1])
            trial_equations, trial_cost = _linearise(problem, trial)
            if trial_cost < cost:
                break
        else:
            damping *= _BRAKE
            continue
        gained = (cost - trial_cost) / cost
        body, equations, cost = trial, trial_equations, trial_cost
        damping = _DAMPING
        if gained < CONVERGED:
            return body, solved
    return body, MAX_FACTORISATIONS


def _linearise(problem: Refinement, body: Body) -> tuple[NormalEquations, float]:
    seen, deviations, points = problem.seen, problem.deviations, body.points
    pace = 30.0 / seen.rate_hz
    first_length = terms.GROUND_GLOBALS if body.ground else 0
    equations = NormalEquations(len(points), len(BODY_POINTS), first_length + len(body.bones.value))
    image = deviations.image_of_body * seen.body_side_px / seen.focal_px
    weight = np.clip(seen.visibility, MIN_VISIBILITY, 1.0) / image
    cost = terms.add_reprojection(equations, points, seen.ray, weight, deviations.robust)
    cost += terms.add_bones(equations, points, body.bones, first_length, deviations)
    cost += terms.add_relative_depth(equations, points, seen.relative, _depth_whitening(deviations))
    smooth = np.full(len(BODY_POINTS), 1.0 / (deviations.acceleration_m * pace**2))
    cost += terms.add_acceleration(equations, points, smooth)
    cost += terms.add_standing_feet(
        equations, points, problem.contact, deviations.foot_step_m * pace, deviations.robust
    )
    if body.ground:
        cost += terms.add_ground(equations, points, body.ground, problem.contact, deviations)
    return equations, cost


def _depth_whitening(deviations: Deviations) -> FloatArray:
    """Whitening [17, 17] 1/m of the network's errors of depth.

    Each point errs by itself, and all above the hips err together: the network sees a person who
    leans towards the camera more upright than the shortened trunk in the image allows.
    """
    own = (deviations.depth_m * _DEPTH_FACTOR) ** 2
    covariance = np.diag(own) + deviations.lean_m**2 * np.outer(_ABOVE_HIPS, _ABOVE_HIPS)
    whitening: FloatArray = np.linalg.inv(np.linalg.cholesky(covariance))
    return whitening
