"""Terms of the refinement's cost: each adds its share to the normal equations and returns its cost.

Every residual is divided by a standard deviation; costs are half sums of squares, or of the
pseudo-Huber function where a term must bear outliers (Huber 1964; Charbonnier et al. 1997), whose
weights are recomputed in each iteration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.motion.body import FEET, HIPS
from exoactor_rt.motion.bones import (
    BONE_KIND,
    BONE_KINDS,
    BONES,
    FLEXIBLE_BONE_COUNT,
    SCALE_CHAIN,
    BoneLengths,
)
from exoactor_rt.motion.normal_equations import NormalEquations
from exoactor_rt.types import BoolArray, FloatArray

MIN_DEPTH_M = 0.2

_CHAIN = np.zeros(len(BONE_KINDS))
_CHAIN[[BONE_KINDS.index(kind) for kind in SCALE_CHAIN]] = 1.0
_SOLES = np.array([foot[1:] for foot in FEET])
_AXES = np.arange(3)


@dataclass(frozen=True)
class Deviations:
    """Standard deviations of the terms.

    Attributes:
        image_of_body: reprojection, of the side of the square around the person.
        bone_m: length of a rigid bone; bones of the trunk give way `trunk_factor` as much.
        trunk_factor: see `bone_m`.
        depth_m: relative depth told by the network, of a point by itself.
        lean_m: the same, of all points above the hips together.
        acceleration_m: second difference at 30 frames a second.
        foot_step_m: motion of a standing foot between frames at 30 frames a second.
        ground_m: distance of a standing sole to the ground.
        tilt: slope of the ground against the gravity estimate.
        chain_m: change of the length from ankle to ear, which fixes the scale.
        robust: where, in standard deviations, a robust term turns from square to linear.
    """

    image_of_body: float = 0.0087
    bone_m: float = 0.006
    trunk_factor: float = 3.0
    depth_m: float = 0.08
    lean_m: float = 0.06
    acceleration_m: float = 0.015
    foot_step_m: float = 0.004
    ground_m: float = 0.02
    tilt: float = 0.1
    chain_m: float = 0.0003
    robust: float = 3.0


def add_reprojection(
    equations: NormalEquations,
    points: FloatArray,
    ray: FloatArray,
    weight: FloatArray,
    robust: float,
) -> float:
    """Points [T, P, 3] in camera axes against rays [T, P, 2]; `weight [T, P]` is 1 / deviation."""
    depth = np.maximum(points[..., 2], MIN_DEPTH_M)
    error = (points[..., :2] / depth[..., None] - ray) * weight[..., None]
    square = (error**2).sum(axis=-1) / robust**2
    root = np.sqrt(1.0 + square)
    slope = np.zeros((*points.shape[:2], 2, 3))
    scale = weight / depth
    slope[..., 0, 0] = slope[..., 1, 1] = scale
    slope[..., 2] = -points[..., :2] * (scale / depth)[..., None]
    slope[..., 2] *= (points[..., 2] > MIN_DEPTH_M)[..., None]
    weighted = slope / root[..., None, None]
    equations.gradient += np.einsum("tpri,tpr->tpi", weighted, error)
    _add_own(equations, np.einsum("tpri,tprj->tpij", weighted, slope))
    return float(robust**2 * (root - 1.0).sum())


def add_bones(
    equations: NormalEquations,
    points: FloatArray,
    bones: BoneLengths,
    first_global: int,
    deviations: Deviations,
) -> float:
    """Distances between the ends of BONES against the person's lengths, which are unknown too.

    The lengths' own terms: each near what was expected, and the chain from ankle to ear as it was,
    for the image knows no scale.

    Args:
        equations: to add to; the lengths are globals from `first_global` on.
        points: [T, P, 3] m.
        bones: lengths now and expected.
        first_global: index of the first length among the globals.
        deviations: of the terms.
    """
    cost = 0.0
    own = slice(first_global, first_global + len(bones.value))
    corner = equations.corner[own, own]
    corner_gradient = equations.corner_gradient[own]
    for bone, (a, b) in enumerate(BONES):
        flexible = bone < FLEXIBLE_BONE_COUNT
        weight = 1.0 / (deviations.bone_m * (deviations.trunk_factor if flexible else 1.0))
        kind = BONE_KIND[bone]
        between = points[:, a] - points[:, b]
        length = np.maximum(np.linalg.norm(between, axis=1), 1e-6)
        slope = between * (weight / length)[:, None]
        error = (length - bones.value[kind]) * weight
        outer = slope[:, :, None] * slope[:, None, :]
        equations.within[:, a, :, a, :] += outer
        equations.within[:, b, :, b, :] += outer
        equations.within[:, a, :, b, :] -= outer
        equations.within[:, b, :, a, :] -= outer
        equations.gradient[:, a] += slope * error[:, None]
        equations.gradient[:, b] -= slope * error[:, None]
        equations.border[:, a, :, first_global + kind] -= slope * weight
        equations.border[:, b, :, first_global + kind] += slope * weight
        corner[kind, kind] += len(points) * weight**2
        corner_gradient[kind] -= weight * error.sum()
        cost += 0.5 * float(error @ error)
    change = bones.value - bones.expected
    chain = _CHAIN / deviations.chain_m
    corner += np.diag(bones.deviation**-2) + np.outer(chain, chain)
    corner_gradient += change / bones.deviation**2 + chain * float(chain @ change)
    return cost + 0.5 * float(((change / bones.deviation) ** 2).sum() + (chain @ change) ** 2)


def add_relative_depth(
    equations: NormalEquations, points: FloatArray, relative: FloatArray, whitening: FloatArray
) -> float:
    """Depth of each point from mid-hip against the network's, `relative [T, P, 3] m`.

    `whitening [P, P]` makes the network's errors independent and of deviation one.
    """
    centring = np.eye(points.shape[1])
    centring[:, list(HIPS)] -= 0.5
    slope = whitening @ centring
    error = points[..., 2] @ slope.T - relative[..., 2] @ whitening.T
    equations.gradient[..., 2] += error @ slope
    equations.within[:, :, 2, :, 2] += slope.T @ slope
    return 0.5 * float((error**2).sum())


def add_acceleration(equations: NormalEquations, points: FloatArray, weight: FloatArray) -> float:
    """Second differences in time; `weight [P]` is 1 / deviation."""
    if len(points) < 3:
        return 0.0
    error = (points[2:] - 2.0 * points[1:-1] + points[:-2]) * weight[:, None]
    square = np.broadcast_to((weight**2)[:, None], error.shape)
    diagonal = np.zeros_like(points)
    for shift, factor in ((0, 1.0), (1, -2.0), (2, 1.0)):
        part = slice(shift, len(points) - 2 + shift)
        equations.gradient[part] += factor * weight[:, None] * error
        diagonal[part] += factor**2 * square
    _add_own_diagonal(equations, diagonal)
    equations.next_frame[:-1] -= 2.0 * square
    equations.next_frame[1:] -= 2.0 * square
    equations.second_frame += square
    return 0.5 * float((error**2).sum())


def add_standing_feet(
    equations: NormalEquations,
    points: FloatArray,
    contact: BoolArray,
    deviation_m: float,
    robust: float,
) -> float:
    """Ankle, heel and toe of a standing foot [T, 2] stay where they are.

    Robust by point, so that a heel may rise while its toe stands.
    """
    cost = 0.0
    for side, foot in enumerate(FEET):
        both = (contact[1:, side] & contact[:-1, side]).astype(np.float64)
        for point in foot:
            error = (points[1:, point] - points[:-1, point]) / deviation_m
            root = np.sqrt(1.0 + (error**2).sum(axis=1) / robust**2)
            cost += float(robust**2 * (both * (root - 1.0)).sum())
            weight = (both / root)[:, None]
            pull = weight * error / deviation_m
            equations.gradient[1:, point] += pull
            equations.gradient[:-1, point] -= pull
            curve = np.broadcast_to(weight / deviation_m**2, error.shape)
            equations.within[1:, point, _AXES, point, _AXES] += curve
            equations.within[:-1, point, _AXES, point, _AXES] += curve
            equations.next_frame[:, point] -= curve
    return cost


@dataclass(frozen=True)
class Ground:
    """A plane in camera axes: `(up + tilt[0] side[0] + tilt[1] side[1]) . x = height`.

    Attributes:
        up: [3] unit, the gravity estimate.
        side: [2, 3] unit, across `up`.
        value: [3] the two tilts and the height in m; the globals of the normal equations.
    """

    up: FloatArray
    side: FloatArray
    value: FloatArray


GROUND_GLOBALS = 3


def add_ground(
    equations: NormalEquations,
    points: FloatArray,
    ground: Ground,
    contact: BoolArray,
    deviations: Deviations,
) -> float:
    """Heels and toes of standing feet lie on one plane near the horizontal of the estimate."""
    normal = ground.up + ground.value[:2] @ ground.side
    weight = 1.0 / deviations.ground_m
    corner = equations.corner[:GROUND_GLOBALS, :GROUND_GLOBALS]
    corner_gradient = equations.corner_gradient[:GROUND_GLOBALS]
    cost = 0.0
    for side in (0, 1):
        for point in _SOLES[side]:
            where = points[:, point]
            error = (where @ normal - ground.value[2]) * weight
            root = np.sqrt(1.0 + (error / deviations.robust) ** 2)
            on = contact[:, side] / root
            own = np.broadcast_to(normal * weight, where.shape)
            outer = np.concatenate([where @ ground.side.T, -np.ones((len(where), 1))], axis=1)
            outer = outer * weight
            equations.gradient[:, point] += (on * error)[:, None] * own
            equations.within[:, point, :, point, :] += (
                on[:, None, None] * own[:, :, None] * own[:, None, :]
            )
            equations.border[:, point, :, :GROUND_GLOBALS] += (
                on[:, None, None] * own[:, :, None] * outer[:, None, :]
            )
            corner += np.einsum("t,ti,tj->ij", on, outer, outer)
            corner_gradient += outer.T @ (on * error)
            cost += float(deviations.robust**2 * (contact[:, side] * (root - 1.0)).sum())
    tilt = ground.value[:2] / deviations.tilt
    corner += np.diag([deviations.tilt**-2, deviations.tilt**-2, 1e-6])
    corner_gradient[:2] += tilt / deviations.tilt
    return cost + 0.5 * float(tilt @ tilt)


def _add_own(equations: NormalEquations, blocks: FloatArray) -> None:
    points = np.arange(blocks.shape[1])
    equations.within[:, points, :, points, :] += np.swapaxes(blocks, 0, 1)


def _add_own_diagonal(equations: NormalEquations, diagonal: FloatArray) -> None:
    points = np.arange(diagonal.shape[1])
    for axis in range(3):
        equations.within[:, points, axis, points, axis] += diagonal[..., axis]
