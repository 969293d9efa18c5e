"""A policy bundle: everything a runtime must know to drive the robot with an ONNX policy.

One TOML file beside one ONNX file. Arrays over joints are in the policy's own order, that of
`joint_names`; the runtime maps them to the SDK's order by name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.toml_text import to_toml

Positive = Annotated[float, Meta(gt=0.0)]
NotNegative = Annotated[float, Meta(ge=0.0)]
Count = Annotated[int, Meta(ge=1, le=1000)]
Range = tuple[float, float]
BUNDLE_FILE = "bundle.toml"
_MAX_BYTES = 1_000_000


class Ports(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Names and widths of the network's inputs and outputs that are used.

    Attributes:
        observation: the input that takes the observation, [1, observation_width].
        observation_width: as the terms and blocks must add up to.
        time_step: an input [1, 1] that counts policy steps; empty where there is none.
        action: the output that is the action, [1, joints].
    """

    observation: str
    observation_width: Annotated[int, Meta(ge=1, le=100_000)]
    time_step: str = ""
    action: str


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From the network's output to joint targets: offset + scale * clipped output.

    Attributes:
        scale: rad per unit of output, one value or one a joint.
        offset_rad: per joint; empty means the default position.
        clip: bounds of the output before it is scaled.
        target_clip_rad: bounds of the targets, one pair a joint; empty means none.
        last_action: whether the policy is shown its output before or after `clip`.
    """

    scale: float | tuple[float, ...]
    offset_rad: tuple[float, ...] = ()
    clip: Range | None = None
    target_clip_rad: tuple[Range, ...] = ()
    last_action: Literal["raw", "clipped"]


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One observation term: computed, its `zeroed` entries set to 0, clipped, then scaled."""

    name: str
    width: Count
    scale: float | tuple[float, ...] = 1.0
    clip: Range | None = None
    zeroed: tuple[Annotated[int, Meta(ge=0)], ...] = ()


class CurrentBlock(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="current"
):
    """The newest frame; only some of its terms where `terms` is not empty."""

    terms: tuple[str, ...] = ()


class HistoryBlock(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="history",
):
    """Past frames.

    Attributes:
        length: frames; or one number a term, which needs the term-major layout.
        layout: all terms of one frame together, or all frames of one term.
        order: of the frames.
        fill: what stands for frames before the first.
        includes_current: whether the newest frame is among them.
        terms: only these; all when empty.
    """

    length: Count | tuple[Count, ...]
    layout: Literal["frame_major", "term_major"]
    order: Literal["oldest_first", "newest_first"]
    fill: Literal["zeros", "first"]
    includes_current: bool
    terms: tuple[str, ...] = ()


class ReferenceNeeds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which reference frames the policy sees, in policy steps after the present one."""

    lookahead_steps: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=500)], ...], Meta(min_length=1, max_length=100)
    ] = (0,)


class Gait(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The clock of a walking policy; it stands where the command is below `stand_below`."""

    period_s: Positive
    stand_below: NotNegative = 0.01


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the policy wants to be begun.

    Attributes:
        position_rad: per joint, in which the robot should stand.
        ramp_s: targets are blended from where the joints are to the policy's over this time.
    """

    position_rad: tuple[float, ...]
    ramp_s: Annotated[float, Meta(ge=0.0, le=10.0)] = 0.5


class Golden(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Targets that the policy gave when it was installed, for seeded states and references.

    Attributes:
        seed: of the states.
        target_rad: [steps][joints] rad, policy order.
        tolerance_rad: the greatest allowed deviation.
    """

    seed: Annotated[int, Meta(ge=0)]
    target_rad: tuple[tuple[float, ...], ...]
    tolerance_rad: Positive = 1e-4


class PolicyBundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Description of one policy; see the classes above for its parts.

    Attributes:
        format: version of this layout.
        name: the policy's name in the store.
        kind: follows a reference motion, or a commanded velocity only.
        licence: of the network; "unknown" is allowed, nothing is not.
        source: where it came from.
        onnx_file: file name beside the TOML.
        onnx_sha256: of that file.
        rate_hz: steps a second.
        joint_names: the policy's order.
        stiffness: Nm/rad.
        damping: Nm s/rad.
        default_position_rad: what joint_position_rel is relative to.
        blocks: what the input is made of, in order.
        anchor_body: body whose attitude is compared with the reference's.
        general: whether it was trained to follow any reference, not only motions of its own.
        joint_speed_rad_s: per joint, up to which the guard is asked to let the measured speed go
            while the policy drives, at most the motor's rating; empty leaves the guard as it is.
        observes_position: whether any term depends on the position in the world.
        observes_heading: whether any term depends on the heading in the world.
        velocity_limits: of forward m/s, left m/s and yaw rate rad/s; None where not commanded.
    """

    format: Literal[1] = 1
    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
    kind: Literal["motion_tracker", "velocity"]
    licence: Annotated[str, Meta(min_length=1)]
    source: Annotated[str, Meta(min_length=1)]
    onnx_file: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*\.onnx$")]
    onnx_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    rate_hz: Annotated[float, Meta(ge=10.0, le=500.0)]
    joint_names: tuple[str, ...]
    stiffness: tuple[NotNegative, ...]
    damping: tuple[NotNegative, ...]
    default_position_rad: tuple[float, ...]
    joint_speed_rad_s: tuple[Positive, ...] = ()
    anchor_body: str = "pelvis"
    general: bool = False
    observes_position: bool
    observes_heading: bool
    velocity_limits: tuple[Range, Range, Range] | None = None
    ports: Ports
    action: Action
    reference: ReferenceNeeds = ReferenceNeeds()
    gait: Gait | None = None
    start: Start
    terms: tuple[Term, ...]
    blocks: tuple[CurrentBlock | HistoryBlock, ...]
    golden: Golden | None = None


def load_bundle(path: Path) -> PolicyBundle:
    """Reads a bundle's TOML; what it says is checked by `check_bundle`.

    Raises:
        PolicyError: the file cannot be read, is not TOML, or a key is missing, unknown or wrong.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}; no policy") from error
    if len(content) > _MAX_BYTES:
        raise PolicyError(f"{path}: {len(content)} bytes > {_MAX_BYTES}; no policy")
    try:
        return msgspec.toml.decode(content, type=PolicyBundle)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}; no policy") from error


def bundle_text(bundle: PolicyBundle) -> str:
    """The bundle as TOML, which `load_bundle` reads back equal."""
    return to_toml(msgspec.to_builtins(bundle))


def bundle_sha256(bundle: PolicyBundle) -> str:
    """Of the text, in which the network's own hash stands: tells the policy from any other."""
    return hashlib.sha256(bundle_text(bundle).encode()).hexdigest()
