"""BeyondMimic (whole_body_tracking): metadata in the ONNX file as comma-separated texts.

Terms are in IsaacLab's manner: each term's history by itself, oldest first, filled with the first.
The reference motion inside such a file is not used; ours is shown to the policy instead.
"""

from __future__ import annotations

import math

from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.bundle import Action, HistoryBlock, PolicyBundle, Start
from exoactor_rt.tracker.loaders.origin import (
    Origin,
    find_ports,
    make_term,
    metadata_text,
    observed_flags,
)
from exoactor_rt.tracker.network import Network

TERM_NAMES = {
    "command": "reference_joint_position_velocity",
    "motion_anchor_pos_b": "reference_anchor_position_in_anchor",
    "motion_anchor_ori_b": "reference_anchor_orientation_in_anchor",
    "base_lin_vel": "base_linear_velocity",
    "base_ang_vel": "base_angular_velocity",
    "projected_gravity": "projected_gravity",
    "joint_pos": "joint_position_relative",
    "joint_vel": "joint_velocity",
    "actions": "last_action",
}
_RATE_HZ = 50.0


def load_beyondmimic(network: Network, origin: Origin) -> PolicyBundle:
    """The bundle that the file's metadata describes, at BeyondMimic's 50 Hz.

    Raises:
        PolicyError: a key is missing, not of its form, or a term is unknown.
    """
    where = origin.onnx_file
    joints = _texts(network, "joint_names", where)
    commands = _texts(network, "command_names", where)
    if commands != ("motion",):
        raise PolicyError(
            f"{where}: command_names {', '.join(commands)}, expected motion; policy refused"
        )
    default = _numbers(network, "default_joint_pos", where)
    scale = _numbers(network, "action_scale", where)
    names = _texts(network, "observation_names", where)
    lengths = (1,) * len(names)
    if "observation_history_lengths" in network.metadata:
        values = _numbers(network, "observation_history_lengths", where)
        lengths = tuple(max(1, round(value)) for value in values)
    terms = tuple(make_term(name, TERM_NAMES, len(joints), where) for name in names)
    position, heading = observed_flags(terms)
    return PolicyBundle(
        name=origin.name,
        kind="motion_tracker",
        licence=origin.licence,
        source=origin.source,
        onnx_file=origin.onnx_file,
        onnx_sha256=network.sha256,
        rate_hz=_RATE_HZ,
        joint_names=joints,
        stiffness=_numbers(network, "joint_stiffness", where),
        damping=_numbers(network, "joint_damping", where),
        default_position_rad=default,
        anchor_body=metadata_text(network, "anchor_body_name", where).strip(),
        observes_position=position,
        observes_heading=heading,
        ports=find_ports(network, where),
        action=Action(scale=scale[0] if len(scale) == 1 else scale, last_action="raw"),
        start=Start(position_rad=default),
        terms=terms,
        blocks=(
            HistoryBlock(
                length=lengths,
                layout="term_major",
                order="oldest_first",
                fill="first",
                includes_current=True,
            ),
        ),
    )


def _texts(network: Network, key: str, where: str) -> tuple[str, ...]:
    text = metadata_text(network, key, where).strip().strip("[]")
    return tuple(item.strip().strip("'\"") for item in text.split(",") if item.strip())


def _numbers(network: Network, key: str, where: str) -> tuple[float, ...]:
    texts = _texts(network, key, where)
    try:
        values = tuple(float(text) for text in texts)
    except ValueError as error:
        raise PolicyError(f"{where}: metadata {key}: {error}; policy refused") from error
    if not values or not all(math.isfinite(value) for value in values):
        raise PolicyError(f"{where}: metadata {key}: no or not finite numbers; policy refused")
    return values
