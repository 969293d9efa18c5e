"""TWIST2's tracker: no metadata, so the description is here.

Facts of the published policy (Ze et al. 2025, github.com/amazon-far/TWIST2, MIT): 50 Hz; a frame of
127 values, then ten past frames oldest first from zeros, then the reference's 35 values again.
The reference is seen one step ahead.
"""

from __future__ import annotations

from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.bundle import (
    Action,
    CurrentBlock,
    HistoryBlock,
    PolicyBundle,
    ReferenceNeeds,
    Start,
    Term,
)
from exoactor_rt.tracker.loaders.origin import Origin, find_ports
from exoactor_rt.tracker.network import Network

WIDTHS = (1432, 29)
_LEG_STIFFNESS = (100.0, 100.0, 100.0, 150.0, 40.0, 40.0)
_LEG_DAMPING = (2.0, 2.0, 2.0, 4.0, 2.0, 2.0)
_ARM_STIFFNESS = (40.0, 40.0, 40.0, 40.0, 20.0, 20.0, 20.0)
_ARM_DAMPING = (4.0, 4.0, 4.0, 4.0, 1.0, 1.0, 1.0)
_LEG_RAD = (-0.2, 0.0, 0.0, 0.4, -0.2, 0.0)
_LEFT_ARM_RAD = (0.0, 0.4, 0.0, 1.2, 0.0, 0.0, 0.0)
_RIGHT_ARM_RAD = (0.0, -0.4, 0.0, 1.2, 0.0, 0.0, 0.0)
_ANKLES = (4, 5, 10, 11)
_REFERENCE_TERMS = (
    Term(name="reference_velocity_xy_in_root", width=2),
    Term(name="reference_height", width=1),
    Term(name="reference_roll_pitch", width=2),
    Term(name="reference_yaw_rate_in_root", width=1),
    Term(name="reference_joint_position", width=29),
)
_STATE_TERMS = (
    Term(name="base_angular_velocity", width=3, scale=0.25),
    Term(name="base_roll_pitch", width=2),
    Term(name="joint_position_relative", width=29),
    Term(name="joint_velocity", width=29, scale=0.05, zeroed=_ANKLES),
    Term(name="last_action", width=29),
)


def load_twist2(network: Network, origin: Origin) -> PolicyBundle:
    """TWIST2's bundle for a network of its shape.

    The damping of shoulders and elbows is 4 Nm s/rad where the policy was trained with 5, as the
    guard allows no more; wrists have the gains of the real robot. It snaps: knees, hip yaws and
    ankle pitches pass 10 rad/s for some 10 to 70 ms in swings and landings, wrists when a landing
    was hard. So it declares the motors' rated speeds.

    Raises:
        PolicyError: the network has no observation input or action output.
    """
    default = (*_LEG_RAD, *_LEG_RAD, 0.0, 0.0, 0.0, *_LEFT_ARM_RAD, *_RIGHT_ARM_RAD)
    return PolicyBundle(
        name=origin.name,
        kind="motion_tracker",
        licence=origin.licence,
        source=origin.source,
        onnx_file=origin.onnx_file,
        onnx_sha256=network.sha256,
        rate_hz=50.0,
        joint_names=joint_table().names,
        stiffness=(*_LEG_STIFFNESS * 2, *(150.0,) * 3, *_ARM_STIFFNESS * 2),
        damping=(*_LEG_DAMPING * 2, *(4.0,) * 3, *_ARM_DAMPING * 2),
        default_position_rad=default,
        joint_speed_rad_s=tuple(joint_table().velocity_rad_s.tolist()),
        general=True,
        observes_position=False,
        observes_heading=False,
        ports=find_ports(network, origin.onnx_file),
        action=Action(scale=0.5, clip=(-10.0, 10.0), last_action="raw"),
        reference=ReferenceNeeds(lookahead_steps=(1,)),
        start=Start(position_rad=default),
        terms=(*_REFERENCE_TERMS, *_STATE_TERMS),
        blocks=(
            CurrentBlock(),
            HistoryBlock(
                length=10,
                layout="frame_major",
                order="oldest_first",
                fill="zeros",
                includes_current=False,
            ),
            CurrentBlock(terms=tuple(term.name for term in _REFERENCE_TERMS)),
        ),
    )
