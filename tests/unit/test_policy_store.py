"""Policies at work: stepping, self-test, and the store behind `exoactor policy`."""

import msgspec
import numpy as np
import pytest
from policy_files import JOINTS, isaac_names, simple_bundle, write_network

from exoactor_rt._core.types import RobotState
from exoactor_rt.cli.main import main
from exoactor_rt.errors import PolicyError
from exoactor_rt.robots import g1
from exoactor_rt.tracker import Policy, check_golden, load_bundle
from exoactor_rt.tracker.bundle import Action, CurrentBlock, Ports, Start, Term, bundle_text
from exoactor_rt.tracker.golden import with_golden
from exoactor_rt.tracker.reference_track import make_track

replace = msgspec.structs.replace


def state_at(joints):
    state = RobotState()
    state.stamp_ns = 42
    state.quat_world_base_wxyz = np.array([1.0, 0.0, 0.0, 0.0])
    state.joint_position = joints
    return state


def still_window():
    track = make_track(
        50.0,
        np.tile([0.0, 0.0, 0.75], (3, 1)),
        np.tile([1.0, 0.0, 0.0, 0.0], (3, 1)),
        np.zeros((3, JOINTS)),
    )
    return track.window(0)


def test_targets_go_to_the_joints_of_their_names(tmp_path):
    network = write_network(tmp_path / "policy.onnx", JOINTS, gain=1.0)
    scale = tuple(np.linspace(0.1, 1.0, JOINTS))
    bundle = simple_bundle(
        network,
        joint_names=isaac_names(),
        stiffness=tuple(np.arange(JOINTS) + 1.0),
        action=Action(scale=scale, offset_rad=(0.5,) * JOINTS, last_action="raw"),
    )
    joints = np.arange(JOINTS) / 100
    command = Policy(bundle, network).step(state_at(joints), still_window())
    order = [g1.joint_table().index(name) for name in isaac_names()]
    np.testing.assert_allclose(
        np.asarray(command.position)[order], 0.5 + np.array(scale) * joints[order], atol=1e-6
    )
    np.testing.assert_array_equal(np.asarray(command.stiffness)[order], bundle.stiffness)
    assert command.stamp_ns == 42


@pytest.mark.parametrize(("last_action", "seen"), [("raw", 3.0), ("clipped", 1.0)])
def test_the_last_action_is_raw_or_clipped(tmp_path, last_action, seen):
    network = write_network(tmp_path / "policy.onnx", JOINTS, gain=1.0, bias=3.0)
    bundle = simple_bundle(
        network,
        action=Action(scale=1.0, clip=(-1.0, 100.0), last_action=last_action),
        terms=(Term(name="last_action", width=JOINTS),),
    )
    clipped = replace(bundle, action=replace(bundle.action, clip=(-1.0, 1.0)))
    policy = Policy(clipped, network)
    first = policy.step(state_at(np.zeros(JOINTS)), still_window())
    assert first.position[0] == pytest.approx(1.0)
    wide = Policy(bundle, network)
    wide._last_action = policy._last_action
    second = wide.step(state_at(np.zeros(JOINTS)), still_window())
    assert second.position[0] == pytest.approx(3.0 + seen)


def test_targets_are_ramped_in_from_where_the_joints_are(tmp_path):
    network = write_network(tmp_path / "policy.onnx", JOINTS, gain=0.0, bias=1.0)
    bundle = simple_bundle(network, start=Start(position_rad=(0.0,) * JOINTS, ramp_s=0.08))
    policy = Policy(bundle, network)
    joints = np.full(JOINTS, 0.2)
    got = [policy.step(state_at(joints), still_window()).position[3] for _ in range(5)]
    np.testing.assert_allclose(got, [0.4, 0.6, 0.8, 1.0, 1.0], atol=1e-6)


def test_the_time_step_counts_from_zero_after_a_reset(tmp_path):
    network = write_network(tmp_path / "policy.onnx", JOINTS, gain=0.0, time_step=True)
    ports = Ports(
        observation="obs", observation_width=JOINTS, time_step="time_step", action="actions"
    )
    policy = Policy(simple_bundle(network, ports=ports), network)
    zero = state_at(np.zeros(JOINTS))
    assert [policy.step(zero, still_window()).position[0] for _ in range(3)] == [0.0, 1.0, 2.0]
    policy.reset()
    assert policy.step(zero, still_window()).position[0] == 0.0


def test_the_self_test_passes_again_and_finds_a_changed_value(tmp_path):
    network = write_network(tmp_path / "policy.onnx", JOINTS)
    bundle = with_golden(simple_bundle(network), network)
    assert check_golden(Policy(bundle, network)) < 1e-6
    assert bundle.golden is not None
    rows = [list(row) for row in bundle.golden.target_rad]
    rows[2][5] += 0.01
    wrong = replace(bundle.golden, target_rad=tuple(map(tuple, rows)))
    with pytest.raises(PolicyError, match=r"step 2, left_ankle_roll_joint.*refused"):
        check_golden(Policy(replace(bundle, golden=wrong), network))
    with pytest.raises(PolicyError, match="no golden values"):
        check_golden(Policy(simple_bundle(network), network))


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "policies"


def add_simple(tmp_path, *options):
    network = write_network(tmp_path / "net.onnx", JOINTS)
    (tmp_path / "bundle.toml").write_text(bundle_text(simple_bundle(network)))
    files = [str(tmp_path / "net.onnx"), "--bundle", str(tmp_path / "bundle.toml")]
    return main(["policy", "add", *files, *options])


def test_add_list_verify_test(store, tmp_path, capsys):
    assert add_simple(tmp_path) == 0
    assert load_bundle(store / "simple" / "bundle.toml").golden is not None
    for action in ("list", "verify", "test"):
        assert main(["policy", action]) == 0
        assert "simple" in capsys.readouterr().out
    assert sorted(path.name for path in store.iterdir()) == [".lock", "simple"]


def test_a_taken_name_is_refused_unless_replaced(store, tmp_path, capsys):
    assert add_simple(tmp_path) == 0
    assert add_simple(tmp_path) == 2
    assert "--replace" in capsys.readouterr().err
    assert add_simple(tmp_path, "--replace") == 0


def test_a_network_exchanged_in_the_store_is_refused(store, tmp_path, capsys):
    add_simple(tmp_path)
    write_network(store / "simple" / "policy.onnx", JOINTS, gain=0.2)
    assert main(["policy", "verify", "simple"]) == 1
    assert "sha256" in capsys.readouterr().out
    assert main(["policy", "test", "simple"]) == 1


def test_golden_values_changed_in_the_store_are_refused(store, tmp_path, capsys):
    add_simple(tmp_path)
    path = store / "simple" / "bundle.toml"
    bundle = load_bundle(path)
    golden = replace(bundle.golden, target_rad=((1.0,) * JOINTS,) * 4)
    path.write_text(bundle_text(replace(bundle, golden=golden)))
    assert main(["policy", "verify", "simple"]) == 0
    assert main(["policy", "test", "simple"]) == 1
    assert "self-test" in capsys.readouterr().out


def test_what_does_not_fit_is_not_installed(store, tmp_path, capsys):
    network = write_network(tmp_path / "net.onnx", JOINTS)
    bad = simple_bundle(network, blocks=(CurrentBlock(), CurrentBlock()))
    (tmp_path / "bundle.toml").write_text(bundle_text(bad))
    files = [str(tmp_path / "net.onnx"), "--bundle", str(tmp_path / "bundle.toml")]
    assert main(["policy", "add", *files]) == 2
    assert "29 current + 29 current = 58" in capsys.readouterr().err
    assert not (store / "simple").exists()


def test_an_unknown_name_tells_what_is_installed(store, tmp_path, capsys):
    add_simple(tmp_path)
    assert main(["policy", "test", "nobody"]) == 1
    assert "installed are simple" in capsys.readouterr().out


def test_a_store_of_damaged_bundles_can_be_listed(store, tmp_path, capsys):
    add_simple(tmp_path)
    path = store / "simple" / "bundle.toml"
    bundle = load_bundle(path)
    path.write_text(bundle_text(replace(bundle, stiffness=(1.0,), joint_names=("tail",))))
    assert main(["policy", "list"]) == 0
    assert "unknown tail" in capsys.readouterr().out
    path.write_text("name = ")
    assert main(["policy", "list"]) == 0
    assert main(["policy", "verify"]) == 1
