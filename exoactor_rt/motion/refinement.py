"""Refinement of a body seen by a static camera: Levenberg-Marquardt with analytic derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exoactor_rt.motion import refinement_terms as terms
from exoactor_rt.motion.body import BODY_POINTS
from exoactor_rt.motion.normal_equations import NormalEquations
from exoactor_rt.motion.observation import BodyObservation
from exoactor_rt.motion.refinement_terms import Deviations, Ground
from exoactor_rt.types import BoolArray, FloatArray

MAX_ITERATIONS = 12
MAX_REJECTED = 6
CONVERGED = 1e-3
MIN_VISIBILITY = 0.05
_FIRST_DAMPING, _MIN_DAMPING = 1e-3, 1e-9


@dataclass(frozen=True)
class Refinement:
    """The problem: what was seen, and what must hold.

    Attributes:
        seen: the observation.
        lengths_m: [B] of BONES.
        contact: [T, 2] feet that stand.
        ground: start of the ground plane, or None to leave it out.
        deviations: of the terms.
    """

    seen: BodyObservation
    lengths_m: FloatArray
    contact: BoolArray
    ground: Ground | None
    deviations: Deviations = Deviations()


def refine_body(problem: Refinement, start: FloatArray) -> tuple[FloatArray, Ground | None, int]:
    """Minimise the cost from a start; the number of iterations is bounded.

    Args:
        problem: observation and constraints.
        start: [T, 17, 3] m in camera axes.

    Returns:
        Points [T, 17, 3] m in camera axes, the ground plane if there is one, and the number of
        factorisations.
    """
    points, ground = start, problem.ground
    equations, cost = _linearise(problem, points, ground)
    damping, solved = _FIRST_DAMPING, 0
    for _ in range(MAX_ITERATIONS):
        band = equations.banded()
        for _ in range(MAX_REJECTED):
            solved += 1
            step = equations.solve(band, damping)
            if step is not None:
                trial = points + step[0]
                trial_ground = ground and replace(ground, value=ground.value + step[1])
                trial_equations, trial_cost = _linearise(problem, trial, trial_ground)
                if trial_cost < cost:
                    break
            damping *= 10.0
        else:
            return points, ground, solved
        gained = (cost - trial_cost) / cost
        points, ground, equations, cost = trial, trial_ground, trial_equations, trial_cost
        damping = max(damping / 10.0, _MIN_DAMPING)
        if gained < CONVERGED:
            break
    return points, ground, solved


def _linearise(
    problem: Refinement, points: FloatArray, ground: Ground | None
) -> tuple[NormalEquations, float]:
    seen, deviations = problem.seen, problem.deviations
    pace = 30.0 / seen.rate_hz
    equations = NormalEquations(len(points), len(BODY_POINTS), 3 if ground else 0)
    image = deviations.image_of_body * seen.body_side_px / seen.focal_px
    weight = np.clip(seen.visibility, MIN_VISIBILITY, 1.0) / image
    cost = terms.add_reprojection(equations, points, seen.ray, weight, deviations.robust)
    cost += terms.add_bones(equations, points, problem.lengths_m, deviations)
    cost += terms.add_relative_depth(equations, points, seen.relative, deviations.depth_m)
    smooth = np.full(len(BODY_POINTS), 1.0 / (deviations.acceleration_m * pace**2))
    cost += terms.add_acceleration(equations, points, smooth)
    cost += terms.add_standing_feet(
        equations, points, problem.contact, deviations.foot_step_m * pace, deviations.robust
    )
    if ground:
        cost += terms.add_ground(equations, points, ground, problem.contact, deviations)
    return equations, cost
