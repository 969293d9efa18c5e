"""Small ONNX policies for tests: action = gain * (first entries of the observation) + bias."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from exoactor_rt.robots import g1
from exoactor_rt.tracker.bundle import (
    Action,
    CurrentBlock,
    PolicyBundle,
    Ports,
    Start,
    Term,
)
from exoactor_rt.tracker.network import Network

_ISAAC_TEXT = "0 6 12 1 7 13 2 8 14 3 9 15 22 4 10 16 23 5 11 17 24 18 25 19 26 20 27 21 28"
ISAAC_MOTORS = [int(motor) for motor in _ISAAC_TEXT.split()]
JOINTS = 29


def isaac_names():
    return tuple(g1.joint_table().names[motor] for motor in ISAAC_MOTORS)


def write_network(
    path: Path,
    width: int,
    *,
    gain: float = 0.1,
    bias: float = 0.0,
    ports: tuple[str, str] = ("obs", "actions"),
    time_step: bool = False,
    metadata: dict[str, str] | None = None,
) -> Network:
    observation, action = ports
    weight = np.zeros((width, JOINTS), dtype=np.float32)
    for joint in range(min(width, JOINTS)):
        weight[joint, joint] = gain
    inputs = [helper.make_tensor_value_info(observation, TensorProto.FLOAT, [1, width])]
    nodes = [helper.make_node("Gemm", [observation, "weight", "bias"], [action])]
    if time_step:
        inputs.append(helper.make_tensor_value_info("time_step", TensorProto.FLOAT, [1, 1]))
        nodes = [
            helper.make_node("Gemm", [observation, "weight", "bias"], ["linear"]),
            helper.make_node("Add", ["linear", "time_step"], [action]),
        ]
    graph = helper.make_graph(
        nodes,
        "policy",
        inputs,
        [helper.make_tensor_value_info(action, TensorProto.FLOAT, [1, JOINTS])],
        [
            numpy_helper.from_array(weight, "weight"),
            numpy_helper.from_array(np.full(JOINTS, bias, dtype=np.float32), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, metadata or {})
    onnx.save(model, str(path))
    return Network(path)


def simple_bundle(network: Network, **changes: object) -> PolicyBundle:
    """Sees its joints' offsets from the default; SDK order, scale 1, no ramp."""
    values: dict[str, object] = {
        "name": "simple",
        "kind": "motion_tracker",
        "licence": "MIT",
        "source": "test",
        "onnx_file": "policy.onnx",
        "onnx_sha256": network.sha256,
        "rate_hz": 50.0,
        "joint_names": g1.joint_table().names,
        "stiffness": (50.0,) * JOINTS,
        "damping": (2.0,) * JOINTS,
        "default_position_rad": (0.0,) * JOINTS,
        "observes_position": False,
        "observes_heading": False,
        "ports": Ports(observation="obs", observation_width=JOINTS, action="actions"),
        "action": Action(scale=1.0, last_action="raw"),
        "start": Start(position_rad=(0.0,) * JOINTS, ramp_s=0.0),
        "terms": (Term(name="joint_position_relative", width=JOINTS),),
        "blocks": (CurrentBlock(),),
    }
    return PolicyBundle(**{**values, **changes})
