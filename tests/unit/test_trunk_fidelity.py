"""Headings of the trunk over standing feet, and leans that the network damps."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from walking_figure import make_camera, perfect_track, walking_figure

from exoactor_rt.motion import MotionOptions, recover
from exoactor_rt.motion.body import BODY_POINTS, HIPS, SHOULDERS, midpoint
from exoactor_rt.motion.landmarks import LANDMARK
from exoactor_rt.motion.neutral_heading import heading_error, turned_back
from exoactor_rt.types import FloatArray

RATE_HZ = 30.0
FRAMES = 300
TOES_OUT_DEG = np.array([6.0, -10.0])


def about_up(degrees: FloatArray) -> FloatArray:
    return Rotation.from_euler("z", degrees[:, None], degrees=True).as_matrix()


def standing(turn_deg: FloatArray, heading_deg: float = 170.0) -> tuple[FloatArray, ...]:
    """Trunk [T, 3, 3], feet [T, 2, 3, 3] and contacts of a person who stands and turns so."""
    trunk = about_up(turn_deg + heading_deg + TOES_OUT_DEG.mean())
    feet = np.broadcast_to(about_up(TOES_OUT_DEG + heading_deg), (len(turn_deg), 2, 3, 3))
    return trunk, feet, np.ones((len(turn_deg), 2), dtype=np.bool_)


def error_deg(turn_deg: FloatArray) -> float:
    trunk, feet, contact = standing(turn_deg)
    return float(np.degrees(heading_error(trunk, feet, contact, RATE_HZ)))


@pytest.mark.parametrize("bias_deg", [-12.0, 12.0])
def test_most_of_a_constant_turn_is_an_error(bias_deg: float) -> None:
    error = error_deg(np.full(FRAMES, bias_deg))
    assert np.sign(error) == np.sign(bias_deg)
    assert 0.4 * 12.0 < abs(error) < 0.7 * 12.0


def test_turns_for_less_than_half_of_the_time_are_no_error() -> None:
    turn = np.zeros(FRAMES)
    turn[60:120], turn[150:200] = 40.0, -40.0
    assert error_deg(turn) == pytest.approx(0.0, abs=1e-9)
    turn[:] = 0.0
    turn[:140] = 35.0
    assert error_deg(turn) == pytest.approx(0.0, abs=1e-9)


def test_a_wide_turn_is_a_posture() -> None:
    assert error_deg(np.full(FRAMES, 60.0)) == 0.0
    assert error_deg(np.full(FRAMES, 35.0)) < 6.0


def test_a_short_time_of_standing_says_less() -> None:
    assert error_deg(np.full(15, 12.0)) < 0.6 * error_deg(np.full(FRAMES, 12.0))


def test_feet_that_never_stand_together_say_nothing() -> None:
    trunk, feet, contact = standing(np.full(FRAMES, 12.0))
    contact[:, 0] = False
    assert heading_error(trunk, feet, contact, RATE_HZ) == 0.0


def test_turning_back_is_about_the_vertical() -> None:
    tilted = about_up(np.array([20.0])) @ Rotation.from_euler("y", 30.0, degrees=True).as_matrix()
    got = turned_back(tilted, np.radians(20.0))[0]
    np.testing.assert_allclose(
        got, Rotation.from_euler("y", 30.0, degrees=True).as_matrix(), atol=1e-9
    )


def test_a_damped_bow_is_recovered_from_the_shortened_trunk() -> None:
    points, _ = walking_figure(steps=0, still_s=1.5)
    bow = np.radians(35.0) * np.sin(np.linspace(0.0, np.pi, len(points))) ** 2
    above = [
        index
        for index, name in enumerate(BODY_POINTS)
        if name.split("_")[-1] in ("head", "shoulder", "elbow", "wrist")
    ]
    hips = midpoint(points, HIPS)[:, None]
    turn = Rotation.from_euler("y", bow[:, None]).as_matrix()
    points[:, above] = (points[:, above] - hips) @ np.swapaxes(turn, 1, 2) + hips
    camera = make_camera(np.pi, 0.1, 0.0, 4.5, np.array([0.0, 0.0, 0.9]))
    track = perfect_track(points, camera)
    seen = track.landmarks_world.copy()
    upper = slice(0, LANDMARK["left_hip"])
    seen[:, upper, 2] -= 0.5 * np.median(seen[:, upper, 2] - seen[:1, upper, 2], axis=1)[:, None]
    options = MotionOptions(focal_px=camera.focal_px)
    recovery = recover(replace(track, landmarks_world=seen), options)
    middle = len(points) // 2

    def lean_deg(body: FloatArray) -> float:
        spine = midpoint(body, SHOULDERS) - midpoint(body, HIPS)
        cosine = spine[middle] @ spine[0] / np.prod(np.linalg.norm(spine[[0, middle]], axis=1))
        return float(np.degrees(np.arccos(cosine)))

    assert lean_deg(points) == pytest.approx(35.0, abs=0.5)
    assert lean_deg(recovery.observation.relative) < 24.0
    assert lean_deg(recovery.points_in_camera) > 27.0
