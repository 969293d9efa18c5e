"""Which project a network is from, by what its file says."""

from __future__ import annotations

from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.bundle import PolicyBundle
from exoactor_rt.tracker.loaders.beyondmimic import load_beyondmimic
from exoactor_rt.tracker.loaders.holosoma import load_holosoma
from exoactor_rt.tracker.loaders.origin import Origin
from exoactor_rt.tracker.loaders.twist2 import WIDTHS, load_twist2
from exoactor_rt.tracker.loaders.unitree_rl_lab import load_unitree_rl_lab
from exoactor_rt.tracker.network import Network

FORMATS = ("beyondmimic", "holosoma", "twist2", "unitree_rl_lab")


def describe_network(
    network: Network, origin: Origin, style: str | None = None, deploy_yaml: str | None = None
) -> PolicyBundle:
    """The bundle of a network that another project exported.

    Args:
        network: the network.
        origin: what the file does not say.
        style: one of FORMATS; found out when None.
        deploy_yaml: text of unitree_rl_lab's file.

    Raises:
        PolicyError: the style cannot be found out, or its loader refuses.
    """
    style = style or _style_of(network, deploy_yaml)
    if style == "unitree_rl_lab":
        if deploy_yaml is None:
            raise PolicyError(f"{origin.onnx_file}: unitree_rl_lab needs its deploy.yaml")
        return load_unitree_rl_lab(network, origin, deploy_yaml)
    loaders = {"beyondmimic": load_beyondmimic, "holosoma": load_holosoma, "twist2": load_twist2}
    if style not in loaders:
        raise PolicyError(
            f"{origin.onnx_file}: no known format; metadata has {sorted(network.metadata)}, inputs "
            f"are {sorted(network.inputs)}; write a bundle and give it with --bundle"
        )
    return loaders[style](network, origin)


def _style_of(network: Network, deploy_yaml: str | None) -> str | None:
    if deploy_yaml is not None:
        return "unitree_rl_lab"
    if "joint_stiffness" in network.metadata:
        return "beyondmimic"
    if "dof_names" in network.metadata:
        return "holosoma"
    ports = (network.inputs.get("input"), network.outputs.get("output"))
    if tuple(tensor.width if tensor else None for tensor in ports) == WIDTHS:
        return "twist2"
    return None
