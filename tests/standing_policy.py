"""A policy that stands: constant targets that carry the robot's weight, whatever is asked."""

import numpy as np
from policy_files import JOINTS, simple_bundle, write_network

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.robots import g1
from exoactor_rt.tracker.bundle import Action, Start
from exoactor_rt.tracker.store import add_policy
from exoactor_rt.types import Reference

STIFFNESS = np.minimum(200.0, np.asarray(GuardLimits().stiffness))
POSTURE = g1.standing_position()


def standing_bundle(path, **changes):
    """Its network is written to `path`."""
    network = write_network(path, JOINTS, gain=0.0)
    held = tuple((POSTURE + g1.standing_torque(POSTURE) / STIFFNESS).tolist())
    values = {
        "name": "stander",
        "general": True,
        "stiffness": tuple(STIFFNESS.tolist()),
        "damping": (2.0,) * JOINTS,
        "action": Action(scale=1.0, offset_rad=held, last_action="raw"),
        "start": Start(position_rad=tuple(np.asarray(POSTURE).tolist()), ramp_s=0.0),
    }
    return simple_bundle(network, **{**values, **changes})


def standing_site(folder, monkeypatch):
    """A cache in `folder` with the policy, and a configuration that lets it drive."""
    monkeypatch.setenv("EXOACTOR_CACHE", str(folder / "cache"))
    add_policy(folder / "policy.onnx", standing_bundle(folder / "policy.onnx"))
    path = folder / "config.toml"
    path.write_text('[control]\ncontroller = "tracker"\npolicy = "stander"\n')
    return path


def standing_reference(duration_s=1.0, rate_hz=50.0):
    """The robot stands."""
    frames = round(duration_s * rate_hz) + 1
    return Reference(
        rate_hz=rate_hz,
        root_position_in_world=np.tile([0.0, 0.0, 0.75], (frames, 1)),
        quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (frames, 1)),
        joint_position=np.tile(POSTURE, (frames, 1)),
        contact=np.ones((frames, 2), bool),
        hand_openness=np.full((frames, 2), np.nan),
        source="standing",
    )
