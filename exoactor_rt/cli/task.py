"""`exoactor task`: submit tasks to the service, follow, approve and cancel them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tqdm import tqdm

from exoactor_rt.api import (
    FINAL,
    ProgressEvent,
    StateEvent,
    TaskOptions,
    TaskState,
)
from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.task_words import (
    event_lines,
    listed_lines,
    next_steps,
    shown_lines,
    terminal_width,
)
from exoactor_rt.client import DEFAULT_SOCKET, Client
from exoactor_rt.errors import LinkError

_PASSED = (TaskState.DONE, TaskState.READY)
_REFUSED = (TaskState.REFUSED,)
_SILENCE_S = 30.0
_AGAIN_S = 0.5
_EPILOG = """exit codes: 0 done, or ready for approval; 1 it failed, was cancelled or interrupted;
2 bad input or refused by the service; 3 no plan survived its rehearsal"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `task` to the command's parser."""
    parser = subparsers.add_parser("task", help="tasks of the service: submit, watch, approve")
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    submit = _command(kinds, "submit", _submit, "submit a task")
    submit.add_argument("instruction", metavar="INSTRUCTION")
    submit.add_argument("--scene", type=Path, metavar="IMG", help="a picture of the scene")
    submit.add_argument("--clip", type=Path, metavar="MP4", help="use this; generate nothing")
    submit.add_argument("--execute", action="store_true", help="go on to the robot unasked")
    submit.add_argument("--height", type=float, metavar="M", help="the person's height in metres")
    submit.add_argument("--candidates", type=int, metavar="N", help="how many clips")
    submit.add_argument("--seed", type=int, metavar="N", help="of the first candidate")
    submit.add_argument(
        "--controller", choices=("wbc", "tracker", "auto"), help="who drives; see exoactor run"
    )
    submit.add_argument("--key", help="a repetition with the same key gives the same task")
    submit.add_argument("--watch", action="store_true", help="follow it, see watch")
    for name, function, told in (
        ("watch", _watch, "follow a task until it is ready for approval or has ended"),
        ("show", _show, "print a task"),
        ("approve", _approve, "let a rehearsed plan onto the robot"),
        ("cancel", _cancel, "end a task"),
    ):
        command = _command(kinds, name, function, told)
        command.add_argument("task", metavar="TASK")
        if name == "approve":
            command.add_argument(
                "--override-admission",
                default="",
                metavar="REASON",
                help="although admission refuses the plan; admins only, the reason is kept",
            )
    get = _command(kinds, "get", _get, "fetch a file that a task has made")
    get.add_argument("task", metavar="TASK")
    get.add_argument("name", metavar="NAME", help="see show, e.g. report.html")
    get.add_argument("-o", "--out", type=Path, metavar="FILE", help="default: NAME")
    listing = _command(kinds, "list", _list, "list the newest tasks")
    listing.add_argument("--state", choices=[state.value for state in TaskState])


def _command(
    kinds: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Callable[[Client, argparse.Namespace], int],
    told: str,
) -> argparse.ArgumentParser:
    parser = kinds.add_parser(name, help=told, epilog=_EPILOG)
    parser.add_argument("--socket", type=Path, default=DEFAULT_SOCKET, metavar="PATH")
    parser.set_defaults(run=lambda arguments: function(Client(arguments.socket), arguments))
    return parser


def _submit(client: Client, arguments: argparse.Namespace) -> int:
    task = client.submit(
        arguments.instruction,
        scene=arguments.scene,
        clip=arguments.clip,
        execute=arguments.execute,
        options=TaskOptions(
            person_height_m=arguments.height,
            candidates=arguments.candidates,
            seed=arguments.seed,
            controller=arguments.controller,
        ),
        key=arguments.key,
    )
    print(task.id)
    return follow(client, task.id) if arguments.watch else exit_codes.PASS


def _watch(client: Client, arguments: argparse.Namespace) -> int:
    return follow(client, arguments.task)


def follow(client: Client, name: str) -> int:
    """Shows a task's events until it rests."""
    state, width = TaskState.QUEUED, terminal_width()
    form = "{desc:<24} {bar} {n_fmt}/{total_fmt} {postfix}"
    with tqdm(leave=False, bar_format=form, disable=None, dynamic_ncols=True) as bar:
        for event in _all_events(client, name):
            if isinstance(event, ProgressEvent):
                bar.set_description_str(event.stage, refresh=False)
                bar.set_postfix_str(event.words, refresh=False)
                bar.total, bar.n = event.total or None, event.done
                bar.refresh()
                continue
            state = event.state
            tqdm.write("\n".join(event_lines(event, width)))
            if state is TaskState.READY and client.task(name).state is TaskState.READY:
                break
    for step in next_steps(client.task(name), client.socket):
        print(f"next  {step}", file=sys.stderr)
    if state in _REFUSED:
        return exit_codes.REFUSED
    return exit_codes.PASS if state in _PASSED else exit_codes.FAIL


def _all_events(client: Client, name: str) -> Iterator[StateEvent | ProgressEvent]:
    """A task's events until it has ended, over as many connections as that takes.

    Raises:
        LinkError: the service has not answered for a while.
    """
    last, heard_s = 0, time.monotonic()
    while True:
        try:
            for event in client.events(name, last):
                heard_s = time.monotonic()
                yield event
                if isinstance(event, StateEvent):
                    last = event.number
                    if event.state in FINAL:
                        return
            if client.task(name).state in FINAL and not list(client.events(name, last)):
                return
        except LinkError:
            if time.monotonic() - heard_s > _SILENCE_S:
                raise
        time.sleep(_AGAIN_S)


def _show(client: Client, arguments: argparse.Namespace) -> int:
    task = client.task(arguments.task)
    print("\n".join(shown_lines(task, client.socket, terminal_width())))
    return exit_codes.PASS


def _approve(client: Client, arguments: argparse.Namespace) -> int:
    client.approve(arguments.task, arguments.override_admission)
    return exit_codes.PASS


def _cancel(client: Client, arguments: argparse.Namespace) -> int:
    client.cancel(arguments.task)
    return exit_codes.PASS


def _get(client: Client, arguments: argparse.Namespace) -> int:
    client.save_artifact(arguments.task, arguments.name, arguments.out or Path(arguments.name))
    return exit_codes.PASS


def _list(client: Client, arguments: argparse.Namespace) -> int:
    state = TaskState(arguments.state) if arguments.state else None
    page = client.tasks(state=state)
    for task in page.tasks:
        print("\n".join(listed_lines(task, terminal_width())))
    if page.next:
        print("there are older ones", file=sys.stderr)
    return exit_codes.PASS
