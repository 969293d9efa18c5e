"""A task with a learned tracker through the service onto a robot that a control process owns."""

import hashlib
from pathlib import Path

import msgspec
import pytest
from control_rig import (
    Control,
    arm,
    nothing_left_running,  # noqa: F401
    wait_for,
)
from service_rig import FakeWork, Rig
from standing_policy import standing_bundle, standing_reference, standing_site

from exoactor_rt.api import TaskOptions, TaskState
from exoactor_rt.config import ControlConfig
from exoactor_rt.link import Role
from exoactor_rt.recorder import read_run
from exoactor_rt.service.worker import Outcome
from exoactor_rt.tracker import save_tracking
from exoactor_rt.tracker.store import add_policy, choose_policy

pytest.importorskip("mujoco")


class StandingWork(FakeWork):
    """The end of a chain that has rehearsed standing with the policy that the order names."""

    async def __call__(self, order, told, timeout_s):
        control = order.config.control
        policy = choose_policy(control.controller, control.policy)
        path = Path(order.folder, "tracking.npz")
        save_tracking(standing_reference(2.0), policy, path)
        return Outcome(kind="admitted", plan_sha256=hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site with the standing policy: the rig, and a configuration of control that names it."""
    path = standing_site(tmp_path, monkeypatch)
    rig = Rig(tmp_path)
    rig.config = msgspec.structs.replace(rig.config, control=ControlConfig(policy="stander"))
    rig.work = StandingWork()
    return rig, path


def armed(control):
    """Standing, by an owner that has gone again."""
    with control.link(Role.OWNER) as link:
        arm(link)


def test_a_task_goes_to_a_robot_led_by_the_policy_that_was_rehearsed(site, tmp_path):
    rig, config = site
    log = tmp_path / "control.mcap"
    control = Control(tmp_path, "--config", config, "--log", log)
    armed(control)
    with control.link() as link, rig.serving():
        rig.wait_for_robot("hold")
        options = TaskOptions(controller="tracker")
        task = rig.client.submit("stand there", execute=True, options=options).id
        state = wait_for(link, lambda state: state.plans_ended == 1, 30.0)
        assert (state.guard, state.last_end) == ("hold", "done")
        done = rig.wait_for(task, TaskState.DONE)
        assert "tracking.npz" in {one.name for one in done.artifacts}
    control.end()
    run = read_run(log)
    assert (
        run.attachments["tracking.1.npz"]
        == (tmp_path / "data" / "tasks" / task / "tracking.npz").read_bytes()
    )
    made = msgspec.json.decode(run.attachments["tracking_provenance.1.json"], type=dict[str, str])
    assert (made["task"], made["instruction"]) == (task, "stand there")


def test_a_control_process_with_another_policy_of_that_name_refuses_and_says_which(site, tmp_path):
    rig, config = site
    control = Control(tmp_path, "--config", config)
    armed(control)
    changed = standing_bundle(tmp_path / "policy.onnx", damping=(1.5,) * 29)
    add_policy(tmp_path / "policy.onnx", changed, replace=True)
    with rig.serving():
        rig.wait_for_robot("hold")
        options = TaskOptions(controller="tracker")
        task = rig.client.submit("stand there", execute=True, options=options).id
        rig.wait_for_reason(task, "nothing moved: approve again")
        found = rig.client.task(task)
        assert found.state is TaskState.READY
        assert "rehearsed with policy 'stander'" in found.reason
        assert rig.client.robot().guard == "hold"
