"""Analytic gradients against differences, and the banded solve against a dense one."""

from dataclasses import replace

import numpy as np
import pytest

from exoactor_rt.motion import refinement_terms as terms
from exoactor_rt.motion.bones import BONES, expected_bone_lengths
from exoactor_rt.motion.normal_equations import NormalEquations
from exoactor_rt.motion.refinement_terms import Deviations, Ground
from exoactor_rt.types import FloatArray

FRAMES, POINTS = 5, 17
DEVIATIONS = Deviations()
STEP = 1e-6


def random_body(seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    return rng.normal(0.0, 0.3, (FRAMES, POINTS, 3)) + np.array([0.1, 0.2, 4.0])


def lengths(points: FloatArray):
    bones = expected_bone_lengths(points, 1.75)
    return replace(bones, value=bones.expected * 1.03)


def ground() -> Ground:
    side = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    return Ground(np.array([0.0, -1.0, 0.0]), side, np.array([0.02, -0.03, -0.2]))


def add_term(name: str, equations: NormalEquations, points: FloatArray, shift: FloatArray) -> float:
    rng = np.random.default_rng(7)
    contact = rng.random((FRAMES, 2)) > 0.3
    weight = rng.uniform(0.5, 2.0, POINTS)
    if name == "reprojection":
        ray = rng.normal(0.0, 0.1, (FRAMES, POINTS, 2))
        return terms.add_reprojection(equations, points, ray, np.full((FRAMES, POINTS), 90.0), 3.0)
    if name == "bones":
        bones = lengths(random_body(3))
        moved = replace(bones, value=bones.value + shift)
        return terms.add_bones(equations, points, moved, 0, DEVIATIONS)
    if name == "depth":
        whitening = np.linalg.inv(np.linalg.cholesky(np.diag(weight) + 0.3)) * 10.0
        return terms.add_relative_depth(equations, points, random_body(5), whitening)
    if name == "acceleration":
        return terms.add_acceleration(equations, points, weight * 20.0)
    if name == "feet":
        return terms.add_standing_feet(equations, points, contact, 0.05, 3.0)
    plane = replace(ground(), value=ground().value + shift)
    return terms.add_ground(equations, points, plane, contact, DEVIATIONS)


GLOBALS = {"bones": 12, "ground": 3}


@pytest.mark.parametrize(
    "name", ["reprojection", "bones", "depth", "acceleration", "feet", "ground"]
)
def test_gradient_is_the_derivative_of_the_cost(name: str) -> None:
    points, count = random_body(1), GLOBALS.get(name, 0)
    equations = NormalEquations(FRAMES, POINTS, count)
    add_term(name, equations, points, np.zeros(count))

    def cost(moved: FloatArray, shift: FloatArray) -> float:
        return add_term(name, NormalEquations(FRAMES, POINTS, count), moved, shift)

    rng = np.random.default_rng(2)
    for _ in range(20):
        direction, shift = rng.normal(size=points.shape), rng.normal(size=count)
        forward = cost(points + STEP * direction, STEP * shift)
        backward = cost(points - STEP * direction, -STEP * shift)
        expected = (forward - backward) / (2.0 * STEP)
        got = (equations.gradient * direction).sum() + equations.corner_gradient @ shift
        assert got == pytest.approx(expected, rel=2e-4, abs=1e-3)


def test_banded_solution_equals_the_dense_one() -> None:
    points, bones = random_body(1), lengths(random_body(3))
    contact = np.ones((FRAMES, 2), dtype=np.bool_)
    equations = NormalEquations(FRAMES, POINTS, 15)
    weight = np.full((FRAMES, POINTS), 90.0)
    terms.add_reprojection(equations, points, points[..., :2] / 4.0, weight, 3.0)
    terms.add_ground(equations, points, ground(), contact, DEVIATIONS)
    terms.add_bones(equations, points, bones, 3, DEVIATIONS)
    terms.add_relative_depth(equations, points, random_body(5), 12.0 * np.eye(POINTS))
    terms.add_acceleration(equations, points, np.full(POINTS, 60.0))
    terms.add_standing_feet(equations, points, contact, 0.004, 3.0)
    size = 3 * POINTS
    dense = np.zeros((FRAMES * size + 15,) * 2)
    for t in range(FRAMES):
        here = slice(t * size, (t + 1) * size)
        dense[here, here] = equations.within[t].reshape(size, size)
        dense[here, -15:] = equations.border[t].reshape(size, 15)
        dense[-15:, here] = dense[here, -15:].T
        for ahead, couple in ((1, equations.next_frame), (2, equations.second_frame)):
            if t + ahead < FRAMES:
                there = slice((t + ahead) * size, (t + ahead + 1) * size)
                dense[here, there] = dense[there, here] = np.diag(couple[t].ravel())
    dense[-15:, -15:] = equations.corner
    right = -np.concatenate([equations.gradient.ravel(), equations.corner_gradient])
    solved = equations.solve(equations.banded(), 0.0)
    assert solved is not None
    got = np.concatenate([solved[0].ravel(), solved[1]])
    assert np.abs(dense @ got - right).max() < 1e-6 * np.abs(right).max()


def test_matrix_that_is_not_positive_gives_no_step() -> None:
    equations = NormalEquations(FRAMES, POINTS, 0)
    assert equations.solve(equations.banded(), 1e-3) is None


def test_expected_lengths_are_symmetric_and_near_human() -> None:
    relative = random_body(1)
    bones = expected_bone_lengths(relative, 1.75)
    assert len(bones.value) == 12
    assert len(BONES) == 22
    assert (bones.deviation > 0.0).all()
    assert np.array_equal(bones.value, bones.expected)
