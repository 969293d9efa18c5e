"""The self-test of a policy: seeded states and references must give the targets stored."""

from __future__ import annotations

import msgspec
import numpy as np

from exoactor_rt._core.types import RobotState
from exoactor_rt.errors import PolicyError
from exoactor_rt.robots.g1 import joint_table, standing_position
from exoactor_rt.tracker.bundle import Golden, PolicyBundle
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.policy import Policy
from exoactor_rt.tracker.reference_track import ReferenceTrack, make_track
from exoactor_rt.types import FloatArray

_STEPS = 4
_SEED = 20261123


def golden_targets(policy: Policy, seed: int, steps: int) -> FloatArray:
    """Targets [steps, J] rad, policy order, for `steps` seeded states near standing."""
    rng = np.random.default_rng(seed)
    bundle = policy.bundle
    order = [joint_table().index(name) for name in bundle.joint_names]
    ahead = bundle.reference.lookahead_steps
    track = _seeded_track(rng, bundle.rate_hz, steps + 2)
    policy.reset()
    rows = [
        np.asarray(policy.step(_seeded_state(rng), track.window(step, ahead)).position)[order]
        for step in range(steps)
    ]
    policy.reset()
    return np.stack(rows)


def with_golden(bundle: PolicyBundle, network: Network) -> PolicyBundle:
    """The bundle with what its policy gives now as golden values.

    Raises:
        PolicyError: bundle and network do not fit, or a target is not finite.
    """
    targets = golden_targets(Policy(bundle, network), _SEED, _STEPS)
    if not np.all(np.isfinite(targets)):
        raise PolicyError(f"policy {bundle.name}: self-test gives no finite targets; refused")
    rows = tuple(tuple(round(float(value), 7) for value in row) for row in targets)
    return msgspec.structs.replace(bundle, golden=Golden(seed=_SEED, target_rad=rows))


def check_golden(policy: Policy) -> float:
    """Runs the self-test.

    Returns:
        The greatest deviation, rad.

    Raises:
        PolicyError: there are no golden values, or they are not met.
    """
    bundle = policy.bundle
    golden = bundle.golden
    if golden is None:
        raise PolicyError(f"policy {bundle.name}: no golden values; policy refused")
    wanted = np.array([row for row in golden.target_rad if len(row) == len(bundle.joint_names)])
    if len(wanted) != len(golden.target_rad) or not len(wanted):
        raise PolicyError(
            f"policy {bundle.name}: golden values are not steps x {len(bundle.joint_names)} joints"
            "; policy refused"
        )
    got = golden_targets(policy, golden.seed, len(wanted))
    deviation = np.abs(got - wanted)
    step, joint = np.unravel_index(int(np.argmax(deviation)), deviation.shape)
    worst = float(deviation[step, joint])
    if not worst <= golden.tolerance_rad:
        raise PolicyError(
            f"policy {bundle.name}: self-test step {step}, {bundle.joint_names[joint]}: "
            f"{got[step, joint]:.6f} rad, golden {wanted[step, joint]:.6f} rad, "
            f"off by more than {golden.tolerance_rad:g}; policy refused"
        )
    return worst


def _seeded_track(rng: np.random.Generator, rate_hz: float, count: int) -> ReferenceTrack:
    quats = np.array([1.0, 0.0, 0.0, 0.0]) + 0.05 * rng.standard_normal((count, 4))
    return make_track(
        rate_hz,
        np.array([0.0, 0.0, 0.78]) + 0.01 * rng.standard_normal((count, 3)),
        quats / np.linalg.norm(quats, axis=1, keepdims=True),
        standing_position() + 0.1 * rng.standard_normal((count, 29)),
    )


def _seeded_state(rng: np.random.Generator) -> RobotState:
    quat = np.array([1.0, 0.0, 0.0, 0.0]) + 0.05 * rng.standard_normal(4)
    state = RobotState()
    state.quat_world_base_wxyz = quat / np.linalg.norm(quat)
    state.base_position_in_world = np.array([0.0, 0.0, 0.78]) + 0.01 * rng.standard_normal(3)
    state.base_linear_velocity_in_world = 0.1 * rng.standard_normal(3)
    state.base_angular_velocity_in_base = 0.2 * rng.standard_normal(3)
    state.joint_position = standing_position() + 0.1 * rng.standard_normal(29)
    state.joint_velocity = 0.5 * rng.standard_normal(29)
    return state
