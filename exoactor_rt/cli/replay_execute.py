"""`exoactor replay --sim` and `--robot`: a log's plan executed again."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.driving import go_under_damper
from exoactor_rt.config import VerdictConfig, load_config
from exoactor_rt.dds import read_dds_settings
from exoactor_rt.errors import ConfigError
from exoactor_rt.guard_config import GuardConfig
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.pipeline.logged_plan import (
    LoggedPlan,
    drive_again,
    logged_plan,
    rehearse_again,
    simulate_again,
)
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.outcome import OUTCOME_COLUMNS, Outcome


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what only an execution takes."""
    group = parser.add_argument_group("options of --sim and --robot")
    group.add_argument(
        "--plan", type=int, default=1, metavar="N", help="which of the log's, default: %(default)s"
    )
    group.add_argument(
        "--out", type=Path, metavar="LOG", help="where to record it, default: NAME.again.mcap"
    )
    group.add_argument("--seed", type=int, default=0, metavar="N", help="of the sensors' noise")
    group.add_argument(
        "--approve", default="", metavar="SHA256", help="lets that plan onto the robot"
    )
    group.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="TOML; of it the section [guard] counts, which may tighten the guard's limits",
    )


def run_in_simulation(arguments: argparse.Namespace) -> int:
    """Executes the plan in simulation; raises ExoactorError."""
    guard = _read_guard(arguments)
    times = StageTimes()
    log, logged = _prepare(arguments, times)
    with times.stage("simulation") as report:
        outcome = simulate_again(logged, log, arguments.seed, guard, report)
    return _tell(logged, outcome, log)


def run_on_robot(arguments: argparse.Namespace) -> int:
    """Rehearses the plan and, once it is approved, drives the robot; raises ExoactorError."""
    settings = read_dds_settings(arguments)
    guard = _read_guard(arguments)
    if arguments.approve:
        go_under_damper(settings, arguments.given)
    times = StageTimes()
    log, logged = _prepare(arguments, times)
    if arguments.approve not in ("", logged.sha256):
        raise ConfigError(
            f"options: --approve {arguments.approve}: the plan is {logged.sha256}; nothing executed"
        )
    with times.stage("rehearsal") as report:
        refused = rehearse_again(logged, arguments.seed, VerdictConfig(), guard, report)
    for line in refused:
        print(f"REFUSED    {line}")
    if refused:
        return exit_codes.REFUSED
    if not arguments.approve:
        print(f"rehearsed  plan {logged.sha256} stands; nothing was sent to the robot")
        print(f"approve    repeat with --approve {logged.sha256}")
        return exit_codes.REFUSED
    with times.stage("execution") as report:
        outcome = drive_again(logged, log, settings, guard, report)
    return _tell(logged, outcome, log)


def _read_guard(arguments: argparse.Namespace) -> GuardConfig:
    return load_config(arguments.config).guard if arguments.config else GuardConfig()


def _prepare(arguments: argparse.Namespace, times: StageTimes) -> tuple[Path, LoggedPlan]:
    source: Path = arguments.file
    log: Path = arguments.out or Path(f"{source.stem}.again.mcap")
    if log.resolve() == source.resolve():
        raise ConfigError(f"{log}: the execution would replace its own log; nothing started")
    require_writable_file(log)
    with times.stage("read") as report:
        run = read_run(source, OUTCOME_COLUMNS, report)
    return log, logged_plan(run, arguments.plan)


def _tell(logged: LoggedPlan, outcome: Outcome, log: Path) -> int:
    print(f"plan       {logged.number} ({logged.sha256})")
    print(f"log        {logged.logged}")
    print(f"again      {outcome}")
    print(f"recorded   {log}")
    same = outcome == logged.logged
    print(f"verdict    {'SAME' if same else 'DIFFERENT'} outcome")
    if not same:
        return exit_codes.DIVERGENCE
    return exit_codes.PASS if outcome.done and not outcome.trip else exit_codes.FAIL
