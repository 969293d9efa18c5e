"""Other projects' descriptions, on small networks made here."""

import json

import numpy as np
import pytest
from policy_files import ISAAC_MOTORS, JOINTS, isaac_names, write_network

from exoactor_rt.errors import PolicyError
from exoactor_rt.robots import g1
from exoactor_rt.tracker import check_bundle
from exoactor_rt.tracker.loaders import Origin, describe_network
from exoactor_rt.tracker.yaml_subset import read_yaml

ORIGIN = Origin(name="it", onnx_file="policy.onnx", licence="MIT", source="test")


def texts(values):
    return ",".join(f"{value}" for value in values)


def beyondmimic_metadata(**changes):
    values = {
        "joint_names": texts(isaac_names()),
        "joint_stiffness": texts(np.arange(JOINTS) + 10.0),
        "joint_damping": texts([2.0] * JOINTS),
        "default_joint_pos": texts([0.1] * JOINTS),
        "action_scale": texts([0.4] * JOINTS),
        "command_names": "motion",
        "observation_names": "command,motion_anchor_ori_b,base_ang_vel,joint_pos,joint_vel,actions",
        "observation_history_lengths": "1,1,2,2,2,2",
        "anchor_body_name": "torso_link",
        "body_names": "pelvis,torso_link",
    }
    values.update(changes)
    return {key: value for key, value in values.items() if value is not None}


def test_beyondmimic(tmp_path):
    width = 58 + 6 + 2 * (3 + 3 * JOINTS)
    network = write_network(
        tmp_path / "p.onnx", width, time_step=True, metadata=beyondmimic_metadata()
    )
    bundle = describe_network(network, ORIGIN)
    check_bundle(bundle, network)
    assert bundle.joint_names[:3] == (
        "left_hip_pitch_joint",
        "right_hip_pitch_joint",
        "waist_yaw_joint",
    )
    assert bundle.stiffness[:2] == (10.0, 11.0)
    assert bundle.ports.time_step == "time_step"
    assert bundle.observes_heading
    assert not bundle.observes_position
    assert bundle.blocks[0].length == (1, 1, 2, 2, 2, 2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"action_scale": None}, "metadata has no action_scale"),
        ({"joint_damping": "1.0,fast"}, "joint_damping.*fast"),
        ({"joint_damping": "nan"}, "joint_damping.*not finite"),
        ({"observation_names": "command,smell"}, "unknown observation term smell"),
        ({"command_names": "base_velocity"}, "expected motion"),
    ],
)
def test_beyondmimic_metadata_that_is_wrong(tmp_path, changes, told):
    network = write_network(tmp_path / "p.onnx", 60, metadata=beyondmimic_metadata(**changes))
    with pytest.raises(PolicyError, match=told):
        describe_network(network, ORIGIN, "beyondmimic")


def holosoma_metadata(ranges):
    return {
        "dof_names": json.dumps(g1.joint_table().names),
        "kp": json.dumps([40.0] * JOINTS),
        "kd": json.dumps([2.0] * JOINTS),
        "command_ranges": json.dumps(ranges),
    }


def test_holosoma_walking(tmp_path):
    ranges = {"lin_vel_x": [-1, 1], "lin_vel_y": [-0.5, 0.5], "ang_vel_yaw": [-1, 1]}
    network = write_network(
        tmp_path / "p.onnx",
        100,
        ports=("actor_obs", "action"),
        metadata=holosoma_metadata(ranges),
    )
    bundle = describe_network(network, ORIGIN)
    check_bundle(bundle, network)
    assert bundle.kind == "velocity"
    assert bundle.velocity_limits == ((-1, 1), (-0.5, 0.5), (-1, 1))
    assert bundle.terms[0].name == "last_action"
    assert bundle.terms[-1].name == "gait_phase_sine"


def test_holosoma_tracking_scales_a_quarter_of_effort_over_stiffness(tmp_path):
    network = write_network(
        tmp_path / "p.onnx", 154, time_step=True, metadata=holosoma_metadata(None)
    )
    bundle = describe_network(network, ORIGIN)
    check_bundle(bundle, network)
    assert bundle.kind == "motion_tracker"
    assert bundle.anchor_body == "torso_link"
    assert bundle.action.scale[0] == pytest.approx(0.25 * 88 / 40)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("kp", "[1, 2", "metadata kp"),
        ("kp", '["stiff"]', "metadata kp"),
        ("command_ranges", '{"lin_vel_x": [-1, 1]}', "lack lin_vel_y, ang_vel_yaw"),
    ],
)
def test_holosoma_metadata_that_is_wrong(tmp_path, key, value, told):
    metadata = holosoma_metadata({"lin_vel_x": [-1, 1]}) | {key: value}
    network = write_network(tmp_path / "p.onnx", 100, metadata=metadata)
    with pytest.raises(PolicyError, match=told):
        describe_network(network, ORIGIN, "holosoma")


def test_twist2_is_known_by_its_shape(tmp_path):
    network = write_network(tmp_path / "p.onnx", 1432, ports=("input", "output"))
    bundle = describe_network(network, ORIGIN)
    check_bundle(bundle, network)
    assert bundle.reference.lookahead_steps == (1,)
    assert bundle.terms[8].zeroed == (4, 5, 10, 11)


def test_an_unknown_network_asks_for_a_bundle(tmp_path):
    network = write_network(tmp_path / "p.onnx", 77)
    with pytest.raises(PolicyError, match="write a bundle"):
        describe_network(network, ORIGIN)


RANGES = """
      lin_vel_x: [-0.5, 1.0]
      lin_vel_y: [-0.3, 0.3]
      ang_vel_z: [-0.2, 0.2]
      heading: null"""


def deploy_yaml(**changes):
    values = {
        "map": ISAAC_MOTORS,
        "stiffness": list(range(100, 129)),
        "gym": "",
        "joint_term": "joint_pos_rel",
        "ranges": RANGES,
    }
    values.update(changes)
    ones = "[" + ", ".join(["1.0"] * 14) + ",\n      " + ", ".join(["1.0"] * 15) + "]"
    return f"""# written by training
joint_ids_map: {values["map"]}
step_dt: 0.02
stiffness: {values["stiffness"]}
damping: {[2.0] * JOINTS}
default_joint_pos: {[0.1] * JOINTS}
commands:
  base_velocity:
    ranges: {values["ranges"]}
actions:
  JointPositionAction:
    clip: null
    joint_names: [.*]
    scale: {ones}
    offset: {[0.1] * JOINTS}
    joint_ids: null
observations:{values["gym"]}
  base_ang_vel:
    params: {{}}
    clip: [-100, 100]
    scale: [0.2, 0.2, 0.2]
    history_length: 5
  velocity_commands:
    params: {{command_name: base_velocity}}
    clip: null
    scale: null
    history_length: 5
  {values["joint_term"]}:
    params:
      asset_cfg: !!python/object:isaaclab.managers.SceneEntityCfg
        name: robot
        joint_ids: !!python/object/apply:builtins.slice
        - null
        - null
        - null
    clip: null
    scale: {ones}
    history_length: 5
"""


def test_unitree_rl_lab(tmp_path):
    network = write_network(tmp_path / "p.onnx", 5 * (3 + 3 + JOINTS))
    bundle = describe_network(network, ORIGIN, deploy_yaml=deploy_yaml())
    check_bundle(bundle, network)
    assert bundle.joint_names == isaac_names()
    assert bundle.stiffness[:4] == (100.0, 106.0, 112.0, 101.0)
    assert bundle.rate_hz == 50.0
    assert bundle.velocity_limits == ((-0.5, 1.0), (-0.3, 0.3), (-0.2, 0.2))
    assert bundle.blocks[0].layout == "term_major"
    gym = describe_network(
        network, ORIGIN, deploy_yaml=deploy_yaml(gym="\n  use_gym_history: true")
    )
    assert gym.blocks[0].layout == "frame_major"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"map": list(range(23))}, r"23 of 29 motors, missing \[23, 24"),
        ({"stiffness": [1.0] * 23}, "stiffness has 23 values"),
        ({"joint_term": "smell"}, "unknown observation term smell"),
        ({"gym": " ["}, "not closed"),
        ({"stiffness": "fast"}, "stiffness"),
        ({"ranges": "[1, 2]"}, "ranges"),
        ({"ranges": "{lin_vel_x: [0, 1]}"}, "missing lin_vel_y, ang_vel_z"),
    ],
)
def test_a_deploy_yaml_that_is_wrong(tmp_path, changes, told):
    network = write_network(tmp_path / "p.onnx", 175)
    with pytest.raises(PolicyError, match=told):
        describe_network(network, ORIGIN, deploy_yaml=deploy_yaml(**changes))


def test_yaml_of_dumps():
    text = """---
a: &id001 [1, 2.5,
  -3e-2, 'x, y', null]   # comment
b: *id001
c:
- d: 1
  e: "f # g"
- [{h: true, i: [~]}]
j: !!python/tuple
- .*
k:
"""
    numbers = [1, 2.5, -0.03, "x, y", None]
    assert read_yaml(text, "t") == {
        "a": numbers,
        "b": numbers,
        "c": [{"d": 1, "e": "f # g"}, [{"h": True, "i": [None]}]],
        "j": [".*"],
        "k": None,
    }


OUTSIDE_THE_SUBSET = (
    "a: 1\na: 2",
    "a: |\n  text",
    "a: *x",
    "a: [1, 2",
    "a: 1]",
    "a:\n   b: 1\n  c: 2",
    "\ta: 1",
    "a: [1 2] 3",
    "a: {1, 2}",
    "[" * 100 + "]" * 100,
)


@pytest.mark.parametrize("text", OUTSIDE_THE_SUBSET)
def test_yaml_outside_the_subset_is_refused_with_its_line(text):
    with pytest.raises(PolicyError, match="t line "):
        read_yaml(text, "t")


def test_a_python_tag_runs_nothing(tmp_path):
    mark = tmp_path / "mark"
    text = f'a: !!python/object/apply:os.system ["touch {mark}"]'
    assert read_yaml(text, "t") == {"a": [f"touch {mark}"]}
    assert not mark.exists()
