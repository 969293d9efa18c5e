"""A reference from standing to standing, as a policy is shown it step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exoactor_rt.retarget import kinematics
from exoactor_rt.tracker.attitude import yaw_of
from exoactor_rt.tracker.homing import steps_on_the_spot
from exoactor_rt.tracker.reference_track import (
    ReferenceTrack,
    blend_from,
    blend_to,
    track_reference,
)
from exoactor_rt.types import FloatArray, Reference

HOLD_S = 1.0
"""The standing pose is shown first; controllers change places meanwhile."""
BLEND_S = 1.0
"""From standing into the reference, and out of it again."""
_SOLE_BELOW_ANKLE_M = 0.035


@dataclass(frozen=True)
class Moment:
    """Where in the reference a step is; `rate` is seconds of reference a second."""

    reference_time_s: float
    rate: float
    blend: float
    ended: bool


@dataclass(frozen=True)
class TrackedMotion:
    """A reference with its lead-in and lead-out, at the origin heading along x.

    Attributes:
        track: at the policy's rate.
        lead_steps: before the reference's first frame.
        clip_steps: frames of the reference.
        posture: [29] rad, SDK order, in which it stands before and after.
        source: the reference's name.
    """

    track: ReferenceTrack
    lead_steps: int
    clip_steps: int
    posture: FloatArray
    source: str = ""

    @property
    def duration_s(self) -> float:
        """From the first step to standing again."""
        return len(self.track) / self.track.rate_hz

    @property
    def reference_s(self) -> float:
        """Length of the reference."""
        return (self.clip_steps - 1) / self.track.rate_hz

    def cut_at(self, step: int) -> TrackedMotion:
        """The motion led out from `step` on; itself where it is over or leads out already."""
        shown = step + 1 - self.lead_steps
        if shown >= self.clip_steps:
            return self
        begun = ReferenceTrack(self.track.rate_hz, self.track.window(0, tuple(range(step + 2))))
        height_m = standing_height_m(self.posture)
        cut = blend_to(begun, self.posture, height_m, BLEND_S)
        lead = min(self.lead_steps, step + 1)
        return replace(self, track=cut, lead_steps=lead, clip_steps=max(1, shown + 1))

    def steps_on_the_spot(self) -> ReferenceTrack:
        """Two steps where it ends, see `homing`."""
        end = self.track.window(len(self.track))
        heading_rad = yaw_of(end.rotation_world_root[0])
        place = end.root_position_in_world[0]
        return steps_on_the_spot(self.posture, place, heading_rad, self.track.rate_hz)

    def moment(self, step: int) -> Moment:
        """Where `step` is."""
        rate_hz = self.track.rate_hz
        into = step - self.lead_steps
        if into < 0:
            share = 1.0 + into / (BLEND_S * rate_hz)
            return Moment(0.0, 0.0, max(0.0, share), False)
        if into < self.clip_steps - 1:
            return Moment(into / rate_hz, 1.0, 1.0, False)
        past = into - (self.clip_steps - 1)
        share = 1.0 - past / (BLEND_S * rate_hz)
        return Moment(self.reference_s, 0.0, max(0.0, share), step >= len(self.track) - 1)


def lead_in_and_out(reference: Reference, rate_hz: float, posture: FloatArray) -> TrackedMotion:
    """The reference from a standing posture into it again.

    Args:
        reference: what to follow.
        rate_hz: of the policy.
        posture: [29] rad, SDK order, in which the robot stands before and after.

    Raises:
        PolicyError: the reference cannot be tracked, see `track_reference`.
    """
    height_m = standing_height_m(posture)
    clip = track_reference(reference, rate_hz)
    led = blend_from(clip, posture, height_m, HOLD_S, BLEND_S)
    track = blend_to(led, posture, height_m, BLEND_S)
    return TrackedMotion(track, len(led) - len(clip), len(clip), posture, reference.source)


def standing_height_m(posture: FloatArray) -> float:
    """Height of the pelvis above the soles with an upright pelvis.

    Args:
        posture: [29] rad, SDK order.
    """
    tree = kinematics()
    position, _ = tree.forward(np.zeros((1, 3)), np.array([[1.0, 0.0, 0.0, 0.0]]), posture[None])
    ankles = [tree.body(f"{side}_ankle_roll_link") for side in ("left", "right")]
    return float(_SOLE_BELOW_ANKLE_M - position[0, ankles, 2].min())
