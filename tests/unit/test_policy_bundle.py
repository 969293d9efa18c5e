"""Bundles: reading, writing, and refusing with the difference shown."""

import msgspec
import pytest
from policy_files import JOINTS, simple_bundle, write_network

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.errors import PolicyError
from exoactor_rt.robots import g1
from exoactor_rt.tracker import check_bundle, find_gain_faults, load_bundle
from exoactor_rt.tracker.bundle import (
    Action,
    CurrentBlock,
    Golden,
    HistoryBlock,
    Ports,
    Start,
    Term,
    bundle_text,
)

replace = msgspec.structs.replace


@pytest.fixture
def network(tmp_path):
    return write_network(tmp_path / "policy.onnx", JOINTS)


@pytest.fixture
def bundle(network):
    return simple_bundle(network)


def test_a_bundle_survives_its_own_toml(bundle, tmp_path):
    full = replace(
        bundle,
        source='a "quoted" \\ source\nof two lines',
        golden=Golden(seed=1, target_rad=((0.5,) * JOINTS,)),
        velocity_limits=((-1.0, 1.0), (-0.5, 0.5), (-1.0, 1.0)),
        blocks=(
            CurrentBlock(),
            HistoryBlock(
                length=2,
                layout="frame_major",
                order="newest_first",
                fill="zeros",
                includes_current=False,
                terms=("joint_position_relative",),
            ),
        ),
    )
    path = tmp_path / "bundle.toml"
    path.write_text(bundle_text(full))
    assert load_bundle(path) == full


def test_a_fitting_bundle_passes(bundle, network):
    check_bundle(bundle, network)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rate_hz = 50.0", "rate_hz = 50.0\nunknown_key = 1", "unknown_key"),
        ("rate_hz = 50.0", "rate_hz = -1.0", "rate_hz"),
        ("rate_hz = 50.0", 'rate_hz = "fast"', "rate_hz"),
        ("rate_hz = 50.0", "", "rate_hz"),
        ("rate_hz = 50.0", "rate_hz = = 1", "bundle.toml"),
        ('onnx_file = "policy.onnx"', 'onnx_file = "../policy.onnx"', "onnx_file"),
        ('name = "simple"', 'name = "../simple"', "name"),
        ("format = 1", "format = 2", "format"),
    ],
)
def test_a_malformed_toml_is_refused_by_key(bundle, tmp_path, old, new, told):
    text = bundle_text(bundle)
    assert old in text
    path = tmp_path / "bundle.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(PolicyError, match=told):
        load_bundle(path)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "bundle.toml"
    path.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(PolicyError, match=r"bundle\.toml"):
        load_bundle(path)


def test_missing_and_unknown_joints_are_told(bundle):
    names = ("tail_joint", *g1.joint_table().names[1:])
    with pytest.raises(
        PolicyError, match=r"missing left_hip_pitch_joint, unknown tail_joint.*refused"
    ):
        check_bundle(replace(bundle, joint_names=names))


def test_a_joint_named_twice_is_told(bundle):
    names = g1.joint_table().names
    with pytest.raises(PolicyError, match="double left_hip_roll_joint"):
        check_bundle(replace(bundle, joint_names=(names[1], *names[1:])))


def test_the_hash_is_compared(bundle, network):
    with pytest.raises(PolicyError, match=f"sha256 of policy.onnx is {network.sha256}"):
        check_bundle(replace(bundle, onnx_sha256="0" * 64), network)


def test_the_sum_of_widths_is_compared_and_shown(bundle):
    terms = (*bundle.terms, Term(name="base_angular_velocity", width=3))
    with pytest.raises(PolicyError, match="32 current = 32, input obs takes 29"):
        check_bundle(replace(bundle, terms=terms))


def test_the_network_s_own_width_is_compared(bundle, tmp_path):
    other = write_network(tmp_path / "other.onnx", 40)
    changed = replace(bundle, onnx_sha256=other.sha256)
    with pytest.raises(PolicyError, match=r"input obs has shape \[1, 40\], the bundle says"):
        check_bundle(changed, other)


def test_names_of_inputs_and_outputs_are_compared(bundle, network):
    ports = Ports(observation="input", observation_width=JOINTS, action="output")
    with pytest.raises(PolicyError, match=r"missing obs, unknown input.*output is not among"):
        check_bundle(replace(bundle, ports=ports), network)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stiffness": (1.0,) * 28}, "stiffness has 28 values for 29 joints"),
        ({"damping": (float("nan"),) * 29}, "damping has a value that is not finite"),
        ({"start": Start(position_rad=())}, "start.position_rad has 0 values"),
        ({"action": Action(scale=(1.0, 2.0), last_action="raw")}, "action.scale has 2 values"),
        ({"action": Action(scale=1.0, clip=(1.0, -1.0), last_action="raw")}, "is not rising"),
        ({"anchor_body": "tail"}, "anchor body tail"),
        ({"observes_heading": True}, "observes_heading is True, but the terms say False"),
        ({"terms": (Term(name="smell", width=29),)}, "unknown terms smell"),
        ({"terms": (Term(name="joint_velocity", width=28),)}, "width 28, it gives 29"),
        ({"terms": (Term(name="joint_velocity", width=29, zeroed=(29,)),)}, "zeroes entry 29"),
        ({"terms": (Term(name="joint_velocity", width=29, scale=(1.0,)),)}, "1 scales for width"),
        ({"blocks": (CurrentBlock(terms=("last_action",)),)}, "names last_action"),
    ],
)
def test_what_does_not_fit_in_itself_is_told(bundle, changes, told):
    with pytest.raises(PolicyError, match=told):
        check_bundle(replace(bundle, **changes))


def test_a_term_in_no_block_is_told(bundle):
    terms = (*bundle.terms, Term(name="last_action", width=JOINTS))
    blocks = (CurrentBlock(terms=("joint_position_relative",)),)
    with pytest.raises(PolicyError, match="terms in no block: last_action"):
        check_bundle(replace(bundle, terms=terms, blocks=blocks))


def test_gains_beyond_the_guard_s_are_named(bundle):
    limits = GuardLimits()
    assert find_gain_faults(bundle, limits) == []
    high = replace(bundle, damping=(5.0,) * JOINTS)
    faults = find_gain_faults(high, limits)
    assert any("left_elbow_joint 5 > 4" in fault for fault in faults)


def test_a_file_that_is_no_network_is_refused(tmp_path):
    from exoactor_rt.tracker import Network  # noqa: PLC0415

    path = tmp_path / "policy.onnx"
    path.write_bytes(b"not a network")
    with pytest.raises(PolicyError, match="not a network"):
        Network(path)
