"""What the checks look at: derivatives and geometry of a subject, each worked out once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d
from scipy.spatial.transform import Rotation

from exoactor_rt.replay.checks.clearance import pair_clearance
from exoactor_rt.replay.subject import Kind, Subject
from exoactor_rt.retarget import kinematics
from exoactor_rt.retarget.metrics import sole_corners
from exoactor_rt.robots.g1.link_masses import link_masses
from exoactor_rt.types import BoolArray, FloatArray

GEOMETRY_RATE_HZ = 50.0
"""Logs are sampled down to this for geometry; motions that never ran keep their own rate."""

SMOOTHING_S = 0.02
"""Measured speeds are averaged over this before they are differentiated."""

GRAVITY_M_S2 = 9.81
_LEAST_HEIGHT_M = 0.2
_STANDING_HEIGHT_M = 0.03


class Evidence:
    """A subject's derived quantities; values that are not finite are held from the frame before.

    Attributes:
        subject: as it was read.
    """

    def __init__(self, subject: Subject):
        self.subject = subject

    @cached_property
    def period_s(self) -> float:
        """Median time between samples."""
        times = self.subject.times_s
        return float(np.median(np.diff(times))) if len(times) > 1 else 0.0

    @cached_property
    def joint_position(self) -> FloatArray:
        """[N, 29] rad."""
        return _held(self.subject.joint_position)

    @cached_property
    def velocity(self) -> FloatArray:
        """[N, 29] rad/s, measured where it was."""
        if self.subject.joint_velocity is not None:
            return _held(self.subject.joint_velocity)
        return self.rate_of(self.joint_position)

    @cached_property
    def acceleration(self) -> FloatArray:
        """[N, 29] rad/s^2."""
        return self.rate_of(self._smoothed(self.velocity))

    @property
    def jerk(self) -> FloatArray:
        """[N, 29] rad/s^3."""
        return self.rate_of(self._smoothed(self.acceleration))

    def rate_of(self, values: FloatArray) -> FloatArray:
        """Time derivative of [N, ...] by central differences; zero for a single sample."""
        if len(values) < 2 or self.period_s <= 0:
            return np.zeros_like(values)
        return np.asarray(np.gradient(values, self.period_s, axis=0))

    def _smoothed(self, values: FloatArray) -> FloatArray:
        measured = self.subject.joint_velocity is not None and self.period_s > 0
        width = round(SMOOTHING_S / self.period_s) if measured else 1
        return values if width < 2 else np.asarray(uniform_filter1d(values, width, axis=0))

    @cached_property
    def samples(self) -> npt.NDArray[np.intp]:
        """Rows at which geometry is looked at: driven ones, at GEOMETRY_RATE_HZ for a log."""
        every = 1
        if self.subject.kind is Kind.LOG and self.period_s > 0:
            every = max(1, round(1.0 / (GEOMETRY_RATE_HZ * self.period_s)))
        return np.flatnonzero(self.subject.driven)[::every]

    @cached_property
    def sample_times_s(self) -> FloatArray:
        """[M] s of `samples`."""
        return np.asarray(self.subject.times_s[self.samples])

    @cached_property
    def root(self) -> FloatArray | None:
        """[M, 3] m."""
        root = self.subject.root_position_in_world
        return None if root is None else _held(root[self.samples])

    @cached_property
    def attitude(self) -> FloatArray:
        """[M, 4] unit quaternions of the pelvis."""
        return _unit(_held(self.subject.quat_world_root_wxyz[self.samples]))

    @cached_property
    def posture(self) -> FloatArray:
        """[M, 29] rad."""
        return np.asarray(self.joint_position[self.samples])

    @cached_property
    def links(self) -> tuple[FloatArray, FloatArray]:
        """Poses of all links: [M, 30, 3] m and [M, 30, 4]."""
        root = np.zeros((len(self.samples), 3)) if self.root is None else self.root
        return kinematics().forward(root, self.attitude, self.posture)

    @cached_property
    def soles(self) -> FloatArray:
        """[M, 2, 4, 3] m, corners of the soles."""
        return sole_corners(*self.links)

    @cached_property
    def near_floor(self) -> BoolArray:
        """[M, 2] feet whose sole is about as low as the lower one's: they bear the robot."""
        low = self.soles[..., 2].min(axis=2)
        return np.asarray(low < low.min(axis=1, keepdims=True) + _STANDING_HEIGHT_M)

    @cached_property
    def clearance(self) -> FloatArray:
        """[M, P] m, distances of the pairs of parts that must not touch."""
        return pair_clearance(*self.links)

    @cached_property
    def com(self) -> FloatArray:
        """[M, 3] m, centre of mass."""
        positions, quats = self.links
        mass, centre = link_masses()
        count = len(positions)
        turned = Rotation.from_quat(quats.reshape(-1, 4), scalar_first=True).apply(
            np.tile(centre, (count, 1))
        )
        points = positions + turned.reshape(count, len(mass), 3)
        return np.asarray(np.einsum("tbi,b->ti", points, mass) / mass.sum())

    @cached_property
    def capture_point(self) -> FloatArray:
        """[M, 2] m: where a foot would have to be for the robot to come to rest."""
        height = np.maximum(self.com[:, 2] - self.soles[..., 2].min(axis=(1, 2)), _LEAST_HEIGHT_M)
        times = self.sample_times_s
        moving = np.zeros_like(self.com)
        if len(times) > 2:
            moving = np.gradient(self.com, times, axis=0)
        return np.asarray(self.com[:, :2] + moving[:, :2] * np.sqrt(height / GRAVITY_M_S2)[:, None])

    @cached_property
    def contact(self) -> BoolArray | None:
        """[M, 2] a foot stands."""
        contact = self.subject.contact
        return None if contact is None else contact[self.samples]


def _held(values: FloatArray) -> FloatArray:
    """Rows that are not finite replaced by the last finite one before, or the first behind."""
    finite = np.isfinite(values).all(axis=tuple(range(1, values.ndim)))
    if finite.all():
        return values
    if not finite.any():
        return np.zeros_like(values)
    rows = np.where(finite, np.arange(len(values)), -1)
    rows = np.maximum.accumulate(rows)
    rows[rows < 0] = int(np.argmax(finite))
    return values[rows]


def _unit(quats: FloatArray) -> FloatArray:
    norm = np.linalg.norm(quats, axis=1, keepdims=True)
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    return np.where(norm > 1e-6, quats / np.maximum(norm, 1e-6), upright)
