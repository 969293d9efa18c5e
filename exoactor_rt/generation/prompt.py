"""The prompt of a video model, in the five parts of the paper (arXiv 2604.27711).

Shot, scene, motion, execution, end state: a camera that does not move, one person, the whole body
in view, actions in their order, and a stand at the end, from which the robot can be taken over.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

_SHOT = (
    "One continuous third-person shot in real time. The camera is locked on a tripod at chest "
    "height and never moves, zooms or cuts. Wide framing, eye level, sharp focus, even light."
)
_SCENE = (
    "Exactly one person{height}. The whole body, from the top of the head to both feet on the "
    "floor, and both hands stay inside the frame from the first to the last moment. Close-fitting "
    "plain clothes; nothing hides the limbs."
)
_FROM_IMAGE = (
    "The first frame is the given image: same room, same objects, same camera, same person in the "
    "same place and pose. "
)
_EXECUTION = (
    "Natural human speed, one action after the other, no pause longer than a moment. Physically "
    "plausible and balanced: planted feet do not slide, there are no jumps, no limbs pass through "
    "the body or objects, hands close only on what they hold. Nothing else in the scene moves by "
    "itself."
)
_END_STATE = (
    "At the end the person stands upright and still on both feet, side by side, arms relaxed, and "
    "keeps that pose for the last half second."
)


class Prompt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The five parts; each is one paragraph of plain sentences."""

    shot: str
    scene: str
    motion: str
    execution: str
    end_state: str

    def text(self) -> str:
        """The prompt as it is sent."""
        return "\n".join(
            (
                f"Shot: {self.shot}",
                f"Scene: {self.scene}",
                f"Motion: {self.motion}",
                f"Execution: {self.execution}",
                f"End state: {self.end_state}",
            )
        )


def compose_prompt(
    actions: Sequence[str], *, height_m: float | None = None, from_image: bool = False
) -> Prompt:
    """The prompt for a chain of atomic actions.

    Args:
        actions: in their order, at least one.
        height_m: of the person, where it is known.
        from_image: whether the clip starts from a given first frame.
    """
    height = "" if height_m is None else f", about {height_m:.2f} m tall"
    return Prompt(
        shot=_SHOT,
        scene=(_FROM_IMAGE if from_image else "") + _SCENE.format(height=height),
        motion=_motion(actions),
        execution=_EXECUTION,
        end_state=_END_STATE,
    )


def _motion(actions: Sequence[str]) -> str:
    sentences = []
    for number, action in enumerate(actions):
        lead = "The person's task: " if number == 0 else "Then: "
        sentences.append(f"{lead}{action.strip().rstrip('.')}.")
    return " ".join(sentences)
