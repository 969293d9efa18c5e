"""`exoactor control` hands every option on to the process that it becomes."""

import argparse

from exoactor_rt.cli import control
from exoactor_rt.cli.main import build_parser
from exoactor_rt.runtime import entry

EVERY_OPTION = (
    *("--seed", "7", "--on-owner-loss", "stop", "--owner", "operator", "--owner", "guest"),
    *("--log", "run.mcap", "--log-keep-mb", "12", "--socket", "/run/c.sock"),
    *("--config", "site.toml", "--domain", "3", "--interface", "eth7", "--peer", "10.0.0.1"),
    *("--mode-machine", "6", "--driven-record", "c.driven", "--without-real-time-rights"),
    *("--cpu", "1"),
)


def entry_parser():
    parser = argparse.ArgumentParser()
    entry.add_arguments(parser)
    return parser


def test_no_option_is_lost(monkeypatch):
    monkeypatch.setattr(control, "damped", lambda words, settings, record: words)
    known = {option for action in entry_parser()._actions for option in action.option_strings}
    assert known == {word for word in EVERY_OPTION if word.startswith("--")} | {
        "--robot",
        "-h",
        "--help",
    }
    words = ["--robot", "dds", *EVERY_OPTION]
    asked = build_parser("control").parse_args(["control", *words])
    command = control.command_line(asked)
    handed_on = command[command.index("exoactor_rt.runtime") + 1 :]
    assert entry_parser().parse_args(handed_on) == entry_parser().parse_args(words)
