"""The figures themselves, on made-up motions."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from exoactor_rt.motion.metrics import align, contact_f1, motion_accuracy

UP = np.array([0.0, -1.0, 0.0])
RNG = np.random.default_rng(3)
WALK = RNG.normal(0.0, 0.4, (1, 12, 3)) + np.linspace(0, 3, 60)[:, None, None] * [1.0, 0.0, 0.0]


def test_truth_has_no_error() -> None:
    accuracy = motion_accuracy(WALK, WALK, UP, UP, 30.0)
    assert accuracy.mpjpe_mm == pytest.approx(0.0, abs=1e-9)
    assert accuracy.wa_mpjpe_mm == pytest.approx(0.0, abs=1e-6)
    assert accuracy.travel_percent == pytest.approx(0.0, abs=1e-9)
    assert accuracy.gravity_deg == pytest.approx(0.0, abs=1e-5)


def test_known_errors_are_measured() -> None:
    turned = np.array([0.0, -np.cos(0.1), np.sin(0.1)])
    accuracy = motion_accuracy(1.1 * WALK, WALK, turned, UP, 30.0)
    assert accuracy.pa_mpjpe_mm == pytest.approx(0.0, abs=1e-6)
    assert accuracy.mpjpe_mm > 10.0
    assert accuracy.travel_percent == pytest.approx(10.0, abs=1e-6)
    assert accuracy.rte_first_percent == pytest.approx(5.0, abs=1e-6)
    assert accuracy.gravity_deg == pytest.approx(np.degrees(0.1), abs=1e-6)


def test_still_truth_gives_nan_percent() -> None:
    still = np.repeat(WALK[:1], 10, axis=0)
    accuracy = motion_accuracy(still, still, UP, UP, 30.0)
    assert np.isnan(accuracy.rte_first_percent)
    assert np.isnan(accuracy.travel_percent)
    assert accuracy.foot_slide_mm == 0.0


def test_align_undoes_a_similarity() -> None:
    points = WALK[0]
    turn = Rotation.from_rotvec([0.3, -0.2, 0.9]).as_matrix()
    moved = 1.7 * points @ turn.T + np.array([1.0, 2.0, 3.0])
    assert np.allclose(align(moved, points), points)
    assert np.allclose(align(points @ turn.T + 1.0, points, scale=False), points)


def test_contact_f1() -> None:
    truth = np.array([[True, False]] * 10)
    half = truth.copy()
    half[:5] = False
    assert contact_f1(truth, truth) == 1.0
    assert contact_f1(half, truth) == pytest.approx(2 * 5 / 15)
    assert contact_f1(~truth, truth) == 0.0
