"""What no metadata says: the policy's name, licence, source and file."""

from __future__ import annotations

from dataclasses import dataclass

from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.bundle import Ports, Term
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.terms import TERMS


@dataclass(frozen=True)
class Origin:
    """Attributes are the fields of PolicyBundle of the same names."""

    name: str
    onnx_file: str
    licence: str
    source: str


def metadata_text(network: Network, key: str, where: str) -> str:
    """A metadata value; raises PolicyError where it is missing, telling what there is."""
    if key not in network.metadata:
        raise PolicyError(
            f"{where}: metadata has no {key}, it has {sorted(network.metadata)}; policy refused"
        )
    return str(network.metadata[key])


def find_ports(network: Network, where: str) -> Ports:
    """Observation, time step and action by the names in use.

    Raises:
        PolicyError: an input or output has another name or no fixed width.
    """
    observation = _only(network, ("obs", "actor_obs", "input", "policy"), where)
    width = network.inputs[observation].width
    if width is None:
        shape = list(network.inputs[observation].shape)
        raise PolicyError(f"{where}: input {observation} has shape {shape}; policy refused")
    for action in ("actions", "action", "output"):
        if action in network.outputs:
            return Ports(
                observation=observation,
                observation_width=width,
                time_step="time_step" if "time_step" in network.inputs else "",
                action=action,
            )
    raise PolicyError(
        f"{where}: none of {sorted(network.outputs)} is an action output; policy refused"
    )


def _only(network: Network, names: tuple[str, ...], where: str) -> str:
    for name in names:
        if name in network.inputs:
            return name
    raise PolicyError(
        f"{where}: none of inputs {sorted(network.inputs)} is called {', '.join(names)}; "
        "policy refused"
    )


def make_term(
    own_name: str,
    aliases: dict[str, str],
    joints: int,
    where: str,
    *,
    scale: float | tuple[float, ...] = 1.0,
    clip: tuple[float, float] | None = None,
) -> Term:
    """A term by the name that another project gives it; raises PolicyError for an unknown one."""
    if own_name not in aliases:
        raise PolicyError(
            f"{where}: unknown observation term {own_name}, known are "
            f"{', '.join(sorted(aliases))}; policy refused"
        )
    name = aliases[own_name]
    return Term(name=name, width=TERMS[name].width(joints, 1), scale=scale, clip=clip)


def observed_flags(terms: tuple[Term, ...]) -> tuple[bool, bool]:
    """Whether any of the terms depends on (position, heading) in the world."""
    observed = {what for term in terms for what in TERMS[term.name].observes}
    return "position" in observed, "heading" in observed
