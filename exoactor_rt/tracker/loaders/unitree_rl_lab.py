"""unitree_rl_lab: a `deploy.yaml` beside the ONNX file.

`joint_ids_map[i]` is the motor of the policy's joint i; stiffness and damping are in the SDK's
order, default positions, action scales and offsets in the policy's. Each term's history is by
itself, oldest first, filled with the first frame; all terms of a frame together where
`use_gym_history` is set. Action clips bound the targets.
"""

from __future__ import annotations

from typing import Any

import msgspec

from exoactor_rt.errors import PolicyError
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.bundle import Action, HistoryBlock, PolicyBundle, Range, Start, Term
from exoactor_rt.tracker.loaders.origin import Origin, find_ports, make_term, observed_flags
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.yaml_subset import read_yaml

TERM_NAMES = {
    "base_ang_vel": "base_angular_velocity",
    "base_lin_vel": "base_linear_velocity",
    "projected_gravity": "projected_gravity",
    "velocity_commands": "velocity_command",
    "motion_command": "reference_joint_position_velocity",
    "motion_anchor_pos_b": "reference_anchor_position_in_anchor",
    "motion_anchor_ori_b": "reference_anchor_orientation_in_anchor",
    "joint_pos_rel": "joint_position_relative",
    "joint_vel_rel": "joint_velocity",
    "last_action": "last_action",
}
_COMMAND_RANGES = ("lin_vel_x", "lin_vel_y", "ang_vel_z")


class _TermEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    params: dict[str, Any] | None = None
    clip: Range | None = None
    scale: float | tuple[float, ...] | None = None
    history_length: int = 1


class _ActionEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    scale: float | tuple[float, ...]
    offset: tuple[float, ...] | None = None
    clip: tuple[Range, ...] | None = None
    joint_names: Any = None
    joint_ids: Any = None


class _Deployment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    joint_ids_map: tuple[int, ...]
    step_dt: float
    stiffness: tuple[float, ...]
    damping: tuple[float, ...]
    default_joint_pos: tuple[float, ...]
    commands: dict[str, Any] | None = None
    actions: dict[str, _ActionEntry]
    observations: dict[str, Any]


def load_unitree_rl_lab(network: Network, origin: Origin, deploy_yaml: str) -> PolicyBundle:
    """The bundle that a `deploy.yaml`'s text describes; its torso is the anchor of trackers.

    Raises:
        PolicyError: the text is not of this form, or a term is unknown.
    """
    where = "deploy.yaml"
    entry = _convert(read_yaml(deploy_yaml, where), _Deployment, where)
    motors = _motors(entry, where)
    if list(entry.actions) != ["JointPositionAction"]:
        raise PolicyError(
            f"{where}: actions {sorted(entry.actions)}, expected JointPositionAction only; "
            "policy refused"
        )
    action = entry.actions["JointPositionAction"]
    terms, block = _observations(entry.observations, len(motors), where)
    position, heading = observed_flags(terms)
    tracking = any(term.name.startswith("reference_") for term in terms)
    names = joint_table().names
    return PolicyBundle(
        name=origin.name,
        kind="motion_tracker" if tracking else "velocity",
        licence=origin.licence,
        source=origin.source,
        onnx_file=origin.onnx_file,
        onnx_sha256=network.sha256,
        rate_hz=1.0 / entry.step_dt,
        joint_names=tuple(names[motor] for motor in motors),
        stiffness=tuple(entry.stiffness[motor] for motor in motors),
        damping=tuple(entry.damping[motor] for motor in motors),
        default_position_rad=entry.default_joint_pos,
        anchor_body="torso_link" if tracking else "pelvis",
        observes_position=position,
        observes_heading=heading,
        velocity_limits=_velocity_limits(entry.commands),
        ports=find_ports(network, origin.onnx_file),
        action=Action(
            scale=action.scale,
            offset_rad=action.offset or (0.0,) * len(motors),
            target_clip_rad=action.clip or (),
            last_action="raw",
        ),
        start=Start(position_rad=entry.default_joint_pos),
        terms=terms,
        blocks=(block,),
    )


def _convert(value: Any, kind: Any, where: str) -> Any:
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        raise PolicyError(f"{where}: {error}; policy refused") from error


def _motors(entry: _Deployment, where: str) -> tuple[int, ...]:
    motors, count = entry.joint_ids_map, len(joint_table().names)
    if sorted(motors) != list(range(count)):
        missing = sorted(set(range(count)) - set(motors))
        extra = sorted(set(motors) - set(range(count)))
        raise PolicyError(
            f"{where}: joint_ids_map has {len(motors)} of {count} motors, missing {missing}, "
            f"unknown {extra}; policy refused"
        )
    for what, gains in (("stiffness", entry.stiffness), ("damping", entry.damping)):
        if len(gains) != count:
            raise PolicyError(
                f"{where}: {what} has {len(gains)} values for {count} motors; policy refused"
            )
    if not 0.002 <= entry.step_dt <= 0.1:
        raise PolicyError(
            f"{where}: step_dt {entry.step_dt} s, allowed is 0.002 to 0.1 s; policy refused"
        )
    return motors


def _observations(
    entries: dict[str, Any], joints: int, where: str
) -> tuple[tuple[Term, ...], HistoryBlock]:
    gym = entries.get("use_gym_history", False) is True
    terms: list[Term] = []
    lengths: list[int] = []
    for name, value in entries.items():
        if name == "use_gym_history":
            continue
        entry: _TermEntry = _convert(value, _TermEntry, f"{where}: observations.{name}")
        scale = 1.0 if entry.scale is None else entry.scale
        terms.append(make_term(name, TERM_NAMES, joints, where, scale=scale, clip=entry.clip))
        lengths.append(max(1, entry.history_length))
    block = HistoryBlock(
        length=tuple(lengths),
        layout="frame_major" if gym else "term_major",
        order="oldest_first",
        fill="first",
        includes_current=True,
    )
    return tuple(terms), block


def _velocity_limits(commands: dict[str, Any] | None) -> tuple[Range, Range, Range] | None:
    if not commands or "base_velocity" not in commands:
        return None
    where = "deploy.yaml: commands.base_velocity.ranges"
    entry = _convert(commands["base_velocity"], dict[str, Any], where)
    ranges = _convert(entry.get("ranges"), dict[str, Any], where)
    missing = [name for name in _COMMAND_RANGES if ranges.get(name) is None]
    if missing:
        raise PolicyError(f"{where}: missing {', '.join(missing)}; policy refused")
    limits: tuple[Range, Range, Range] = _convert(
        [ranges[name] for name in _COMMAND_RANGES], tuple[Range, Range, Range], where
    )
    return limits
