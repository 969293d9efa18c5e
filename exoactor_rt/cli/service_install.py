"""`exoactor install-service` and `uninstall-service`."""

from __future__ import annotations

import argparse

from exoactor_rt.cli import exit_codes
from exoactor_rt.dds import add_dds_options, after_stop, read_dds_settings, standby, to_options
from exoactor_rt.errors import ConfigError

_DESCRIPTION = """Makes the users exoactor and exoactor-control, /etc/exoactor/config.toml (kept
where it is there) and the systemd units, and starts them. Run again after an upgrade of the
package; where the new services do not come to run, the old ones are put back. Nothing arms the
robot, and nothing is done while control holds it up."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds both commands to the command's parser."""
    parser = subparsers.add_parser(
        "install-service", help="install as systemd services (root)", description=_DESCRIPTION
    )
    parser.add_argument(
        "--robot", choices=("sim", "dds"), default="sim", help="default: %(default)s"
    )
    parser.add_argument("--cpu", type=int, default=-1, metavar="N", help="of the control loop")
    add_dds_options(parser)
    _add_fall_option(parser)
    parser.set_defaults(run=_install)
    parser = subparsers.add_parser(
        "uninstall-service", help="stop and remove the services with their data (root)"
    )
    parser.add_argument("--yes", action="store_true", help="really delete tasks and configuration")
    _add_fall_option(parser)
    parser.set_defaults(run=_uninstall)


def _add_fall_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--let-robot-fall", action="store_true", help="go on although control holds the robot up"
    )


def _install(arguments: argparse.Namespace) -> int:
    from exoactor_rt.deploy import System, install  # noqa: PLC0415
    from exoactor_rt.deploy.installation import CONTROL_SOCKET, Release  # noqa: PLC0415

    options = ["--robot", arguments.robot, "--cpu", str(arguments.cpu)]
    release = Release(control_options=" ".join(options))
    if arguments.robot == "dds":
        robot, record = read_dds_settings(arguments), CONTROL_SOCKET.with_suffix(".driven")
        release = Release(
            control_options=" ".join([*options, *to_options(arguments)]),
            after_stop=" ".join(after_stop(robot, record)),
            standby=" ".join(standby(robot, record)),
        )
    install(System(), release, let_robot_fall=arguments.let_robot_fall)
    print("installed; the robot is silent. Next: exoactor robot state, docs/operations.md")
    return exit_codes.PASS


def _uninstall(arguments: argparse.Namespace) -> int:
    from exoactor_rt.deploy import System, uninstall  # noqa: PLC0415

    if not arguments.yes:
        raise ConfigError("uninstall-service: deletes all tasks and the configuration; add --yes")
    uninstall(System(), let_robot_fall=arguments.let_robot_fall)
    return exit_codes.PASS
