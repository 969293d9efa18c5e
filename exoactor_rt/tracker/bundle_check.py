"""What must hold before a bundle may drive the robot; every difference is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.errors import PolicyError
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.tracker.bundle import CurrentBlock, HistoryBlock, PolicyBundle, Range, Term
from exoactor_rt.tracker.history import lengths_of
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.observation import chosen_terms
from exoactor_rt.tracker.terms import TERMS, Observed

_FLOAT = "tensor(float)"


def check_bundle(bundle: PolicyBundle, network: Network | None = None) -> None:
    """Checks a bundle in itself, then against its network.

    Raises:
        PolicyError: with every difference found, in one line.
    """
    faults = list(find_faults(bundle))
    if network is not None:
        faults += find_network_faults(bundle, network)
    if faults:
        raise PolicyError(f"policy {bundle.name}: {'; '.join(faults)}; policy refused")


def find_faults(bundle: PolicyBundle) -> Iterator[str]:
    """What is wrong with the bundle in itself, in words."""
    yield from _joint_faults(bundle)
    yield from _array_faults(bundle)
    yield from _speed_faults(bundle)
    term_faults = list(_term_faults(bundle))
    yield from term_faults
    if not term_faults:
        yield from _block_faults(bundle)
        yield from _observed_faults(bundle)
    if bundle.anchor_body not in kinematic_bodies().names:
        yield f"anchor body {bundle.anchor_body} is not on the robot"


def find_gain_faults(bundle: PolicyBundle, limits: GuardLimits) -> list[str]:
    """Gains that the guard would refuse, in words."""
    faults = []
    table = joint_table()
    for what, gains, allowed in (
        ("stiffness", bundle.stiffness, limits.stiffness),
        ("damping", bundle.damping, limits.damping),
    ):
        for name, gain in zip(bundle.joint_names, gains, strict=True):
            limit = float(allowed[table.index(name)])
            if gain > limit:
                faults.append(f"{what} of {name} {gain:g} > {limit:g} that the guard allows")
    return faults


def describe_speeds(bundle: PolicyBundle) -> str:
    """What the bundle asks of the guard's limit on measured joint speeds, in one line."""
    usual = GuardLimits().measured_speed
    table = joint_table()
    raised: dict[float, dict[str, None]] = {}
    for name, speed in zip(bundle.joint_names, bundle.joint_speed_rad_s, strict=False):
        if speed > usual[table.index(name)]:
            stem = name.removesuffix("_joint").removeprefix("left_").removeprefix("right_")
            raised.setdefault(speed, {})[stem] = None
    if not raised:
        return f"joint speed: the guard's own {min(usual):g} rad/s"
    told = "; ".join(f"{speed:g} rad/s: {', '.join(raised[speed])}" for speed in sorted(raised))
    return f"joint speed: asks the guard for more than its own {min(usual):g} rad/s, {told}"


def find_network_faults(bundle: PolicyBundle, network: Network) -> list[str]:
    """Where bundle and network differ, in words."""
    faults = []
    if bundle.onnx_sha256 != network.sha256:
        faults.append(
            f"sha256 of {bundle.onnx_file} is {network.sha256}, the bundle says "
            f"{bundle.onnx_sha256}"
        )
    ports = bundle.ports
    wanted = {ports.observation: ports.observation_width}
    if ports.time_step:
        wanted[ports.time_step] = 1
    faults += difference("inputs", sorted(wanted), sorted(network.inputs))
    if ports.action not in network.outputs:
        faults.append(f"output {ports.action} is not among {sorted(network.outputs)}")
    tensors = [("input", name, width, network.inputs.get(name)) for name, width in wanted.items()]
    action = network.outputs.get(ports.action)
    tensors.append(("output", ports.action, len(bundle.joint_names), action))
    for side, name, width, tensor in tensors:
        if tensor is None:
            continue
        if tensor.element != _FLOAT:
            faults.append(f"{side} {name} is {tensor.element}, expected {_FLOAT}")
        if tensor.width != width:
            faults.append(
                f"{side} {name} has shape {list(tensor.shape)}, the bundle says [1, {width}]"
            )
    return faults


def difference(what: str, got: Sequence[str], allowed: Sequence[str]) -> list[str]:
    """Names missing, unknown or double, in words; empty where the sets are equal."""
    missing = [name for name in allowed if name not in got]
    extra = [name for name in got if name not in allowed]
    double = [name for name, count in Counter(got).items() if count > 1]
    parts = (("missing", missing), ("unknown", extra), ("double", double))
    told = [f"{word} {', '.join(names)}" for word, names in parts if names]
    return [f"{what}: {', '.join(told)}"] if told else []


def _joint_faults(bundle: PolicyBundle) -> list[str]:
    return difference("joint_names", bundle.joint_names, joint_table().names)


def _array_faults(bundle: PolicyBundle) -> Iterator[str]:
    joints = len(bundle.joint_names)
    action = bundle.action
    exact: list[tuple[str, Sequence[float]]] = [
        ("stiffness", bundle.stiffness),
        ("damping", bundle.damping),
        ("default_position_rad", bundle.default_position_rad),
        ("start.position_rad", bundle.start.position_rad),
    ]
    if bundle.joint_speed_rad_s:
        exact.append(("joint_speed_rad_s", bundle.joint_speed_rad_s))
    if isinstance(action.scale, tuple):
        exact.append(("action.scale", action.scale))
    if action.offset_rad:
        exact.append(("action.offset_rad", action.offset_rad))
    if action.target_clip_rad:
        lower, upper = zip(*action.target_clip_rad, strict=True)
        exact += [("action.target_clip_rad", lower), ("action.target_clip_rad", upper)]
    for name, values in exact:
        if len(values) != joints:
            yield f"{name} has {len(values)} values for {joints} joints"
        if not np.all(np.isfinite(values)):
            yield f"{name} has a value that is not finite"
    if not np.all(np.isfinite(action.scale)):
        yield "action.scale has a value that is not finite"
    ranges = [action.clip, *action.target_clip_rad, *(bundle.velocity_limits or ())]
    yield from (f"range {list(bad)} is not rising" for bad in ranges if _is_bad(bad))


def _speed_faults(bundle: PolicyBundle) -> Iterator[str]:
    table = joint_table()
    for name, speed in zip(bundle.joint_names, bundle.joint_speed_rad_s, strict=False):
        if name in table.names and speed > table.velocity_rad_s[table.index(name)]:
            rated = float(table.velocity_rad_s[table.index(name)])
            yield f"joint_speed_rad_s of {name} {speed:g} > {rated:g}, its motor's rating"


def _is_bad(bounds: Range | None) -> bool:
    return bounds is not None and not bounds[0] < bounds[1]


def _term_faults(bundle: PolicyBundle) -> Iterator[str]:
    names = [term.name for term in bundle.terms]
    unknown = [name for name in names if name not in TERMS]
    if unknown:
        yield f"unknown terms {', '.join(unknown)}; there are {', '.join(sorted(TERMS))}"
    yield from (f"term {name} is double" for name, count in Counter(names).items() if count > 1)
    joints, frames = len(bundle.joint_names), len(bundle.reference.lookahead_steps)
    for term in bundle.terms:
        if term.name in TERMS:
            width = TERMS[term.name].width(joints, frames)
            if term.width != width:
                yield f"term {term.name} has width {term.width}, it gives {width}"
        yield from _shaping_faults(term)


def _shaping_faults(term: Term) -> Iterator[str]:
    if isinstance(term.scale, tuple) and len(term.scale) != term.width:
        yield f"term {term.name} has {len(term.scale)} scales for width {term.width}"
    if not np.all(np.isfinite(term.scale)):
        yield f"term {term.name} has a scale that is not finite"
    if any(index >= term.width for index in term.zeroed):
        yield f"term {term.name} zeroes entry {max(term.zeroed)} of {term.width}"
    if _is_bad(term.clip):
        yield f"term {term.name} has a clip that is not rising"


def _block_faults(bundle: PolicyBundle) -> Iterator[str]:
    known = [term.name for term in bundle.terms]
    used: set[str] = set()
    parts: list[str] = []
    total = 0
    for index, block in enumerate(bundle.blocks):
        missing = [name for name in block.terms if name not in known]
        if missing:
            yield f"block {index} names {', '.join(missing)}, which no term is"
            return
        used.update(block.terms or known)
        widths = [bundle.terms[chosen].width for chosen in chosen_terms(block, bundle.terms)]
        if isinstance(block, CurrentBlock):
            width = sum(widths)
            parts.append(f"{width} current")
        else:
            faults = _history_faults(block, len(widths), index)
            yield from faults
            if faults:
                return
            lengths = lengths_of(block, len(widths))
            width = sum(w * n for w, n in zip(widths, lengths, strict=True))
            parts.append(f"{width} history")
        total += width
    unused = [name for name in known if name not in used]
    if unused:
        yield f"terms in no block: {', '.join(unused)}"
    if total != bundle.ports.observation_width:
        sizes = ", ".join(f"{term.name} {term.width}" for term in bundle.terms)
        yield (
            f"blocks give {' + '.join(parts) or 0} = {total}, input {bundle.ports.observation} "
            f"takes {bundle.ports.observation_width} (terms: {sizes})"
        )


def _history_faults(block: HistoryBlock, terms: int, index: int) -> list[str]:
    if isinstance(block.length, int):
        return []
    if len(block.length) != terms:
        return [f"block {index} has {len(block.length)} lengths for {terms} terms"]
    if block.layout == "frame_major" and len(set(block.length)) > 1:
        return [f"block {index} is frame-major, so its lengths must be equal: {block.length}"]
    return []


def _observed_faults(bundle: PolicyBundle) -> Iterator[str]:
    observed: set[Observed] = set()
    for term in bundle.terms:
        observed |= TERMS[term.name].observes
    for what, declared in (
        ("position", bundle.observes_position),
        ("heading", bundle.observes_heading),
    ):
        if declared != (what in observed):
            yield f"observes_{what} is {declared}, but the terms say {what in observed}"
    if ("gait" in observed) != (bundle.gait is not None):
        yield "a gait is needed where gait_phase terms are, and nowhere else"
