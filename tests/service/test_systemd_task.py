"""A task on a real systemd, from words to a robot on DDS, cut off at every place on the way."""

import functools
import itertools
import json
import shutil
import subprocess
import time
from pathlib import Path

import container as containers
import pytest
from dds_container import booted_for_dds, driven_robot
from stalls import raise_if_stalled, tried_again

from exoactor_rt.cache_folder import models_folder

pytestmark = pytest.mark.slow
SERVICE, SOCKET = "exoactor", "/run/exoactor/service.sock"
MODELS = Path("/var/cache/exoactor/models")
DRIVEN = ("hold", "run")
PREPARED_WITHIN_S = 1200.0
PLAN_WITHIN_S = 90.0
_NUMBERS = itertools.count(1)

COPY = """
import shutil, sqlite3, sys
task, copy = sys.argv[1:]
folder = "/var/lib/exoactor/tasks/"
shutil.copytree(folder + task, folder + copy)
with sqlite3.connect("/var/lib/exoactor/tasks.sqlite", timeout=30.0) as store:
    columns = "request, submitted_by, created_at, updated_at, plan_sha256"
    store.execute(
        f"INSERT INTO tasks (id, state, {columns}) SELECT ?, 'ready', {columns}"
        " FROM tasks WHERE id = ?", (copy, task))
    store.execute("INSERT INTO events VALUES (?, 1, '2026-01-01T00:00:00+00:00', 'ready', '')",
        (copy,))
"""

APPROVE_AND_STOP = """
import sys, time
from pathlib import Path
from exoactor_rt.client import Client
from exoactor_rt.link import ControlLink
with ControlLink(Path("/run/exoactor/control.sock"), name="test") as link:
    Client().approve(sys.argv[1])
    time.sleep(float(sys.argv[2]))
    link.stop()
"""


LOGGED = """
import json
from pathlib import Path
from exoactor_rt.recorder.log_reader import read_run
logs = list(Path("/var/log/exoactor-control").glob("*.mcap"))
for log in sorted(logs, key=lambda log: log.stat().st_mtime, reverse=True):
    if made := read_run(log, ()).attachments.get("provenance.1.json"):
        print(json.dumps(json.loads(made)))
        break
"""


class Site:
    """The container, the services in it, and one rehearsed task to be copied."""

    def __init__(self, machine, robot):
        self.machine = machine
        self.robot = robot
        self.rehearsed = ""

    def ask(self, target):
        """What the service answers; this starts it where it is stopped."""
        told = self.machine.run("curl", "-s", "--unix-socket", SOCKET, f"http://robot{target}")[1]
        return json.loads(told)

    def python(self, code, *words, **options):
        return self.machine.run(containers.PREFIX / "bin/python", "-c", code, *words, **options)

    def state(self):
        """What `exoactor robot state` prints."""
        lines = self.machine.exoactor("robot", "state")[1].splitlines()
        return {(words := line.split(maxsplit=1))[0]: words[-1] for line in lines if line.strip()}

    def pid(self):
        return int(self.machine.property_of(SERVICE, "MainPID"))

    def ready_task(self):
        """A copy of the rehearsed task: planning takes minutes. The robot is armed.

        The count of starts begins anew: these tests kill more often than its limit allows.
        """
        self.machine.run("systemctl", "reset-failed", SERVICE)
        copy = f"{self.rehearsed[:-4]}{next(_NUMBERS):04x}"
        self.python(COPY, self.rehearsed, copy, user="exoactor")
        if self.state_unless_stalled()["guard"] not in DRIVEN:
            self.machine.exoactor("robot", "arm")
        self.machine.wait_until(lambda: self.ask("/v1/robot")["guard"] in DRIVEN)
        return copy

    def executing_task(self):
        """One whose plan has been running for a second."""
        task = self.ready_task()
        self.machine.exoactor("task", "approve", task)
        self.wait_until(lambda: self.ask("/v1/robot")["reference_time_s"] > 1.0)
        assert self.task_state(task) == "executing"
        return task

    def task_state(self, task):
        return self.ask(f"/v1/tasks/{task}")["state"]

    def ended(self):
        """Plans that have ended, once none runs."""
        self.wait_until(lambda: self.state()["running"] == "False", PLAN_WITHIN_S)
        return int(self.state_unless_stalled()["plans_ended"])

    def state_unless_stalled(self):
        """Raises StalledError where this machine has kept the simulated robot from telling."""
        state = self.state()
        raise_if_stalled(state["trip"])
        return state

    def recover(self):
        """After a stall: another robot, that stands, control silent, then armed."""
        self.robot.start_anew("exoactor-control")
        self.machine.run("systemctl", "start", "exoactor.socket")
        self.machine.wait_until(
            lambda: self.machine.exoactor("robot", "arm", check=False)[0] == 0, 60.0
        )
        self.machine.wait_until(lambda: self.ask("/v1/robot")["guard"] in DRIVEN)

    def wait_until(self, wanted, timeout_s=30.0):
        """Until `wanted()` is true, or the robot was damped for a stall."""

        def found():
            self.state_unless_stalled()
            return wanted()

        self.machine.wait_until(found, timeout_s)

    def assert_stands(self):
        state = self.state_unless_stalled()
        assert state["guard"] in DRIVEN, state
        assert state["running"] == "False"

    def assert_executes_nothing_by_itself(self, task, ended):
        """The service runs again, and neither the task nor another goes onto the robot."""
        waiting = self.ready_task()
        assert self.task_state(task) == "interrupted"
        time.sleep(3.0)
        assert self.ended() == ended
        assert self.task_state(waiting) == "ready"
        self.assert_stands()


@pytest.fixture(scope="module")
def site(tmp_path_factory, pulled_models):
    """The services driving a robot on DDS that must not fall, nor get a command it refuses."""
    with booted_for_dds(tmp_path_factory.mktemp("container")) as machine:
        with driven_robot(machine) as robot:
            target = machine.folder / "root" / MODELS.relative_to("/")
            shutil.copytree(models_folder(), target, dirs_exist_ok=True)
            machine.run("chown", "-R", "exoactor:exoactor", "/var/cache/exoactor")
            site = Site(machine, robot)
            yield site
            summary = robot.end()
        assert not summary["fall_reason"], summary
        assert not summary["timed_out"], summary
        assert sum(n for kind, n in summary["commands"].items() if kind != "none") == 0, summary


def test_a_task_goes_from_words_to_the_robot_and_its_report(site):
    machine = site.machine
    task = machine.exoactor("task", "submit", "wave to the visitor")[1].strip()
    pid = site.pid()
    machine.run("kill", "-KILL", str(pid))
    machine.wait_until(lambda: site.pid() not in (0, pid))
    code, told = machine.exoactor("task", "watch", task, timeout_s=PREPARED_WITHIN_S)
    assert code == 0, told
    assert site.task_state(task) == "ready"
    site.rehearsed = task
    assert site.state()["guard"] == "silent"

    def executed():
        """The task, or after a stall a copy of it."""
        one = task if site.task_state(task) == "ready" else site.ready_task()
        if site.state()["guard"] not in DRIVEN:
            machine.exoactor("robot", "arm")
        machine.exoactor("task", "approve", one)
        code, told = machine.exoactor("task", "watch", one, timeout_s=PLAN_WITHIN_S, check=False)
        site.state_unless_stalled()
        assert code == 0, told
        assert "done" in told
        return one

    task = tried_again(executed, site.recover)
    shown = machine.exoactor("task", "show", task)[1]
    for name in ("clip.mp4", "plan.npz", "report.html", "run.mcap"):
        assert name in shown
    site.assert_stands()
    made = json.loads(site.python(LOGGED, timeout_s=400)[1].splitlines()[-1])
    assert made["task"] == task
    assert made["instruction"] == "wave to the visitor"
    assert {"video seed", "input sha256", "config sha256", "plan sha256", "build"} <= set(made)
    plan = f"/var/lib/exoactor/tasks/{task}/plan.npz"
    assert made["plan sha256"] == machine.run("sha256sum", plan)[1].split()[0]
    machine.exoactor("task", "get", task, "report.html", "--out", "/tmp/report.html")
    report = machine.run("cat", "/tmp/report.html")[1]
    assert made["plan sha256"] in report
    assert made["config sha256"] in report


def test_kill_9_of_the_service_in_mid_execution_leaves_the_plan_to_its_end(site):
    def attempt():
        before = site.ended()
        task = site.executing_task()
        pid = site.pid()
        site.machine.run("kill", "-KILL", str(pid))
        site.machine.wait_until(lambda: site.pid() not in (0, pid))
        assert site.state_unless_stalled()["running"] == "True"
        ended = site.ended()
        assert (ended, site.state()["last_end"]) == (before + 1, "done")
        site.assert_executes_nothing_by_itself(task, ended)

    tried_again(attempt, site.recover)


def test_sigterm_of_the_service_in_mid_execution_stops_the_robot_in_standing(site):
    def attempt():
        before = site.ended()
        task = site.executing_task()
        site.machine.run("kill", "-TERM", str(site.pid()))
        site.machine.wait_until(
            lambda: site.machine.property_of(SERVICE, "ActiveState") == "inactive", 30.0
        )
        assert site.machine.property_of(SERVICE, "Result") == "success"
        ended = site.ended()
        assert (ended, site.state()["last_end"]) == (before + 1, "stopped")
        site.assert_executes_nothing_by_itself(task, ended)

    tried_again(attempt, site.recover)


def test_a_stop_under_load_in_mid_execution_is_orderly(site):
    def attempt():
        task = site.executing_task()
        load = "for i in $(seq 300); do curl -s -m 20 --unix-socket /run/exoactor/service.sock "
        load += "http://robot/v1/health >/dev/null & done; wait"
        asking = subprocess.Popen(site.machine.words("sh", "-c", load))
        time.sleep(0.3)
        begin_s = time.monotonic()
        site.machine.run("systemctl", "stop", "exoactor.socket", "exoactor.service")
        assert time.monotonic() - begin_s < 25.0
        assert site.machine.property_of(SERVICE, "Result") == "success"
        asking.wait(60)
        ended = site.ended()
        assert site.state()["last_end"] == "stopped"
        site.machine.run("systemctl", "start", "exoactor.socket")
        site.assert_executes_nothing_by_itself(task, ended)

    tried_again(attempt, site.recover)


@pytest.mark.parametrize("delay_s", [0.0, 0.01, 0.03, 0.1, 0.3])
def test_kill_9_around_the_start_never_executes_twice_and_claims_nothing(site, delay_s):
    def attempt():
        task, before = site.ready_task(), site.ended()
        pid = site.pid()
        kill = f"sleep {delay_s}; kill -KILL {pid}"
        approve = f"curl -s -X POST --unix-socket {SOCKET} http://robot/v1/tasks/{task}/approve"
        site.machine.run("sh", "-c", f"({approve}) & {kill}; wait", check=False)
        site.machine.wait_until(lambda: site.pid() not in (0, pid))
        state = site.task_state(task)
        site.machine.exoactor("stop")
        ended = site.ended()
        site.state_unless_stalled()
        if state in ("approved", "executing"):  # asked after the kill: the next service took it
            site.machine.wait_until(lambda: site.task_state(task) in ("ready", "cancelled"))
        else:
            assert state in ("ready", "interrupted"), state
        assert ended - before <= (state != "ready"), state
        site.assert_stands()

    tried_again(attempt, site.recover)


def test_a_stop_around_the_start_always_wins(site):
    def stopped_after(delay_s):
        """How the task ends whose approval is followed by a stop."""
        task, before = site.ready_task(), site.ended()
        site.python(APPROVE_AND_STOP, task, str(delay_s))
        site.machine.wait_until(
            lambda: site.task_state(task) in ("ready", "cancelled", "failed"), PLAN_WITHIN_S
        )
        state, ended = site.task_state(task), site.ended()
        site.state_unless_stalled()
        assert ended - before == (state == "cancelled"), state
        time.sleep(0.5)
        site.assert_stands()
        return state

    ends = {
        tried_again(functools.partial(stopped_after, delay_s), site.recover)
        for delay_s in (0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1)
    }
    assert "ready" in ends, "no stop came before a start"
    assert ends <= {"ready", "cancelled"}
