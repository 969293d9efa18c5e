"""History layouts and the mathematics of terms, against hand computations."""

import numpy as np
import pytest

from exoactor_rt.robots import g1
from exoactor_rt.tracker.attitude import heading_rotation, rotation_about_axis
from exoactor_rt.tracker.bundle import Gait, HistoryBlock, Term
from exoactor_rt.tracker.gait_clock import GaitClock
from exoactor_rt.tracker.history import History
from exoactor_rt.tracker.observation import evaluate
from exoactor_rt.tracker.reference_track import ReferenceWindow, make_track, track_reference
from exoactor_rt.tracker.terms import TERMS, Situation, heading_velocity
from exoactor_rt.types import Reference

X, Y, Z = np.eye(3)


def frame(index):
    """Terms a (1 entry) and b (2 entries)."""
    return np.array([index, 10.0 * index, 10.0 * index + 1])


def run_history(steps=3, **options):
    values = {
        "length": 2,
        "layout": "frame_major",
        "order": "oldest_first",
        "fill": "zeros",
        "includes_current": True,
    }
    history = History(HistoryBlock(**{**values, **options}), (1, 2))
    return [history.assemble(frame(index)).tolist() for index in range(1, steps + 1)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 0, 0, 1, 10, 11], [1, 10, 11, 2, 20, 21], [2, 20, 21, 3, 30, 31]]),
        (
            {"includes_current": False},
            [[0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 10, 11], [1, 10, 11, 2, 20, 21]],
        ),
        (
            {"fill": "first"},
            [[1, 10, 11, 1, 10, 11], [1, 10, 11, 2, 20, 21], [2, 20, 21, 3, 30, 31]],
        ),
        (
            {"order": "newest_first"},
            [[1, 10, 11, 0, 0, 0], [2, 20, 21, 1, 10, 11], [3, 30, 31, 2, 20, 21]],
        ),
        (
            {"layout": "term_major"},
            [[0, 1, 0, 0, 10, 11], [1, 2, 10, 11, 20, 21], [2, 3, 20, 21, 30, 31]],
        ),
        (
            {"layout": "term_major", "length": (3, 1)},
            [[0, 0, 1, 10, 11], [0, 1, 2, 20, 21], [1, 2, 3, 30, 31]],
        ),
    ],
)
def test_history_layouts(options, expected):
    assert run_history(**options) == expected


def test_a_reset_history_starts_anew():
    block = HistoryBlock(
        length=2, layout="frame_major", order="oldest_first", fill="zeros", includes_current=True
    )
    history = History(block, (3,))
    first = history.assemble(frame(1))
    history.assemble(frame(2))
    history.reset()
    np.testing.assert_array_equal(history.assemble(frame(1)), first)


def still_window(rotation=None, frames=1):
    return ReferenceWindow(
        root_position_in_world=np.tile([1.0, 2.0, 0.75], (frames, 1)),
        rotation_world_root=np.tile(np.eye(3) if rotation is None else rotation, (frames, 1, 1)),
        linear_velocity_in_root=np.tile([0.5, 0.1, 0.0], (frames, 1)),
        angular_velocity_in_root=np.tile([0.01, 0.02, 0.3], (frames, 1)),
        joint_position=np.tile(np.arange(29) / 100, (frames, 1)),
        joint_velocity=np.tile(np.arange(29) / 10, (frames, 1)),
    )


def situation(**changes):
    values = {
        "order": np.arange(29),
        "default_position": np.zeros(29),
        "last_action": np.zeros(29),
        "base_position_in_world": np.array([1.0, 2.0, 0.75]),
        "base_linear_velocity_in_world": np.array([1.0, 0.0, 0.0]),
        "rotation_world_base": np.eye(3),
        "angular_velocity_in_base": np.array([0.1, 0.2, 0.3]),
        "joint_position": np.zeros(29),
        "joint_velocity": np.zeros(29),
        "window": still_window(),
        "rotation_world_reference": np.eye(3),
        "reference_origin_in_world": np.zeros(3),
        "anchor_body": "pelvis",
        "velocity_command": np.array([0.1, 0.2, 0.3]),
        "gait_phase": np.array([0.0, np.pi]),
    }
    return Situation(**{**values, **changes})


def term(name, **changes):
    return evaluate(Term(name=name, width=1, **changes), situation())


def test_gravity_and_angles_of_a_tilted_base():
    tilted = situation(rotation_world_base=rotation_about_axis(X, 0.3))
    np.testing.assert_allclose(
        TERMS["projected_gravity"].compute(tilted), [0.0, -np.sin(0.3), -np.cos(0.3)]
    )
    turned = heading_rotation(1.2) @ rotation_about_axis(Y, -0.2) @ rotation_about_axis(X, 0.1)
    np.testing.assert_allclose(
        TERMS["base_roll_pitch"].compute(situation(rotation_world_base=turned)), [0.1, -0.2]
    )


def test_base_velocity_is_in_the_base():
    turned = situation(rotation_world_base=heading_rotation(np.pi / 2))
    np.testing.assert_allclose(
        TERMS["base_linear_velocity"].compute(turned), [0.0, -1.0, 0.0], atol=1e-12
    )


def test_joint_terms_are_in_the_policy_s_order():
    order = np.arange(29)[::-1].copy()
    seen = situation(order=order, joint_position=np.arange(29.0), default_position=np.full(29, 0.5))
    np.testing.assert_array_equal(
        TERMS["joint_position_relative"].compute(seen), np.arange(29.0)[::-1] - 0.5
    )
    both = TERMS["reference_joint_position_velocity"].compute(seen)
    np.testing.assert_allclose(both[0, :2], [0.28, 0.27])
    np.testing.assert_allclose(both[0, 29:31], [2.8, 2.7])


def test_reference_terms_of_a_turned_reference():
    turned = heading_rotation(0.7) @ rotation_about_axis(Y, 0.2) @ rotation_about_axis(X, -0.1)
    seen = situation(window=still_window(turned, frames=2))
    np.testing.assert_allclose(
        TERMS["reference_roll_pitch"].compute(seen), [[-0.1, 0.2], [-0.1, 0.2]]
    )
    assert evaluate(Term(name="reference_height", width=2), seen).tolist() == [0.75, 0.75]
    assert TERMS["reference_velocity_xy_in_root"].compute(seen)[0].tolist() == [0.5, 0.1]
    assert TERMS["reference_yaw_rate_in_root"].compute(seen)[0].tolist() == [0.3]


def test_anchor_orientation_is_two_columns_row_by_row():
    seen = situation(window=still_window(heading_rotation(0.4)))
    cosine, sine = np.cos(0.4), np.sin(0.4)
    # The window's joints turn no joint between pelvis and pelvis.
    np.testing.assert_allclose(
        TERMS["reference_anchor_orientation_in_anchor"].compute(seen),
        [[cosine, -sine, sine, cosine, 0.0, 0.0]],
    )


def test_the_torso_turns_with_the_waist():
    table = g1.joint_table()
    joints = np.zeros(29)
    joints[table.index("waist_yaw_joint")] = 0.5
    joints[table.index("waist_roll_joint")] = 0.1
    joints[table.index("waist_pitch_joint")] = -0.2
    position, rotation = situation(joint_position=joints, anchor_body="torso_link").robot_anchor()
    expected = heading_rotation(0.5) @ rotation_about_axis(X, 0.1) @ rotation_about_axis(Y, -0.2)
    np.testing.assert_allclose(rotation, expected, atol=1e-12)
    assert position[2] > 0.75


def test_anchor_position_is_seen_from_the_robot():
    seen = situation(
        base_position_in_world=np.array([0.0, 2.0, 0.75]),
        rotation_world_base=heading_rotation(np.pi / 2),
    )
    np.testing.assert_allclose(
        TERMS["reference_anchor_position_in_anchor"].compute(seen), [[0.0, -1.0, 0.0]], atol=1e-12
    )


def test_gait_terms_and_commands():
    seen = situation()
    np.testing.assert_allclose(TERMS["gait_phase_sine"].compute(seen), [0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(TERMS["gait_phase_cosine"].compute(seen), [1.0, -1.0])
    assert TERMS["velocity_command_yaw"].compute(seen).tolist() == [0.3]


def test_values_are_zeroed_clipped_then_scaled():
    values = term("base_angular_velocity", zeroed=(0,), clip=(-1.0, 0.25), scale=(1.0, 2.0, 4.0))
    np.testing.assert_allclose(values, [0.0, 0.4, 1.0])


def test_the_heading_velocity_of_a_leaning_reference():
    window = still_window(heading_rotation(1.0))
    np.testing.assert_allclose(heading_velocity(window), [0.5, 0.1, 0.3])


def test_the_gait_stands_starts_and_wraps():
    clock = GaitClock(Gait(period_s=1.0), 4.0)
    go = np.array([0.5, 0.0, 0.0])
    np.testing.assert_allclose(clock.step(np.zeros(3)), [np.pi, np.pi])
    np.testing.assert_allclose(clock.step(go), [0.0, np.pi])
    np.testing.assert_allclose(clock.step(go), [np.pi / 2, -np.pi / 2])
    np.testing.assert_allclose(clock.step(np.zeros(3)), [np.pi, np.pi])


def test_a_track_s_velocities_are_in_the_root():
    times_s = np.arange(101) / 50
    yaw = 0.5 * times_s
    quats = np.stack([np.cos(yaw / 2), 0 * yaw, 0 * yaw, np.sin(yaw / 2)], axis=1)
    position = np.stack([np.sin(yaw), 1 - np.cos(yaw), 0 * yaw + 0.75], axis=1)
    track = make_track(50.0, position, quats, np.outer(times_s, np.ones(29)))
    window = track.window(50)
    np.testing.assert_allclose(window.linear_velocity_in_root[0], [0.5, 0.0, 0.0], atol=1e-3)
    np.testing.assert_allclose(window.angular_velocity_in_root[0], [0.0, 0.0, 0.5], atol=1e-9)
    np.testing.assert_allclose(window.joint_velocity[0], 1.0)
    assert track.window(99, (0, 1, 5)).joint_position[:, 0].tolist() == [1.98, 2.0, 2.0]


def test_a_reference_is_resampled_to_the_policy_s_rate():
    count = 31
    reference = Reference(
        rate_hz=30.0,
        root_position_in_world=np.tile([0.0, 0.0, 0.75], (count, 1)),
        quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)),
        joint_position=np.outer(np.arange(count) / 30, np.ones(29)),
        contact=np.ones((count, 2), dtype=bool),
        hand_openness=np.full((count, 2), np.nan),
    )
    track = track_reference(reference, 50.0)
    assert len(track) == 51
    np.testing.assert_allclose(track.frames.joint_position[:, 3], np.arange(51) / 50)
