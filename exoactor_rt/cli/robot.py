"""`exoactor robot`, `stop`, `damp` and `estop`: talk to the control process directly."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.motion_mode import add_mode_parser
from exoactor_rt.cli.socket_option import add_socket_option, socket_path
from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlLink, ControlState, Role, TaskKind
from exoactor_rt.progress import StageTimes

_STATE_WITHIN_S = 2.0
_POSED_WITHIN_S = 30.0
_FIELDS = (
    "guard",
    "trip",
    "concern",
    "emergency",
    "posed",
    "owner",
    "label",
    "running",
    "stopping",
    "plans_ended",
    "last_end",
    "late_ticks",
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `robot`, `stop`, `damp` and `estop` to the command's parser."""
    _add_stops(subparsers)
    parser = subparsers.add_parser(
        "robot", help="the robot of the control process: its state, arming, executing a plan"
    )
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, function, told in (
        ("state", _state, "print the robot's state"),
        ("arm", _arm, "let commands through the guard: the robot stands under control"),
        ("reset", _reset, "from damping to ready, from ready to silence"),
        ("clear", _clear, "let go of an emergency stop; look at the robot first"),
    ):
        command = kinds.add_parser(name, help=told)
        add_socket_option(command)
        command.set_defaults(run=function)
    add_mode_parser(kinds)
    pose = kinds.add_parser(
        "pose",
        help="lead a robot that hangs in the gantry slowly to the standing posture",
        description="Takes 3 s and more. Ctrl-C, or whatever else interrupts it, asks for damping. "
        "Then lower the robot onto its feet and arm it.",
        epilog="exit codes: 0 in the posture; 1 damping; 2 refused",
    )
    pose.add_argument(
        "--hanging", action="store_true", required=True, help="somebody has looked: it hangs"
    )
    add_socket_option(pose)
    pose.set_defaults(run=_pose)
    execute = kinds.add_parser(
        "execute",
        help="execute a plan or tracking on the armed robot",
        description="Ctrl-C asks for a controlled stop, a second one for damping.",
        epilog="exit codes: 0 the plan was done; 1 it was stopped or broken off; 2 refused or bad "
        "input",
    )
    execute.add_argument("plan", type=Path, metavar="PLAN", help="a plan or tracking file")
    add_socket_option(execute)
    execute.set_defaults(run=_execute)


def _add_stops(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, ask, told in (
        ("stop", ControlLink.stop, "controlled stop: the robot comes to stand and holds"),
        ("damp", ControlLink.damp, "damp every joint at once; the robot sinks to the ground"),
        ("estop", ControlLink.emergency_stop, "damp at once, until `robot clear`"),
    ):
        parser = subparsers.add_parser(name, help=told)
        add_socket_option(parser)
        parser.set_defaults(run=_stopper(ask))


def _stopper(ask: Callable[[ControlLink], None]) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        with ControlLink(socket_path(arguments), name="command line") as link:
            ask(link)
        return exit_codes.PASS

    return run


def _state(arguments: argparse.Namespace) -> int:
    with ControlLink(socket_path(arguments), name="command line") as link:
        state = link.wait_for(lambda _: True, _STATE_WITHIN_S)
        print(f"{'robot':<12} {link.robot}")
    for name in _FIELDS:
        print(f"{name:<12} {getattr(state, name)}")
    print(f"{'lateness':<12} {lateness_line(state.lateness)}")
    return exit_codes.PASS


def lateness_line(lateness: tuple[tuple[int, int], ...]) -> str:
    """How many ticks began how late, without what never happened; see ControlState."""
    before, parts = 0, []
    for edge_us, ticks in lateness:
        bound = f"<= {edge_us} us" if edge_us else f"> {before} us"
        if ticks:
            parts.append(f"{ticks} {bound}")
        before = edge_us
    return ", ".join(parts)


def _arm(arguments: argparse.Namespace) -> int:
    with _owner(arguments) as link:
        link.arm()
    return exit_codes.PASS


def _pose(arguments: argparse.Namespace) -> int:
    with _owner(arguments) as link:
        link.pose()
        try:
            state = link.wait_for(lambda now: now.posed or now.guard != "pose", _POSED_WITHIN_S)
        except BaseException:
            with contextlib.suppress(LinkError):
                link.damp()
            raise
    if not state.posed:
        print(f"guard is {state.guard}: {state.trip}; not posed", file=sys.stderr)
        return exit_codes.FAIL
    print("in the standing posture; lower the robot onto its feet, then: exoactor robot arm")
    return exit_codes.PASS


def _reset(arguments: argparse.Namespace) -> int:
    with _owner(arguments) as link:
        link.reset()
    return exit_codes.PASS


def _clear(arguments: argparse.Namespace) -> int:
    with _owner(arguments) as link:
        link.clear()
    return exit_codes.PASS


def _owner(arguments: argparse.Namespace) -> ControlLink:
    return ControlLink(socket_path(arguments), role=Role.OWNER, name="command line")


def _execute(arguments: argparse.Namespace) -> int:
    from exoactor_rt.tracker import is_tracking  # noqa: PLC0415

    try:
        content = arguments.plan.read_bytes()
    except OSError as error:
        raise LinkError(f"{arguments.plan}: {error.strerror}; nothing executed") from error
    with _owner(arguments) as link:
        kind = TaskKind.TRACKING if is_tracking(arguments.plan) else TaskKind.PLAN
        sha256 = link.load(content, arguments.plan.name, kind=kind)
        begin_ns = time.monotonic_ns()
        with StageTimes().stage("execution") as report:
            ended = _run_plan(link, sha256, report)
        print("\n".join(event.text for event in link.events if event.stamp_ns >= begin_ns))
    done = (ended.last_end, ended.last_end_sha256) == ("done", sha256)
    return exit_codes.PASS if done else exit_codes.FAIL


def _run_plan(link: ControlLink, sha256: str, report: Callable[[int, int], None]) -> ControlState:
    """Starts the plan and follows it; what interrupts an answer's wait asks for damping."""
    try:
        link.start(sha256)
        return _follow(link, time.monotonic_ns(), report)
    except KeyboardInterrupt:
        with contextlib.suppress(LinkError):
            link.damp()
        raise


def _follow(link: ControlLink, since_ns: int, report: Callable[[int, int], None]) -> ControlState:
    """Polls until no plan is running; the first interrupt stops, the second damps."""
    asks = [link.damp, link.stop]
    while True:
        try:
            link.poll(0.1)
        except KeyboardInterrupt:
            if not asks:
                raise
            asks.pop()()
            continue
        state = link.state
        if state is None or state.stamp_ns < since_ns:
            continue
        if not state.running:
            return state
        report(round(1e3 * state.reference_time_s), round(1e3 * state.reference_end_s))
