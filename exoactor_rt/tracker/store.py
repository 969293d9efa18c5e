"""Installed policies: a folder each, put in place at once after bundle and network are checked."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from exoactor_rt.cache_folder import (
    exclusive,
    models_folder,
    publish,
    staging,
    storage_errors,
)
from exoactor_rt.durable_file import write_durably
from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.bundle import BUNDLE_FILE, PolicyBundle, bundle_text, load_bundle
from exoactor_rt.tracker.bundle_check import check_bundle
from exoactor_rt.tracker.golden import check_golden, with_golden
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.policy import Policy, load_policy

_LOCK_TIMEOUT_S = 60.0

Controller = Literal["wbc", "tracker", "auto"]


@dataclass(frozen=True)
class PolicyStatus:
    """One installed policy; `problem` is empty when it may be used."""

    name: str
    folder: Path
    bundle: PolicyBundle | None
    problem: str = ""


def policies_folder() -> Path:
    """`$EXOACTOR_CACHE/policies`, or `~/.cache/exoactor/policies`. Need not exist yet."""
    return models_folder().with_name("policies")


def add_policy(onnx: Path, bundle: PolicyBundle, *, replace: bool = False) -> PolicyStatus:
    """Installs a policy whose bundle fits it; golden values are made where there are none.

    Args:
        onnx: the network; `bundle.onnx_sha256` is its hash.
        bundle: its description.
        replace: whether a policy of the same name gives way.

    Raises:
        PolicyError: bundle, network and golden values do not fit, or the name is taken.
        AssetError: the store cannot be written. Nothing is half-installed then.
    """
    bundle = _validated(bundle)
    network = Network(onnx)
    check_bundle(bundle, network)
    if bundle.golden is None:
        bundle = with_golden(bundle, network)
    check_golden(Policy(bundle, network))
    folder = policies_folder()
    target = folder / bundle.name
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive(folder, _LOCK_TIMEOUT_S), staging(folder) as temporary:
            if target.exists() and not replace:
                raise PolicyError(
                    f"policy {bundle.name}: is installed at {target}; nothing changed; "
                    "--replace replaces it"
                )
            finished = temporary / "policy"
            finished.mkdir()
            shutil.copyfile(onnx, finished / bundle.onnx_file)
            write_durably(finished / BUNDLE_FILE, bundle_text(bundle).encode())
            load_policy(finished)
            publish(finished, target)
    return PolicyStatus(bundle.name, target, bundle)


def list_policies() -> list[PolicyStatus]:
    """Every installed policy, its bundle checked in itself, its network untouched."""
    folder = policies_folder()
    found = sorted(path.parent for path in folder.glob(f"[!.]*/{BUNDLE_FILE}"))
    return [_status(path, deep=False) for path in found]


def verify_policy(name: str) -> PolicyStatus:
    """One policy with bundle, hash and network compared; raises PolicyError if not installed."""
    return _status(policy_folder(name), deep=True)


def check_policy(name: str) -> float:
    """The self-test of an installed policy.

    Returns:
        The greatest deviation from the golden values, rad.

    Raises:
        PolicyError: it is not installed, does not fit its network, or gives other values.
    """
    return check_golden(_loaded(policy_folder(name)))


def installed_policy(name: str) -> Policy:
    """An installed policy, ready to step; its self-test has passed.

    Raises:
        PolicyError: as `check_policy`.
    """
    policy = _loaded(policy_folder(name))
    check_golden(policy)
    return policy


def choose_policy(controller: Controller, name: str = "") -> Policy | None:
    """The policy that drives, ready to step; None for the whole-body controller.

    Args:
        controller: "auto" takes a general tracker where one is installed, fits its bundle and
            passes its self-test.
        name: of the policy; the first by name where empty.

    Raises:
        PolicyError: a tracker is asked for and there is none that may be used; "auto" raises only
            for a named policy that is not installed.
    """
    if controller == "wbc":
        return None
    if name:
        policy_folder(name)
    faults: list[str] = []
    for candidate in [name] if name else [status.name for status in list_policies()]:
        try:
            policy = installed_policy(candidate)
        except PolicyError as error:
            faults.append(str(error))
            continue
        if name and controller == "tracker":
            return policy
        if policy.bundle.kind == "motion_tracker" and policy.bundle.general:
            return policy
        faults.append(f"policy {candidate}: follows motions of its own only, not any reference")
    if controller == "auto":
        return None
    raise PolicyError(
        f"controller tracker: {'; '.join(faults) or 'no policy is installed'}; nothing started"
    )


def policy_folder(name: str) -> Path:
    """Folder of an installed policy; raises PolicyError telling which there are."""
    installed = [path.parent.name for path in policies_folder().glob(f"[!.]*/{BUNDLE_FILE}")]
    if name not in installed:
        raise PolicyError(
            f"policy {name}: not installed; installed are {', '.join(sorted(installed)) or 'none'}"
        )
    return policies_folder() / name


def _loaded(folder: Path) -> Policy:
    policy = load_policy(folder)
    if policy.bundle.name != folder.name:
        raise PolicyError(
            f"policy {folder.name}: its bundle is named {policy.bundle.name}; policy refused"
        )
    return policy


def _validated(bundle: PolicyBundle) -> PolicyBundle:
    """The bundle with every bound of its fields checked, as loaders build it unchecked."""
    try:
        return msgspec.convert(msgspec.to_builtins(bundle), type=PolicyBundle)
    except msgspec.ValidationError as error:
        raise PolicyError(f"policy {bundle.name}: {error}; policy refused") from error


def _status(folder: Path, *, deep: bool) -> PolicyStatus:
    bundle: PolicyBundle | None = None
    try:
        bundle = load_bundle(folder / BUNDLE_FILE)
        check_bundle(bundle)
        if deep:
            _loaded(folder)
    except PolicyError as error:
        return PolicyStatus(folder.name, folder, bundle, str(error))
    return PolicyStatus(folder.name, folder, bundle)
