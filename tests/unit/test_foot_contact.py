"""The contact rule on made-up speeds and on the walking figure."""

import numpy as np
import pytest
from walking_figure import walking_figure

from exoactor_rt.motion.floor import floor_heights, remove_floor_drift, sole_heights
from exoactor_rt.motion.foot_contact import contacts_from_speeds, foot_contacts
from exoactor_rt.motion.metrics import contact_f1

RATE_HZ = 30.0
LOW = np.zeros((60, 2))


def speeds(left: float, right: float, frames: int = 60) -> np.ndarray:
    return np.tile([left, right], (frames, 1)).astype(np.float64)


def test_slow_feet_stand() -> None:
    assert contacts_from_speeds(speeds(0.1, 0.2), LOW, RATE_HZ).all()


def test_fast_foot_swings_while_the_other_stands() -> None:
    contact = contacts_from_speeds(speeds(0.1, 1.5), LOW, RATE_HZ)
    assert contact[:, 0].all()
    assert not contact[:, 1].any()


def test_sliding_foot_stands_against_a_faster_one() -> None:
    contact = contacts_from_speeds(speeds(0.5, 1.5), LOW, RATE_HZ)
    assert contact[:, 0].all()
    assert not contact[:, 1].any()


def test_hysteresis_keeps_state_between_thresholds() -> None:
    speed = speeds(0.1, 0.1)
    speed[20:40, 0] = 0.45
    assert contacts_from_speeds(speed, LOW, RATE_HZ)[:, 0].all()
    speed[19, 0] = speed[18, 0] = 0.6
    speed[20:26, 0] = 0.7
    swing = contacts_from_speeds(speed, LOW, RATE_HZ)[:, 0]
    assert not swing[20:40].any()
    assert swing[40:].all()


def test_swing_lasts_from_rest_to_rest() -> None:
    speed = speeds(0.02, 0.02)
    speed[20:40, 0] = np.sin(np.linspace(0.0, np.pi, 20)) ** 2 + 0.02
    contact = contacts_from_speeds(speed, LOW, RATE_HZ)
    moves = speed[:, 0] > 0.15
    assert moves.sum() >= (speed[:, 0] > 0.55).sum() + 4
    np.testing.assert_array_equal(contact[:, 0], ~moves)
    assert contact[:, 1].all()


def test_standing_foot_that_slides_beside_a_swing_stands() -> None:
    speed = speeds(0.25, 0.02)
    speed[20:40, 0] = 1.5
    contact = contacts_from_speeds(speed, LOW, RATE_HZ)
    assert contact[:19, 0].all()
    assert contact[41:, 0].all()


@pytest.mark.parametrize(("frames", "stands"), [(3, True), (6, False)])
def test_short_swing_is_dropped(frames: int, stands: bool) -> None:
    speed = speeds(0.1, 0.1)
    speed[20 : 20 + frames, 0] = 2.0
    assert contacts_from_speeds(speed, LOW, RATE_HZ)[:, 0].all() == stands


def test_long_high_flight_is_kept_and_short_one_is_not() -> None:
    speed = speeds(0.1, 0.1)
    speed[20:32] = 2.0
    high = LOW + 0.3
    assert not contacts_from_speeds(speed, high, RATE_HZ)[20:32].any()
    assert contacts_from_speeds(speed, LOW, RATE_HZ).any(axis=1).all()
    speed[25:] = 0.1
    assert contacts_from_speeds(speed, high, RATE_HZ).any(axis=1).all()


def test_rule_scales_with_the_person() -> None:
    speed = speeds(0.1, 0.4)
    speed[:5, 1] = 0.1
    assert contacts_from_speeds(speed, LOW, RATE_HZ)[:, 1].all()
    assert not contacts_from_speeds(speed, LOW, RATE_HZ, size=0.5)[10:, 1].any()


def test_walking_figure_contacts() -> None:
    points, truth = walking_figure()
    contact = foot_contacts(points, sole_heights(points), RATE_HZ)
    assert contact_f1(contact, truth) >= 0.97


def test_floor_drift_of_a_tilted_walk_is_removed() -> None:
    points, truth = walking_figure(steps=6)
    tilted = points.copy()
    tilted[..., 2] += 0.07 * tilted[..., 0] + 0.4
    flat, contact, drift_m = remove_floor_drift(tilted, RATE_HZ, 0.0)
    standing = flat[..., 2][:, [13, 14]][truth]
    assert drift_m > 0.1
    assert np.abs(standing).max() < 0.03
    assert contact_f1(contact, truth) >= 0.95


def test_floor_without_contact_is_the_low_percentile() -> None:
    sole = np.linspace(0.0, 1.0, 60)[:, None] * np.ones(2)
    floor = floor_heights(sole, np.zeros((60, 2), dtype=np.bool_), RATE_HZ)
    assert np.allclose(floor, np.percentile(sole[:, 0], 10))
