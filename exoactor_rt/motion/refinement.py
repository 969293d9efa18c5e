"""Refinement of a body seen by a static camera: Levenberg-Marquardt with analytic derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exoactor_rt.motion import refinement_terms as terms
from exoactor_rt.motion.body import BODY_POINTS
from exoactor_rt.motion.bones import BoneLengths
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
        bones: start and expectation of the bone lengths.
        contact: [T, 2] feet that stand.
        ground: start of the ground plane, or None to leave it out.
        deviations: of the terms.
    """

    seen: BodyObservation
    bones: BoneLengths
    contact: BoolArray
    ground: Ground | None
    deviations: Deviations = Deviations()


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
    damping, solved = _FIRST_DAMPING, 0
    for _ in range(MAX_ITERATIONS):
        band = equations.banded()
        for _ in range(MAX_REJECTED):
            solved += 1
            step = equations.solve(band, damping)
            if step is not None:
                trial = body.moved(*step)
                trial_equations, trial_cost = _linearise(problem, trial)
                if trial_cost < cost:
                    break
            damping *= 10.0
        else:
            return body, solved
        gained = (cost - trial_cost) / cost
        body, equations, cost = trial, trial_equations, trial_cost
        damping = max(damping / 10.0, _MIN_DAMPING)
        if gained < CONVERGED:
            break
    return body, solved


def _linearise(problem: Refinement, body: Body) -> tuple[NormalEquations, float]:
    seen, deviations, points = problem.seen, problem.deviations, body.points
    pace = 30.0 / seen.rate_hz
    first_length = terms.GROUND_GLOBALS if body.ground else 0
    equations = NormalEquations(
        len(points), len(BODY_POINTS), first_length + len(body.bones.value)
    )
    image = deviations.image_of_body * seen.body_side_px / seen.focal_px
    weight = np.clip(seen.visibility, MIN_VISIBILITY, 1.0) / image
    cost = terms.add_reprojection(equations, points, seen.ray, weight, deviations.robust)
    cost += terms.add_bones(equations, points, body.bones, first_length, deviations)
    cost += terms.add_relative_depth(equations, points, seen.relative, deviations.depth_m)
    smooth = np.full(len(BODY_POINTS), 1.0 / (deviations.acceleration_m * pace**2))
    cost += terms.add_acceleration(equations, points, smooth)
    cost += terms.add_standing_feet(
        equations, points, problem.contact, deviations.foot_step_m * pace, deviations.robust
    )
    if body.ground:
        cost += terms.add_ground(equations, points, body.ground, problem.contact, deviations)
    return equations, cost
