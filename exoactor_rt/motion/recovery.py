"""From what a camera saw of a person to that person's motion in the world."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exoactor_rt.errors import MotionError
from exoactor_rt.motion.assembly import assemble_motion
from exoactor_rt.motion.body import (
    ANKLE_TO_EAR_OF_HEIGHT,
    BODY_POINTS,
    LEG_OF_HEIGHT,
    ankle_to_ear,
    leg_length,
)
from exoactor_rt.motion.bones import expected_bone_lengths
from exoactor_rt.motion.floor import remove_floor_drift, sole_heights
from exoactor_rt.motion.gravity import up_in_camera, world_axes
from exoactor_rt.motion.neutral_heading import heading_error, turned_back
from exoactor_rt.motion.observation import BodyObservation, observe_body
from exoactor_rt.motion.options import MotionOptions
from exoactor_rt.motion.refinement import Refinement, refine_body
from exoactor_rt.motion.refinement_terms import Ground
from exoactor_rt.motion.segments import foot_attitudes, hand_attitudes, trunk_attitudes
from exoactor_rt.motion.smoothing import smooth_points
from exoactor_rt.motion.start_pose import place_body, standing_in_image
from exoactor_rt.motion.track_selection import select_run
from exoactor_rt.types import BoolArray, FloatArray, HumanMotion, PoseTrack

SOLE_THICKNESS_M = 0.015
GRAVITY_ROUNDS = 2
HARDLY_SEEN = 0.3


@dataclass(frozen=True)
class Recovery:
    """A recovered motion with what stood behind it, for measuring and drawing.

    Attributes:
        motion: the result.
        rotation_world_camera: [3, 3] camera axes into world.
        points_in_camera: [N, 17, 3] m, refined, before smoothing.
        observation: what was seen.
        iterations: factorisations of both rounds of refinement.
    """

    motion: HumanMotion
    rotation_world_camera: FloatArray
    points_in_camera: FloatArray
    observation: BodyObservation
    iterations: int


def recover_motion(track: PoseTrack, options: MotionOptions | None = None) -> HumanMotion:
    """Recover a person's motion in a z-up metric world from one static camera.

    Args:
        track: what perception saw.
        options: height of the person, focal length, rate and limits.

    Raises:
        MotionError: too few frames show the person whole, the message counts the reasons; or no
            body fits what was seen.
    """
    try:
        return recover(track, options).motion
    except np.linalg.LinAlgError as error:
        raise MotionError(
            f"pose track: no body fits it ({error}); does the person move and show the whole body? "
            "motion not recovered"
        ) from error


def recover(track: PoseTrack, options: MotionOptions | None = None) -> Recovery:
    """`recover_motion` with what stood behind it."""
    options = options or MotionOptions()
    run = select_run(track, options)
    seen = observe_body(track, run, options)
    bones = expected_bone_lengths(seen.relative, options.subject_height_m)
    standing = standing_in_image(seen)
    first, iterations = refine_body(Refinement(seen, bones, standing, None), place_body(seen))
    up, contact = _settle(first.points, standing, seen.rate_hz)
    bones = replace(bones, value=first.bones.value)
    second = Refinement(seen, bones, contact, _ground(first.points, contact, up))
    body, more = refine_body(second, first.points)
    points = body.points * (
        ANKLE_TO_EAR_OF_HEIGHT * options.subject_height_m / ankle_to_ear(body.points)
    )
    up, _ = _settle(points, contact, seen.rate_hz)
    rotation = world_axes(up)
    motion = _ground_motion(
        points, rotation, seen, options, notes=run.notes, source=track.clip_sha256
    )
    return Recovery(motion, rotation, points, seen, iterations + more)


def _settle(points: FloatArray, contact: BoolArray, rate_hz: float) -> tuple[FloatArray, BoolArray]:
    """Up [3] in camera axes and contacts [T, 2], each from the other, twice."""
    up = up_in_camera(points, contact, rate_hz)
    for _ in range(GRAVITY_ROUNDS):
        world = points @ world_axes(up).T
        _, contact, _ = remove_floor_drift(world, rate_hz, SOLE_THICKNESS_M)
        up = up_in_camera(points, contact, rate_hz)
    return up, contact


def _ground(points: FloatArray, contact: BoolArray, up: FloatArray) -> Ground | None:
    if not contact.any():
        return None
    axes = world_axes(up)
    heights = sole_heights(points @ axes.T)
    return Ground(up, axes[:2], np.array([0.0, 0.0, float(np.median(heights[contact]))]))


def _ground_motion(
    points: FloatArray,
    rotation: FloatArray,
    seen: BodyObservation,
    options: MotionOptions,
    *,
    notes: tuple[str, ...],
    source: str,
) -> HumanMotion:
    """Smooth, put on the floor and give attitudes to refined points in camera axes."""
    rate_hz = seen.rate_hz
    world = smooth_points(points @ rotation.T, seen.visibility, rate_hz)
    world, contact, drift_m = remove_floor_drift(world, rate_hz, SOLE_THICKNESS_M)
    pelvis, torso = trunk_attitudes(world, rate_hz)
    feet = foot_attitudes(world, pelvis, contact, rate_hz)
    errors = [heading_error(trunk, feet, contact, rate_hz) for trunk in (pelvis, torso)]
    pelvis, torso = turned_back(pelvis, errors[0]), turned_back(torso, errors[1])
    feet = foot_attitudes(world, pelvis, contact, rate_hz)
    hands = hand_attitudes(world, seen.thumb_side @ rotation.T)
    attitudes = np.stack([pelvis, torso, *feet.swapaxes(0, 1), *hands.swapaxes(0, 1)], axis=1)
    focal = "given" if options.focal_px else "taken as the image's diagonal"
    seldom = [
        name.replace("_", " ")
        for name, share in zip(BODY_POINTS, seen.visibility.mean(axis=0), strict=True)
        if share < HARDLY_SEEN
    ]
    hidden = (f"hardly seen: {', '.join(seldom)}",) if seldom else ()
    remarks = (
        f"height {options.subject_height_m:g} m assumed, leg {leg_length(world):.3f} m "
        f"({leg_length(world) / LEG_OF_HEIGHT / options.subject_height_m:.2f} of the usual)",
        f"focal length {seen.focal_px:.0f} px {focal}",
        f"floor drift of {drift_m:.3f} m removed",
        f"pelvis turned by {-np.degrees(errors[0]):.0f} and torso by {-np.degrees(errors[1]):.0f} "
        "degrees towards the standing feet",
    )
    return assemble_motion(
        world,
        attitudes,
        contact,
        seen.hand_openness,
        rate_hz=rate_hz,
        height_m=options.subject_height_m,
        source_start_s=seen.start_s,
        source=source,
        notes=notes + hidden + remarks,
    )
