"""The doctor's look at this machine and its models, and what is made of it."""

import json
import os

import pytest

from exoactor_rt.cli.doctor import table
from exoactor_rt.cli.main import main
from exoactor_rt.doctor import Finding, check_machine, worst


@pytest.fixture
def sysfs(tmp_path):
    """A machine as it should be; the files may be changed."""
    for path, text in {
        "kernel/realtime": "1",
        "devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance",
        "devices/system/cpu/cpu1/cpufreq/scaling_governor": "performance",
        "devices/system/clocksource/clocksource0/current_clocksource": "tsc",
        "class/net/eth0/operstate": "up",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text + "\n")
    return tmp_path


def examine(root, interface="eth0", hardware=False):
    return {f.check: f for f in check_machine(interface, hardware=hardware, root=root)}


def test_a_machine_as_it_should_be_passes(sysfs):
    found = examine(sysfs)
    for check in ("kernel", "CPU governor", "clock", "network interface"):
        assert found[check].verdict == "pass", found[check]
        assert found[check].remedy == ""


@pytest.mark.parametrize(
    ("path", "text", "check", "verdict"),
    [
        ("kernel/realtime", "0", "kernel", "warn"),
        ("devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave", "CPU governor", "warn"),
        ("devices/system/clocksource/clocksource0/current_clocksource", "hpet", "clock", "warn"),
        ("class/net/eth0/operstate", "down", "network interface", "fail"),
    ],
)
def test_each_fault_is_found(sysfs, path, text, check, verdict):
    (sysfs / path).write_text(text)
    finding = examine(sysfs)[check]
    assert finding.verdict == verdict
    assert text in finding.told or check == "kernel"
    assert finding.remedy


def test_an_interface_that_is_not_there_is_named_with_those_that_are(sysfs):
    finding = examine(sysfs, "eth9")["network interface"]
    assert finding.verdict == "fail"
    assert "eth9: not here; there are eth0" in finding.told


def test_missing_rights_fail_on_hardware_only(sysfs, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    assert examine(sysfs)["SCHED_FIFO"].verdict == "warn"
    finding = examine(sysfs, hardware=True)["SCHED_FIFO"]
    assert finding.verdict == "fail"
    assert "Operation not permitted" in finding.told
    assert "install-service" in finding.remedy


def test_the_worst_finding_is_the_verdict():
    findings = [Finding(check="a", verdict=verdict, told="") for verdict in ("pass", "skip")]
    assert worst(findings) == "pass"
    findings.append(Finding(check="b", verdict="warn", told=""))
    assert worst(findings) == "warn"
    findings.append(Finding(check="c", verdict="fail", told=""))
    assert worst(findings) == "fail"


def test_a_remedy_has_a_line_of_its_own():
    lines = table([Finding(check="clock", verdict="warn", told="hpet", remedy="use tsc")])
    assert lines == ["warn  clock  hpet", "             -> use tsc"]


def test_without_a_robot_no_network_is_looked_at(capsys):
    assert main(["doctor", "--json"]) in (0, 1)
    checks = [finding["check"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert "pose models" in checks
    assert "DDS peers" not in checks
