"""From a file to an admitted plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from exoactor_rt.config import Config
from exoactor_rt.motion import MotionOptions, load_bvh, recover_motion
from exoactor_rt.perception import estimate_poses
from exoactor_rt.progress import StageTimes
from exoactor_rt.replay import Admission, RehearsalPool, Stage, admit_task, rehearsal_pool
from exoactor_rt.retarget import retarget_motion
from exoactor_rt.robots.g1.guard_limits import guard_limits
from exoactor_rt.sim import RunOptions, SimOptions
from exoactor_rt.tracker.store import choose_policy
from exoactor_rt.types import HumanMotion, PoseTrack, Reference
from exoactor_rt.video import ClipInfo, open_clip

REHEARSAL_SEED_OFFSET = 1


@dataclass(frozen=True)
class Source:
    """What was read: the person's motion; where it came from a clip, the clip and its poses."""

    path: Path
    motion: HumanMotion
    clip: ClipInfo | None = None
    track: PoseTrack | None = None


@dataclass(frozen=True)
class Planned:
    """A motion brought to the robot: its source, the reference and what admission made of it."""

    source: Source
    reference: Reference
    admission: Admission


def read_source(path: Path, config: Config, times: StageTimes) -> Source:
    """Video or BVH file -> human motion.

    Raises:
        ExoactorError: the file cannot be used; the message says where and why.
    """
    options = MotionOptions(
        subject_height_m=config.subject.height_m, focal_px=config.camera.focal_px
    )
    if path.suffix.lower() == ".bvh":
        with times.stage("motion"):
            return Source(path, load_bvh(path, options))
    with times.stage("perception") as report, open_clip(path) as clip:
        info = clip.info
        track = estimate_poses(
            clip,
            (info.width, info.height),
            progress=lambda done: report(done, info.frame_count),
            clip_sha256=info.sha256,
        )
    with times.stage("motion"):
        motion = replace(recover_motion(track, options), source=path.name)
    return Source(path, motion, info, track)


def plan_source(path: Path, config: Config, times: StageTimes) -> Planned:
    """Video or BVH file -> admitted plan or tracking, or the reasons of its refusal.

    Every attempt is rehearsed in simulation with the controller that is to execute, and with other
    sensor noise than the run's.

    Raises:
        ExoactorError: the file cannot be used, or the tracker asked for is not there.
    """
    with rehearsal_pool() as pool:
        return plan_source_with(pool, path, config, times)


def plan_source_with(pool: RehearsalPool, path: Path, config: Config, times: StageTimes) -> Planned:
    """As `plan_source`, rehearsed in a pool that others use as well, one after the other."""
    control = config.control
    policy = choose_policy(control.controller, control.policy)
    source = read_source(path, config, times)
    with times.stage("retarget"):
        reference = retarget_motion(source.motion)
    with times.stage("admission") as report:
        options = run_options(config, config.simulation.seed + REHEARSAL_SEED_OFFSET)
        rehearse = pool.rehearsing(Stage(reference, options, config.verdict), report)
        admission = admit_task(reference, control.controller, policy, rehearse)
    return Planned(source, reference, admission)


def run_options(config: Config, seed: int) -> RunOptions:
    """The simulated robot as configured, with the sensor noise of `seed`."""
    return RunOptions(
        sim=SimOptions(seed=seed, friction=config.simulation.friction),
        guard_limits=guard_limits(config.guard, config.control.joint_speed_ceiling_rad_s),
        policy_latency_s=config.control.policy_latency_s,
    )
