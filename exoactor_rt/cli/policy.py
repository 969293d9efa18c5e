"""`exoactor policy`: add, list, verify and test learned trackers."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker import (
    Network,
    PolicyBundle,
    describe_speeds,
    find_gain_faults,
    load_bundle,
)
from exoactor_rt.tracker.loaders import FORMATS, Origin, describe_network
from exoactor_rt.tracker.store import (
    PolicyStatus,
    add_policy,
    check_policy,
    list_policies,
    verify_policy,
)


def _describe(arguments: argparse.Namespace) -> PolicyBundle:
    if arguments.bundle is not None:
        return load_bundle(arguments.bundle)
    stem = re.sub(r"[^a-z0-9_.-]+", "-", arguments.onnx.stem.lower()).strip("-.")
    origin = Origin(
        name=arguments.name or stem,
        onnx_file="policy.onnx",
        licence=arguments.licence,
        source=arguments.source or arguments.onnx.name,
    )
    deploy_yaml: str | None = None
    if arguments.deploy is not None:
        try:
            deploy_yaml = arguments.deploy.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(f"{arguments.deploy}: cannot be read: {error}; no policy") from error
    return describe_network(Network(arguments.onnx), origin, arguments.format, deploy_yaml)


def _print_status(status: PolicyStatus) -> None:
    bundle = status.bundle
    if bundle is None:
        print(f"{status.name:28} {status.problem}")
        return
    print(
        f"{status.name:28} {bundle.kind:15} {bundle.rate_hz:3g} Hz  {bundle.licence:12} "
        f"{status.problem or 'ok'}"
    )
    if status.problem:
        return
    for fault in find_gain_faults(bundle, GuardLimits()):
        print(f"{'':28} warning: {fault}; it would trip")
    reach = "any reference" if bundle.general else "motions of its own only"
    unseen = [what for what, seen in _observed(bundle) if not seen]
    print(f"{'':28} follows {reach}; does not see its {' and '.join(unseen) or '-'}")
    print(f"{'':28} {describe_speeds(bundle)}")


def _observed(bundle: PolicyBundle) -> tuple[tuple[str, bool], ...]:
    return ("place", bundle.observes_position), ("heading", bundle.observes_heading)


def run_add(arguments: argparse.Namespace) -> int:
    """Installs a policy; 0 if done. Raises PolicyError and AssetError."""
    status = add_policy(arguments.onnx, _describe(arguments), replace=arguments.replace)
    _print_status(status)
    print(f"{'':28} {status.folder}")
    return 0


def run_list(_: argparse.Namespace) -> int:
    """Prints every installed policy; 0 always."""
    for status in list_policies():
        _print_status(status)
    return 0


def _named(arguments: argparse.Namespace) -> list[str]:
    return [arguments.name] if arguments.name else [status.name for status in list_policies()]


def run_verify(arguments: argparse.Namespace) -> int:
    """Compares bundles, hashes and networks; 0 if all may be used, else 1."""
    statuses = [verify_policy(name) for name in _named(arguments)]
    for status in statuses:
        _print_status(status)
    return 1 if any(status.problem for status in statuses) else 0


def run_test(arguments: argparse.Namespace) -> int:
    """Runs the self-tests; 0 if all gave their golden values, else 1."""
    failed = False
    for name in _named(arguments):
        try:
            print(f"{name:28} ok, {check_policy(name):.1e} rad off its golden values")
        except PolicyError as error:
            failed = True
            print(f"{name:28} {error}")
    return 1 if failed else 0


def _add_add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    adding = actions.add_parser(
        "add",
        help="install an ONNX policy",
        description="Checks an ONNX policy and its description and installs both in "
        "$EXOACTOR_CACHE/policies (or ~/.cache/exoactor/policies).",
    )
    adding.add_argument("onnx", type=Path, help="the network")
    adding.add_argument("--bundle", type=Path, help="its description as our TOML")
    adding.add_argument("--format", choices=FORMATS, help="whose export it is; found out if left")
    adding.add_argument("--deploy", type=Path, help="deploy.yaml of unitree_rl_lab")
    adding.add_argument("--name", help="name in the store; of the file if left out")
    adding.add_argument("--licence", default="unknown", help="of the network")
    adding.add_argument("--source", default="", help="where it came from")
    adding.add_argument("--replace", action="store_true", help="replace one of the same name")
    adding.set_defaults(run=run_add)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `policy` with `add`, `list`, `verify` and `test` to the command's parser."""
    policy = subparsers.add_parser(
        "policy",
        help="add, list, verify or test learned trackers",
        description="Learned trackers: an ONNX network and a bundle that says how to run it.",
    )
    actions = policy.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_add_parser(actions)
    listing = actions.add_parser("list", help="show the installed policies")
    listing.set_defaults(run=run_list)
    verifying = actions.add_parser("verify", help="compare bundle, hash and network")
    verifying.add_argument("name", nargs="?", help="one policy; all if left out")
    verifying.set_defaults(run=run_verify)
    testing = actions.add_parser("test", help="run the self-test against golden values")
    testing.add_argument("name", nargs="?", help="one policy; all if left out")
    testing.set_defaults(run=run_test)
