"""The steps before the video: the robot made a person in the first frame, the task made a prompt.

Each is a part that can be exchanged; their order is the paper's (arXiv 2604.27711).
"""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec

from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.prompt import Prompt, compose_prompt
from exoactor_rt.generation.task import Image, Task


class FirstFrameEdit(Protocol):
    """Makes the first frame of the clip from a picture of the scene with the robot in it."""

    by: str
    """What does it: server and model."""

    async def edit(self, task: Task, scene: Image) -> Image:
        """The same picture with a person in place of the robot; raises GenerationError."""
        ...


class Decomposition(Protocol):
    """Splits a task into a chain of atomic actions."""

    by: str
    """What does it: server and model, or `template`."""

    async def split(self, task: Task) -> list[str]:
        """The actions in their order, at least one; raises GenerationError."""
        ...


class Prepared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the steps made of a task.

    Attributes:
        prompt: for the video model.
        actions: the chain the prompt was made from.
        split_by: what split the task.
        edited_by: what edited the first frame; empty if nothing did.
        first_frame_sha256: of the picture the clip starts from; empty without one.
        step_s: step -> s it took.
    """

    prompt: Prompt
    actions: tuple[str, ...]
    split_by: str
    edited_by: str = ""
    first_frame_sha256: str = ""
    step_s: dict[str, float] = {}


async def prepare(
    task: Task, edit: FirstFrameEdit | None, decomposition: Decomposition, clock: Clock
) -> tuple[Prepared, Image | None]:
    """Runs the steps; the picture is the first frame to send.

    Raises:
        GenerationError: a step failed.
    """
    step_s: dict[str, float] = {}
    first_frame = task.scene
    if edit is not None and task.scene is not None:
        begin_s = clock.now_s()
        first_frame = await edit.edit(task, task.scene)
        step_s["edit"] = clock.now_s() - begin_s
    begin_s = clock.now_s()
    actions = await decomposition.split(task)
    step_s["decomposition"] = clock.now_s() - begin_s
    prepared = Prepared(
        prompt=compose_prompt(actions, height_m=task.height_m, from_image=first_frame is not None),
        actions=tuple(actions),
        split_by=decomposition.by,
        edited_by=edit.by if edit is not None and task.scene is not None else "",
        first_frame_sha256=hashlib.sha256(first_frame.content).hexdigest() if first_frame else "",
        step_s=step_s,
    )
    return prepared, first_frame
