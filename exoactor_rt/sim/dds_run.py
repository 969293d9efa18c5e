"""A task executed on a robot on DDS, real or simulated: the same loop, guard and messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exoactor_rt import _core
from exoactor_rt._core.runtime import LoopOptions, LoopRights
from exoactor_rt._core.types import Plan
from exoactor_rt.dds import DdsSettings, connect
from exoactor_rt.progress import ReportProgress
from exoactor_rt.sim.estimated_truth import estimated_fall
from exoactor_rt.sim.loop_run import LoopRun
from exoactor_rt.sim.rights import require_rights
from exoactor_rt.sim.rollout import RAW_DROPPED, Rollout, RunOptions
from exoactor_rt.tracker import Tracking

if TYPE_CHECKING:
    from exoactor_rt._dds import DdsRobot

_LOOK_NS = 20_000_000
_NONE = _core.wire.RobotProblem.NONE


def execute_on_dds(
    task: Plan | Tracking | None,
    settings: DdsSettings,
    options: RunOptions | None = None,
    progress: ReportProgress | None = None,
    loop_options: LoopOptions | None = None,
) -> Rollout:
    """As `lockstep.execute`, on the robot that is found at `settings`.

    Nothing is sent before the guard is armed, which needs a robot of the configured revision on
    its feet and nobody else who commands it. In the Rollout what was sensed and estimated stands
    in for the truth.

    Args:
        task: what to execute, or None to stand.
        settings: where the robot is.
        options: nominal when None; of `options.sim` only the control period counts.
        progress: called now and then with (done, total) in milliseconds of reference time.
        loop_options: the defaults on the processor of `settings` when None.

    Raises:
        HardwareError: no DDS module, no usable robot, the guard refuses to be armed, or real-time
            rights are missing where the robot may be real.
        PlanningError: the controller refuses the plan.
        PolicyError: the tick does not let the tracker in.
    """
    robot = connect(settings)
    needs_rights = settings.is_hardware and settings.need_real_time
    if loop_options is None:
        loop_options = LoopOptions()
        loop_options.cpu = settings.cpu
    run = _DdsRun(task, options or RunOptions(), loop_options, robot, needs_rights)
    return run.execute(progress)


class _DdsRun(LoopRun):
    """A run that only watches while loop and robot do their work."""

    def __init__(
        self,
        task: Plan | Tracking | None,
        options: RunOptions,
        loop_options: LoopOptions,
        robot: DdsRobot,
        needs_rights: bool,
    ):
        super().__init__(task, options, loop_options, robot, None)
        self._robot = robot
        self._needs_rights = needs_rights

    def _check(self, rights: LoopRights) -> None:
        if self._needs_rights:
            require_rights(rights)

    def _wait(self) -> None:
        self._clock.sleep_until(self._clock.now_ns() + _LOOK_NS)
        self._log.add_raw(*self._robot.take_raw())
        if self._armed_s is not None:
            self._fall_reason = estimated_fall(self._log.latest)

    def _result(self, rights: LoopRights) -> Rollout:
        self._log.add_raw(*self._robot.take_raw())
        rollout = super()._result(rights)
        return replace(rollout, loop=rollout.loop | {RAW_DROPPED: self._robot.raw_dropped})

    def _robot_trouble(self) -> str:
        finding = self._robot.finding
        return "" if finding.problem == _NONE else str(finding)
