"""Entry point of the `exoactor` command."""

import argparse
import importlib
import logging
import os
import select
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.errors import ExoactorError

_STANDARD_OUTPUT = 1

EPILOG = """exit codes:
  0    done, and the verdict is pass
  1    the motion was executed and the verdict is fail (the robot fell, or did not follow);
       of `models`: a model is missing or not as published;
       of `replay` and `log`: a limit was left, or the log is damaged;
       of `explain`: something happened, and is explained
  2    bad input: a file, an option or a missing asset, a result that cannot be written, or a
       video server that gave no clip; the message says which
  3    refused: no level of the plan survives its rehearsals in simulation;
       of `replay`: another decision or outcome than the log's
  70   internal error: a defect of this program
  130  interrupted
  141  whoever read the output went away, as `head` does
"""

COMMANDS = {
    "demo": "demo",
    "generate": "generate",
    "run": "run",
    "plan": "plan",
    "sim": "sim",
    "replay": "replay",
    "explain": "explain",
    "log": "log",
    "view": "view",
    "bench": "bench",
    "models": "models",
    "policy": "policy",
    "testserver": "testserver",
    "serve": "serve",
    "task": "task",
    "control": "control",
    "install-service": "service_install",
    "uninstall-service": "service_install",
    "robot": "robot",
    "stop": "robot",
    "damp": "robot",
    "estop": "robot",
    "doctor": "doctor",
}
"""Command -> its module here. Only the one asked for is imported: a damp must not wait."""

DEBUG_HELP = "log details; traceback on errors"


def build_parser(command: str = "") -> argparse.ArgumentParser:
    """The parser with the command named, or else with all of them.

    Each command sets `run`, a function of the parsed arguments.
    """
    parser = argparse.ArgumentParser(
        prog="exoactor",
        description="A video of a person becomes motion that a Unitree G1 executes.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("exoactor_rt"))
    parser.add_argument("--debug", action="store_true", help=DEBUG_HELP)
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    wanted = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for module in wanted:
        importlib.import_module(f"exoactor_rt.cli.{module}").add_parser(subparsers)
    for subparser in subparsers.choices.values():
        subparser.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=DEBUG_HELP
        )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    given = sys.argv[1:] if argv is None else argv
    command = next((word for word in given if not word.startswith("-")), "")
    arguments = build_parser(command).parse_args(given)
    arguments.given = given
    logging.basicConfig(
        level=logging.DEBUG if arguments.debug else logging.WARNING,
        format="%(levelname)s %(name)s %(message)s",
    )
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except ExoactorError as error:
        if arguments.debug:
            traceback.print_exc()
        print(f"exoactor: error: {error}", file=sys.stderr)
        return exit_codes.BAD_INPUT
    except KeyboardInterrupt:
        print("exoactor: interrupted", file=sys.stderr)
        return exit_codes.INTERRUPTED
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _reader_is_gone():
            return exit_codes.READER_GONE
        if arguments.debug:
            traceback.print_exc()
        words = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"exoactor: internal error: {words} (--debug shows where)", file=sys.stderr)
        return exit_codes.INTERNAL
    return code


def _reader_is_gone() -> bool:
    """Whether nobody reads the standard output; what is left for it is then thrown away."""
    output = select.poll()
    output.register(_STANDARD_OUTPUT, 0)
    if not any(event & select.POLLERR for _, event in output.poll(0)):
        return False
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), _STANDARD_OUTPUT)
    return True


if __name__ == "__main__":
    sys.exit(main())
