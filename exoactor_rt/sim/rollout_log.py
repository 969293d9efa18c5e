"""Collects a run tick by tick, off the control thread, and makes a Rollout of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from exoactor_rt._core.runtime import RecordRing
from exoactor_rt._core.safety import GuardLimits, GuardState
from exoactor_rt._core.types import Plan
from exoactor_rt.errors import HardwareError
from exoactor_rt.execution import Execution
from exoactor_rt.sim.estimated_truth import estimated_truth
from exoactor_rt.sim.mujoco_robot import MujocoRobot, Truth
from exoactor_rt.sim.rollout import Columns, Event, Rollout, RunOptions
from exoactor_rt.sim.wrists import wrist_positions_in_pelvis
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import FloatArray

CONTROLLER_COLUMNS = (
    "planned_com_in_world",
    "dcm_in_world",
    "planned_dcm_in_world",
    "zmp_in_world",
    "foot_position_in_world",
    "foot_target_in_world",
)


class RolloutLog:
    """The growing record of one run."""

    def __init__(self, robot: MujocoRobot | None, ring: RecordRing, task: Plan | Tracking | None):
        """Starts empty; a robot of which nobody knows the truth is None."""
        self._robot = robot
        self._ring = ring
        self._steps_planned = len(task.steps) if isinstance(task, Plan) else 0
        self._tracked = isinstance(task, Tracking)
        self._chunks: list[Columns] = []
        self._inputs: list[Columns] = []
        self._raw: tuple[list[Columns], list[Columns]] = ([], [])
        self._truths: list[Columns] = []
        self._events: list[Event] = []
        self._begin_s = self._end_s = time.perf_counter()

    @property
    def latest(self) -> Columns:
        """The newest chunk of records; empty before the first."""
        return self._chunks[-1] if self._chunks else {}

    def add_truths(
        self, stamps_ns: npt.NDArray[np.int64], times_s: FloatArray, truths: Truth
    ) -> None:
        """Notes what really is at measurements, [N] each, `times_s` after the release."""
        self._end_s = time.perf_counter()
        columns = {f"true_{name}": value for name, value in vars(truths).items()}
        self._truths.append({"stamp_ns": stamps_ns, "true_time_s": times_s} | columns)

    def add_truth(self, stamp_ns: int) -> None:
        """Notes what really is now, at the measurement stamped `stamp_ns`."""
        if self._robot is None:
            return
        row = {name: value[None] for name, value in vars(self._robot.truth()).items()}
        self.add_truths(np.array([stamp_ns]), np.array([self._robot.time_s]), Truth(**row))

    def add_event(
        self, stamp_ns: int, severity: Literal["info", "warning", "error"], text: str
    ) -> None:
        """Notes an event."""
        self._events.append(Event(stamp_ns, severity, text))

    def add_raw(self, states: Columns, commands: Columns) -> None:
        """Notes a robot's messages as bytes."""
        self._raw[0].append(states)
        self._raw[1].append(commands)

    def drain(self) -> None:
        """Takes the records that the ring holds."""
        chunk, inputs = self._ring.take()
        if len(chunk["now_ns"]):
            self._chunks.append(chunk)
        if len(inputs["now_ns"]):
            self._inputs.append(inputs)

    def finish(
        self,
        options: RunOptions,
        fall_reason: str,
        guard_trip: str,
        loop: dict[str, int | str] | None = None,
    ) -> Rollout:
        """The Rollout of all that was collected; raises HardwareError when no tick was run."""
        wall_s = self._end_s - self._begin_s
        self.drain()
        if not self._chunks or (self._robot is not None and not self._truths):
            raise HardwareError(
                f"simulation: no tick within the time limit of {options.duration_limit_s} s; no run"
            )
        ticks = self._join()
        return Rollout(
            execution=self._sample(
                ticks, options, "; ".join(filter(None, (guard_trip, fall_reason)))
            ),
            ticks=ticks,
            events=tuple(self._events),
            inputs=_together(self._inputs),
            raw=(_together(self._raw[0]), _together(self._raw[1])),
            guard_limits=options.guard_limits or GuardLimits(),
            guard_trip=guard_trip,
            real_time_factor=self._real_time_factor(wall_s),
            loop=loop or {},
        )

    def _real_time_factor(self, wall_s: float) -> float:
        if self._robot is None:
            return 1.0
        return self._robot.time_s / wall_s if wall_s > 0 else 0.0

    def _join(self) -> Columns:
        """All chunks as one, each tick beside the newest truth that is not after it.

        Where nobody knows the truth, what was estimated stands in for it.
        """
        ticks = _together(self._chunks)
        if self._robot is None:
            return ticks | estimated_truth(ticks)
        truths = _together(self._truths)
        rows = np.searchsorted(truths.pop("stamp_ns"), ticks["now_ns"], side="right") - 1
        return ticks | {name: column[np.maximum(rows, 0)] for name, column in truths.items()}

    def _sample(self, ticks: Columns, options: RunOptions, reason: str) -> Execution:
        """The execution at the report's rate, from the moment the guard let commands through."""
        every = max(1, round(1.0 / (options.sample_rate_hz * options.sim.control_period_s)))
        armed = np.flatnonzero(ticks["guard_state"] > 0)
        first = int(armed[0]) if len(armed) else len(ticks["now_ns"]) - 1
        rows = np.arange(first, len(ticks["now_ns"]), every)
        sampled = _blank_where_damping({name: column[rows] for name, column in ticks.items()})
        planned = _planned_posture(sampled)
        count = len(rows)
        execution = Execution(
            times_s=(sampled["now_ns"] - sampled["now_ns"][0]) * 1e-9,
            reference_time_s=sampled["reference_time_s"],
            root_position_in_world=sampled["true_root_position_in_world"],
            quat_world_root_wxyz=sampled["true_quat_world_root_wxyz"],
            joint_position=sampled["true_joint_position"],
            joint_velocity=sampled["true_joint_velocity"],
            joint_torque=sampled["true_joint_torque"],
            planned_joint_position=planned,
            fallen=bool(reason),
            fall_reason=reason,
            steps_planned=self._steps_planned,
            steps_executed=int(ticks["steps_done"].max(initial=0)),
            blend=sampled["blend"],
            wrist_position_in_pelvis=wrist_positions_in_pelvis(sampled["true_joint_position"]),
            planned_wrist_position_in_pelvis=wrist_positions_in_pelvis(planned),
            com_in_world=sampled["true_com_in_world"],
            planned_com_in_world=sampled["planned_com_in_world"],
            dcm_in_world=sampled["dcm_in_world"],
            planned_dcm_in_world=sampled["planned_dcm_in_world"],
            zmp_in_world=sampled["zmp_in_world"],
            foot_position_in_world=sampled["foot_position_in_world"].reshape(count, 2, 3),
            planned_foot_position_in_world=sampled["foot_target_in_world"].reshape(count, 2, 3),
            contact=sampled["contact"],
            tick_us=sampled["took_ns"] * 1e-3,
        )
        return _without_plan(execution) if self._tracked else execution


def _together(chunks: list[Columns]) -> Columns:
    if not chunks:
        return {}
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def _without_plan(execution: Execution) -> Execution:
    """Without what a tracker neither plans nor computes."""
    return replace(
        execution,
        com_in_world=None,
        planned_com_in_world=None,
        dcm_in_world=None,
        planned_dcm_in_world=None,
        zmp_in_world=None,
        foot_position_in_world=None,
        planned_foot_position_in_world=None,
    )


def _blank_where_damping(sampled: Columns) -> Columns:
    """NaN in what the controller tells where the guard damps: no controller runs, none follows."""
    damping = sampled["guard_state"] == int(GuardState.DAMPING)
    for name in CONTROLLER_COLUMNS:
        sampled[name] = np.where(damping[:, None], np.nan, sampled[name])
    sampled["blend"] = np.where(damping, 0.0, sampled["blend"])
    driven = np.maximum.accumulate(np.where(damping, 0, np.arange(len(damping))))
    sampled["reference_time_s"] = sampled["reference_time_s"][driven]
    return sampled


def _planned_posture(sampled: Columns) -> FloatArray:
    """[N, 29] rad; rows in which no controller ran hold the posture sensed."""
    planned: FloatArray = sampled["planned_position"].copy()
    blank = ~planned.any(axis=1)
    planned[blank] = sampled["sensed_position"][blank]
    return planned
