"""Faults as they are written on the command line."""

import math

import pytest

from exoactor_rt.cli.main import main
from exoactor_rt.errors import ConfigError
from exoactor_rt.sim.link_fault import FAULT_DEFAULTS, LinkFault, parse_fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("freeze", LinkFault("freeze", 0.0, 0.0, math.inf)),
        ("drop=0.2@3+0.5", LinkFault("drop", 0.2, 3.0, 0.5)),
        ("hot_motor@1.5", LinkFault("hot_motor", 130.0, 1.5, math.inf)),
        ("command_delay=0.05", LinkFault("command_delay", 0.05, 0.0, math.inf)),
    ],
)
def test_faults_are_read(text, fault):
    assert parse_fault(text) == fault


def test_every_kind_has_a_default_that_is_accepted():
    for kind, value in FAULT_DEFAULTS.items():
        assert parse_fault(kind).value == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drop=1.5", "1.5 > 1"),
        ("nan=29", "29 > 28"),
        ("delay=1", "1 > 0.4"),
        ("dorp", "unknown, must be one of drop"),
        ("drop@", "must be KIND"),
        ("drop=-1", "must be KIND"),
        ("drop=1.2.3", "could not convert"),
        ("", "must be KIND"),
    ],
)
def test_what_makes_no_sense_is_refused(text, words):
    with pytest.raises(ConfigError, match=words):
        parse_fault(text)


def test_a_fault_lasts_from_start_to_end():
    fault = LinkFault("drop", 1.0, 2.0, 0.5)
    assert [fault.is_on(time_s) for time_s in (1.99, 2.0, 2.49, 2.5)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--fault", "dorp"], "unknown"),
        (["--domain", "500"], "must be 0..230"),
        (["--mode-machine", "-1"], "must be 0..255"),
    ],
)
def test_bad_options_are_one_line(options, words, capsys):
    assert main(["sim", "--dds", *options]) == 2
    assert words in capsys.readouterr().err
