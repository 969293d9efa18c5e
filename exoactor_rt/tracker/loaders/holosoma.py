"""holosoma: gains and joint names as JSON in the ONNX file, the rest by holosoma's convention.

Terms are sorted by name, scaled, one frame of each. Walking policies are recognised by their
command ranges, whole-body trackers by having none. Values are those of holosoma-inference 0.1.3.
"""

from __future__ import annotations

from typing import Any

import msgspec

from exoactor_rt.errors import PolicyError
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.bundle import (
    Action,
    CurrentBlock,
    Gait,
    PolicyBundle,
    Range,
    Start,
)
from exoactor_rt.tracker.loaders.origin import (
    Origin,
    find_ports,
    make_term,
    metadata_text,
    observed_flags,
)
from exoactor_rt.tracker.network import Network

TERM_NAMES = {
    "actions": "last_action",
    "base_ang_vel": "base_angular_velocity",
    "base_lin_vel": "base_linear_velocity",
    "command_ang_vel": "velocity_command_yaw",
    "command_lin_vel": "velocity_command_xy",
    "cos_phase": "gait_phase_cosine",
    "dof_pos": "joint_position_relative",
    "dof_vel": "joint_velocity",
    "motion_command": "reference_joint_position_velocity",
    "motion_ref_ori_b": "reference_anchor_orientation_in_anchor",
    "motion_ref_pos_b": "reference_anchor_position_in_anchor",
    "projected_gravity": "projected_gravity",
    "sin_phase": "gait_phase_sine",
}
_WALKING_TERMS = {
    "actions": 1.0,
    "base_ang_vel": 0.25,
    "command_ang_vel": 1.0,
    "command_lin_vel": 1.0,
    "cos_phase": 1.0,
    "dof_pos": 1.0,
    "dof_vel": 0.05,
    "projected_gravity": 1.0,
    "sin_phase": 1.0,
}
_TRACKING_TERMS = dict.fromkeys(
    ("actions", "base_ang_vel", "dof_pos", "dof_vel", "motion_command", "motion_ref_ori_b"), 1.0
)
_DEFAULT_RAD = {
    "hip_pitch": -0.312,
    "knee": 0.669,
    "ankle_pitch": -0.363,
    "shoulder_pitch": 0.2,
    "elbow": 0.6,
}
_OUTWARD_RAD = {"left_shoulder_roll": 0.2, "right_shoulder_roll": -0.2}
_WALKING_SCALE = 0.25
_SCALE_OF_EFFORT = 0.25
_RATE_HZ = 50.0


def load_holosoma(network: Network, origin: Origin) -> PolicyBundle:
    """The bundle that metadata and convention describe; at 50 Hz, gait of 1 s.

    Raises:
        PolicyError: a key is missing or not of its form.
    """
    where = origin.onnx_file
    joints = _decode(network, "dof_names", tuple[str, ...], where)
    stiffness = _decode(network, "kp", tuple[float, ...], where)
    ranges = _decode(network, "command_ranges", dict[str, Range] | None, where)
    walking = ranges is not None
    scales = _WALKING_TERMS if walking else _TRACKING_TERMS
    terms = tuple(
        make_term(name, TERM_NAMES, len(joints), where, scale=scales[name])
        for name in sorted(scales)
    )
    default = tuple(_default_of(name) for name in joints)
    position, heading = observed_flags(terms)
    return PolicyBundle(
        name=origin.name,
        kind="velocity" if walking else "motion_tracker",
        licence=origin.licence,
        source=origin.source,
        onnx_file=origin.onnx_file,
        onnx_sha256=network.sha256,
        rate_hz=_RATE_HZ,
        joint_names=joints,
        stiffness=stiffness,
        damping=_decode(network, "kd", tuple[float, ...], where),
        default_position_rad=default,
        anchor_body="pelvis" if walking else "torso_link",
        observes_position=position,
        observes_heading=heading,
        velocity_limits=_limits(ranges, where) if ranges is not None else None,
        ports=find_ports(network, where),
        action=Action(
            scale=_action_scale(network, joints, stiffness, walking=walking, where=where),
            clip=(-100.0, 100.0),
            last_action="clipped",
        ),
        gait=Gait(period_s=1.0) if walking else None,
        start=Start(position_rad=default),
        terms=terms,
        blocks=(CurrentBlock(),),
    )


def _decode(network: Network, key: str, kind: object, where: str) -> Any:
    try:
        return msgspec.json.decode(metadata_text(network, key, where).encode(), type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise PolicyError(f"{where}: metadata {key}: {error}; policy refused") from error


def _default_of(joint: str) -> float:
    stem = joint.removesuffix("_joint")
    side_free = stem.removeprefix("left_").removeprefix("right_")
    return _OUTWARD_RAD.get(stem, _DEFAULT_RAD.get(side_free, 0.0))


def _limits(ranges: dict[str, Range], where: str) -> tuple[Range, Range, Range]:
    names = ("lin_vel_x", "lin_vel_y", "ang_vel_yaw")
    missing = [name for name in names if name not in ranges]
    if missing:
        raise PolicyError(
            f"{where}: command_ranges lack {', '.join(missing)}, there are {sorted(ranges)}; "
            "policy refused"
        )
    return ranges[names[0]], ranges[names[1]], ranges[names[2]]


def _action_scale(
    network: Network,
    joints: tuple[str, ...],
    stiffness: tuple[float, ...],
    walking: bool,
    where: str,
) -> float | tuple[float, ...]:
    """The metadata's; else 0.25 when walking, a quarter of effort over stiffness when tracking."""
    if "action_scale" in network.metadata:
        given: float | tuple[float, ...] = _decode(
            network, "action_scale", float | tuple[float, ...], where
        )
        return given
    if walking:
        return _WALKING_SCALE
    table = joint_table()
    effort = {name: float(table.effort_nm[table.index(name)]) for name in table.names}
    return tuple(
        _SCALE_OF_EFFORT * effort.get(name, 0.0) / gain if gain > 0 else 0.0
        for name, gain in zip(joints, stiffness, strict=False)
    )
