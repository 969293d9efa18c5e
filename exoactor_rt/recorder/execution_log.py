"""Writes a whole run, and what was asked for, into one log."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from exoactor_rt._core.types import Plan
from exoactor_rt.errors import LogError
from exoactor_rt.planning import save_plan
from exoactor_rt.recorder.log_writer import LogWriter
from exoactor_rt.recorder.messages import (
    Severity,
    pack_controller_state,
    pack_imu,
    pack_joint_state,
    pack_log,
    pack_string,
    pack_transforms,
)
from exoactor_rt.robots import g1
from exoactor_rt.sim.rollout import Columns, Rollout

PLAN_ATTACHMENT = "plan.npz"


def write_execution_log(
    path: Path,
    rollout: Rollout,
    plan: Plan | None = None,
    metadata: Mapping[str, str] | None = None,
    attachments: Mapping[str, bytes] | None = None,
) -> None:
    """Writes a Rollout to an MCAP file that Foxglove and PlotJuggler open as it is.

    /robot_description holds the MJCF, as this project has no URDF; the log's metadata say so.

    Args:
        path: of the file; replaced where it exists.
        rollout: the run; its ticks become messages stamped with the tick's time.
        plan: attached as the file that `planning.load_plan` reads.
        metadata: of the log, e.g. versions and hashes.
        attachments: name -> data, e.g. the configuration.

    Raises:
        LogError: the run has no tick, or the log cannot be written.
        PlanningError: the plan is not feasible.
    """
    if not len(rollout.ticks.get("now_ns", ())):
        raise LogError(f"log {path}: the run has no tick; no log")
    robot = g1.model_path().read_text(encoding="utf-8")
    described = {"robot_description": "mjcf", **(metadata or {})}
    with LogWriter(path, described) as writer:
        if plan is not None:
            writer.attach(PLAN_ATTACHMENT, "application/octet-stream", _plan_bytes(plan))
        for name, data in (attachments or {}).items():
            writer.attach(name, "application/octet-stream", data)
        first_ns = int(rollout.ticks["now_ns"][0])
        writer.add("/robot_description", first_ns, pack_string(robot))
        events = list(rollout.events)
        for row, stamp in enumerate(rollout.ticks["now_ns"]):
            while events and events[0].stamp_ns <= stamp:
                event = events.pop(0)
                _add_event(writer, event.stamp_ns, event.severity, event.text)
            _add_tick(writer, rollout.ticks, row)
        for event in events:
            _add_event(writer, event.stamp_ns, event.severity, event.text)


def _plan_bytes(plan: Plan) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save_plan(plan, Path(folder) / PLAN_ATTACHMENT).read_bytes()


def _add_event(writer: LogWriter, stamp_ns: int, severity: Severity, text: str) -> None:
    writer.add("/rosout", stamp_ns, pack_log(stamp_ns, severity, "exoactor_rt.sim", text))


def _add_tick(writer: LogWriter, ticks: Columns, row: int) -> None:
    tick = {name: column[row] for name, column in ticks.items()}
    stamp_ns = int(tick["now_ns"])
    names = g1.joint_table().names
    writer.add(
        "/joint_states",
        stamp_ns,
        pack_joint_state(
            stamp_ns,
            names,
            tick["sensed_position"],
            tick["sensed_velocity"],
            tick["sensed_torque"],
        ),
    )
    writer.add(
        "/joint_commands",
        stamp_ns,
        pack_joint_state(
            stamp_ns, names, tick["sent_position"], tick["sent_velocity"], tick["sent_torque"]
        ),
    )
    writer.add(
        "/imu",
        stamp_ns,
        pack_imu(stamp_ns, tick["quat_world_imu_wxyz"], tick["gyro_in_imu"], tick["accel_in_imu"]),
    )
    poses = {
        "pelvis": (tick["true_root_position_in_world"], tick["true_quat_world_root_wxyz"]),
        "pelvis_estimated": (tick["base_position_in_world"], tick["quat_world_base_wxyz"]),
    }
    writer.add("/tf", stamp_ns, pack_transforms(stamp_ns, poses))
    writer.add("/controller_state", stamp_ns, pack_controller_state(tick))
