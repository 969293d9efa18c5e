"""TWIST2, a real policy, tracks references in lock-step; encoders and IMU are all it sees."""

import numpy as np
import pytest

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.retarget.reference_file import load_reference
from exoactor_rt.robots import g1
from exoactor_rt.sim.tracker_lockstep import track_in_simulation
from exoactor_rt.tracker import Network, Policy, blend_from, track_reference
from exoactor_rt.tracker.loaders import Origin, describe_network
from exoactor_rt.tracker.reference_track import make_track

pytest.importorskip("mujoco")

HEIGHT_M = 0.79


@pytest.fixture(scope="module")
def twist2(shared_data):
    path = shared_data / "policies" / "twist2" / "twist2_1017_20k.onnx"
    if not path.is_file():
        pytest.skip("TWIST2's network is not in the shared test data")
    network = Network(path)
    origin = Origin(name="twist2", onnx_file=path.name, licence="MIT", source="amazon-far/TWIST2")
    return Policy(describe_network(network, origin), network)


def standing_track(policy, duration_s):
    count = round(50 * duration_s)
    return make_track(
        50.0,
        np.tile([0.0, 0.0, HEIGHT_M], (count, 1)),
        np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)),
        np.tile(policy.start_position, (count, 1)),
    )


def walking_limits():
    """This policy's walks exceed the guard's 10 rad/s; here the motors' own hold."""
    limits = GuardLimits()
    limits.measured_speed = g1.joint_table().velocity_rad_s
    return limits


def test_stands_for_three_seconds_within_the_guard_s_defaults(twist2):
    rollout = track_in_simulation(twist2, standing_track(twist2, 3.0))
    assert rollout.survived, rollout.guard_trip + rollout.fall_reason
    assert np.degrees(rollout.joint_rmse_rad) < 5.0
    assert rollout.final_drift_m < 0.1


def test_tracks_a_walk(twist2, shared_data):
    path = shared_data / "motions" / "g1" / "unilab_walk_forward_loop_002.npz"
    if not path.is_file():
        pytest.skip("the walking clip is not in the shared test data")
    whole = track_reference(load_reference(path), 50.0)
    track = blend_from(whole, twist2.start_position, HEIGHT_M, hold_s=0.5, blend_s=1.0)
    rollout = track_in_simulation(twist2, track, guard_limits=walking_limits())
    assert rollout.survived, rollout.guard_trip + rollout.fall_reason
    assert np.degrees(rollout.joint_rmse_rad) < 6.5
    assert rollout.root_position_in_world[-1, 0] > 0.5 * track.frames.root_position_in_world[-1, 0]


def test_equal_runs_are_equal_bit_for_bit(twist2):
    track = standing_track(twist2, 0.6)
    first, second = (track_in_simulation(twist2, track) for _ in range(2))
    np.testing.assert_array_equal(first.joint_position, second.joint_position)


def test_without_the_policy_s_targets_the_walk_falls_or_trips(twist2, shared_data):
    """The test above can fail: a policy that is told nothing of the joints does not walk."""
    path = shared_data / "motions" / "g1" / "unilab_walk_forward_loop_002.npz"
    if not path.is_file():
        pytest.skip("the walking clip is not in the shared test data")
    track = blend_from(
        track_reference(load_reference(path), 50.0), twist2.start_position, HEIGHT_M, 0.5, 1.0
    )

    class Replay:
        """The reference's joints as targets, no feedback."""

        bundle = twist2.bundle

        def reset(self):
            twist2.reset()

        def step(self, state, window):
            command = twist2.step(state, window)
            command.position = window.joint_position[0]
            return command

    rollout = track_in_simulation(Replay(), track, guard_limits=walking_limits())
    assert not rollout.survived
