"""The services on a real systemd, installed by our own installer, with every way to end."""

import json
import subprocess
import time

import container as containers
import pytest
from container import AWAKE_DEVICE
from stalls import raise_if_stalled, tried_again

from exoactor_rt.deploy.installation import Release, unit_texts

CONTROL, SERVICE, SOCKET = "exoactor-control", "exoactor", "/run/exoactor/service.sock"
LEAST_SECURE = 2.5
LOGS = "/var/log/exoactor-control"


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A booted container with the package under /opt, and a user outside of our group."""
    reason = containers.missing()
    if reason:
        pytest.skip(reason)
    with containers.booted(tmp_path_factory.mktemp("container")) as machine:
        machine.make_environment()
        machine.run("useradd", "--create-home", "stranger")
        yield machine


@pytest.fixture
def installed(machine):
    """The services, freshly installed and running; uninstalled after."""
    machine.exoactor("install-service")
    yield machine
    machine.exoactor("uninstall-service", "--yes", "--let-robot-fall")


def main_pid(machine, unit):
    return int(machine.property_of(unit, "MainPID"))


def is_active(machine, unit):
    return machine.property_of(unit, "ActiveState") == "active"


def restarts(machine, unit):
    return int(machine.property_of(unit, "NRestarts"))


def robot_state(machine):
    """What `exoactor robot state` prints; without a guard where control does not answer."""
    return dict(
        line.split(maxsplit=1) if " " in line.strip() else (line.strip(), "")
        for line in machine.exoactor("robot", "state", check=False)[1].splitlines()
    )


def guard_unless_stalled(machine):
    """The guard's state, None where control does not answer; raises StalledError."""
    state = robot_state(machine)
    raise_if_stalled(state.get("trip", ""))
    return state.get("guard")


def start_anew(machine):
    """After a stall: installed or upgraded, with a simulated robot that stands."""
    machine.exoactor("install-service", "--let-robot-fall")
    machine.run("systemctl", "restart", CONTROL)


@pytest.mark.slow
def test_units_are_sound_and_hardened(machine, tmp_path):
    units = unit_texts(Release(python="/usr/bin/python3", standby="/usr/bin/true"))
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    paths = [tmp_path / name for name in units]
    told = subprocess.run(
        ["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False
    )
    assert told.stdout + told.stderr == ""
    for path in paths:
        if path.suffix != ".service":
            continue
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--json=short", path],
            capture_output=True,
            text=True,
            check=False,
        )
        overall = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", path],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()[-1]
        assert json.loads(told.stdout)
        assert float(overall.split(":")[1].split()[0]) <= LEAST_SECURE


@pytest.mark.slow
@pytest.mark.skipif(not AWAKE_DEVICE.exists(), reason=f"no {AWAKE_DEVICE} here")
def test_control_keeps_the_processors_awake_while_it_runs(installed):
    def owner():
        return installed.run("stat", "-c", "%U", AWAKE_DEVICE)[1].strip()

    files = f"/proc/{main_pid(installed, CONTROL)}/fd"
    assert installed.run("find", files, "-lname", AWAKE_DEVICE)[1].count("\n") == 1
    assert owner() == "exoactor-control"
    installed.run("systemctl", "stop", CONTROL)
    assert owner() == "root"


@pytest.mark.slow
def test_installed_it_runs_silent_and_lets_only_its_group_in(installed):
    assert is_active(installed, CONTROL)
    assert is_active(installed, SERVICE)
    assert robot_state(installed)["guard"] == "silent"
    ask = ("curl", "-s", "--unix-socket", SOCKET, "http://robot/v1/health")
    assert installed.run(*ask, user="stranger", check=False)[0] == 7
    installed.run("usermod", "-aG", "exoactor", "stranger")
    told = installed.run(*ask, user="stranger")[1]
    assert '"status":"' in told
    installed.run("gpasswd", "-d", "stranger", "exoactor")
    owner = installed.run("stat", "-c", "%U:%G", "/run/exoactor/control.sock")[1]
    assert owner.strip() == "exoactor-control:exoactor"
    kill = ("kill", "-KILL", str(main_pid(installed, CONTROL)))
    assert installed.run(*kill, user="exoactor", check=False)[0] != 0
    policy = installed.run("chrt", "-p", str(main_pid(installed, CONTROL)))[1]
    assert "SCHED_OTHER" in policy
    threads = installed.run("ps", "-L", "-o", "cls=", "-p", str(main_pid(installed, CONTROL)))[1]
    assert "FF" in threads.split(), "the control loop's thread alone is real-time"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "number"), [(SERVICE, "KILL"), (SERVICE, "SEGV"), (CONTROL, "KILL"), (CONTROL, "SEGV")]
)
def test_a_crash_is_followed_by_a_start_that_does_not_arm(installed, unit, number):
    def attempt():
        pid = main_pid(installed, unit)
        installed.exoactor("robot", "arm")
        installed.run("kill", f"-{number}", str(pid))
        installed.wait_until(
            lambda: is_active(installed, unit) and main_pid(installed, unit) != pid
        )
        other = CONTROL if unit == SERVICE else SERVICE
        assert restarts(installed, other) == 0
        expected = "hold" if unit == SERVICE else "silent"
        installed.wait_until(lambda: guard_unless_stalled(installed) == expected)

    tried_again(attempt, lambda: start_anew(installed))


@pytest.mark.slow
@pytest.mark.parametrize("unit", [SERVICE, CONTROL])
def test_a_hang_is_found_by_the_watchdog(installed, unit):
    pid = main_pid(installed, unit)
    installed.run("kill", "-STOP", str(pid))
    installed.wait_until(lambda: restarts(installed, unit) == 1 and is_active(installed, unit), 60)
    assert "watchdog" in installed.journal(unit).lower()
    assert main_pid(installed, unit) != pid


@pytest.mark.slow
def test_crashes_without_end_reach_the_start_limit(installed):
    for _ in range(10):
        if installed.property_of(CONTROL, "Result") == "start-limit-hit":
            break
        pid = main_pid(installed, CONTROL)
        if pid:
            installed.run("kill", "-KILL", str(pid), check=False)
        time.sleep(1.5)
    assert installed.property_of(CONTROL, "ActiveState") == "failed"
    assert is_active(installed, SERVICE)
    _, told = installed.run("curl", "-s", "--unix-socket", SOCKET, "http://robot/v1/robot")
    assert json.loads(told)["connected"] is False


@pytest.mark.slow
def test_stopping_is_quick_under_load(installed):
    load = "for i in $(seq 300); do curl -s --unix-socket /run/exoactor/service.sock "
    load += "http://robot/v1/health >/dev/null & done; wait"
    asking = subprocess.Popen(installed.words("sh", "-c", load))
    time.sleep(0.3)
    begin_s = time.monotonic()
    installed.run("systemctl", "stop", "exoactor.service", "exoactor.socket", CONTROL)
    assert time.monotonic() - begin_s < 12.0
    asking.wait(30)
    assert installed.property_of(SERVICE, "Result") == "success"
    assert installed.property_of(CONTROL, "Result") == "success"


@pytest.mark.slow
def test_an_upgrade_that_does_not_run_is_rolled_back(installed):
    before = installed.run("cat", f"/etc/systemd/system/{CONTROL}.service")[1]
    code = (
        "import sys; from exoactor_rt.deploy import System, install; "
        "from exoactor_rt.deploy.installation import Release; "
        "from exoactor_rt.errors import ConfigError\n"
        "try:\n"
        "    install(System(), Release(control_options='--robot none'))\n"
        "except ConfigError as error:\n"
        "    print(error); sys.exit(2)\n"
    )
    status, told = installed.run(containers.PREFIX / "bin/python", "-c", code, check=False)
    assert status == 2
    assert "the units are as they were before" in told
    assert "invalid choice" in told
    assert installed.run("cat", f"/etc/systemd/system/{CONTROL}.service")[1] == before
    installed.wait_until(lambda: is_active(installed, CONTROL) and is_active(installed, SERVICE))
    pid = main_pid(installed, SERVICE)
    installed.exoactor("install-service")
    assert main_pid(installed, SERVICE) != pid


@pytest.mark.slow
def test_a_standing_robot_is_not_dropped_by_an_upgrade(installed):
    def attempt():
        pid = main_pid(installed, CONTROL)
        begin = installed.run("date", "+@%s")[1].strip()
        installed.exoactor("robot", "arm")
        for words in (("install-service",), ("uninstall-service", "--yes")):
            code, told = installed.exoactor(*words, check=False)
            if code == 0:  # allowed once the robot was damped, for which only a stall is a reason
                journal = ("journalctl", "--unit", CONTROL, "--since", begin, "--output", "cat")
                raise_if_stalled(installed.run(*journal)[1])
            assert code == 2
            assert "damp first" in told
        assert main_pid(installed, CONTROL) == pid
        assert guard_unless_stalled(installed) == "hold"
        return pid

    pid = tried_again(attempt, lambda: start_anew(installed))
    installed.exoactor("damp")
    installed.wait_until(lambda: robot_state(installed)["guard"] == "damping")
    installed.exoactor("install-service")
    assert main_pid(installed, CONTROL) != pid


@pytest.mark.slow
def test_a_wrong_key_in_the_configuration_changes_nothing(installed):
    pid = main_pid(installed, SERVICE)
    installed.run("sh", "-c", "echo '[servce]' >> /etc/exoactor/config.toml")
    code, told = installed.exoactor("install-service", check=False)
    assert code == 2
    assert "servce" in told
    assert main_pid(installed, SERVICE) == pid


@pytest.mark.slow
def test_uninstalling_leaves_nothing(machine):
    machine.exoactor("install-service")
    assert machine.exoactor("uninstall-service", check=False)[0] == 2
    machine.exoactor("uninstall-service", "--yes")
    for path in (
        "/etc/exoactor",
        "/var/lib/exoactor",
        "/var/cache/exoactor",
        "/run/exoactor",
        LOGS,
    ):
        assert machine.run("test", "-e", path, check=False)[0] == 1
    assert machine.run("sh", "-c", "ls /etc/systemd/system/exoactor*", check=False)[0] == 2
    for user in ("exoactor", "exoactor-control"):
        assert machine.run("id", user, check=False)[0] == 1
    listed = machine.run("systemctl", "list-units", "--all", "--plain", "exoactor*")[1]
    assert "0 loaded units" in listed
