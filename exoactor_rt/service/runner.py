"""Takes tasks through their lives: one is prepared at a time, one executed at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from exoactor_rt.api import FINAL, ProgressEvent, TaskState
from exoactor_rt.config import Config
from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ExoactorError, VideoError
from exoactor_rt.generation import Generated, Generator, Progress, Task, kept_clips, read_image
from exoactor_rt.link import ControlState, LoadedFile
from exoactor_rt.service.files import ServiceFiles
from exoactor_rt.service.hub import EventHub
from exoactor_rt.service.plan_run import NotStartedError
from exoactor_rt.service.robot import Robot
from exoactor_rt.service.store import StoredTask, TaskStore, TransitionError
from exoactor_rt.service.workbench import carry_out
from exoactor_rt.service.worker import Outcome, StageNews, WorkOrder

_LOG = logging.getLogger(__name__)
_WORK_TIMEOUT_S = 1800.0
NO_PLAN = "nothing of its rehearsal was kept: submit it again"
_PREPARED = (TaskState.PLANNING, TaskState.GENERATING, TaskState.QUEUED)
_PERCENT = 100
_TELL_EVERY_S = 0.1

Work = Callable[[WorkOrder, Callable[[StageNews], None], float], Awaitable[Outcome]]


class TaskRunner:
    """The two loops behind the interface; all in one event loop."""

    def __init__(
        self,
        config: Config,
        store: TaskStore,
        files: ServiceFiles,
        hub: EventHub,
        *,
        robot: Robot,
        work: Work = carry_out,
    ):
        """`work` carries out a WorkOrder."""
        self._config = config
        self._store = store
        self._files = files
        self._hub = hub
        self._robot = robot
        self._work = work
        self._wake = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._generator: Generator | None = None
        self._told = (("", ""), 0.0)
        self._stops_at_approval: dict[str, int] = {}
        self._called_off: dict[str, str] = {}
        self._ending = False

    async def run(self) -> None:
        """Prepares and executes until cancelled; what was being prepared is taken up again."""
        loops = [
            asyncio.ensure_future(self._loop(_PREPARED, self._prepare)),
            asyncio.ensure_future(self._loop((TaskState.APPROVED,), self._execute)),
        ]
        try:
            done, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            self._ending = True
            if self._generator is not None:
                self._generator.detach()
            for one in loops:
                one.cancel()
            await asyncio.gather(*loops, return_exceptions=True)

    def look(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def remember_approval(self, task: str) -> None:
        """An approval, or one given at submission, holds until the robot is stopped or damped."""
        self._stops_at_approval[task] = self._robot.stops

    def change(
        self, task: str, state: TaskState, reason: str = "", plan_sha256: str | None = None
    ) -> None:
        """Moves a task on and tells everybody; raises TransitionError."""
        self._hub.tell(task, self._store.change(task, state, reason, plan_sha256))
        _LOG.info("task=%s state=%s reason=%r", task, state.value, reason)
        self.look()
        if state in FINAL:
            self._stops_at_approval.pop(task, None)
            self._called_off.pop(task, None)
            if self._store.forget_ended(self._config.service.keep_tasks):
                self._files.sweep(self._store.tasks_and_uploads())

    def cancel(self, task: str, reason: str) -> None:
        """Ends a task: at once, or after what is under way has been called off.

        Raises:
            TransitionError: it has ended already.
        """
        work = self._under_way.get(task)
        if work is None or work.done() or self._has_ended(task):
            self.change(task, TaskState.CANCELLED, reason)
        else:
            self._called_off[task] = reason
            work.cancel(reason)

    def _has_ended(self, task: str) -> bool:
        stored = self._store.get(task)
        return stored is None or stored.state in FINAL

    def _end(self, task: str, state: TaskState, reason: str) -> None:
        """Tells how its work ended, where nothing said so before."""
        if not self._has_ended(task):
            self.change(task, state, reason)

    async def _loop(
        self, states: tuple[TaskState, ...], carry_on: Callable[[StoredTask], Awaitable[None]]
    ) -> None:
        while True:
            task = self._store.oldest_in(states)
            if task is None:
                self._wake.clear()
                await self._wake.wait()
                continue
            work = asyncio.ensure_future(self._guarded(task, carry_on(task)))
            self._under_way[task.id] = work
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError:
                work.cancel()
                await asyncio.wait([work])
                raise
            finally:
                if self._under_way.get(task.id) is work:
                    del self._under_way[task.id]
            self._settle(task, work)

    async def _guarded(self, task: StoredTask, work: Awaitable[None]) -> None:
        try:
            await work
        except ExoactorError as error:
            self._end(task.id, TaskState.FAILED, str(error))
        except TransitionError as error:
            _LOG.warning("task=%s reason=%r", task.id, str(error))

    def _settle(self, task: StoredTask, work: asyncio.Task[None]) -> None:
        """What is left to say of a task whose work was called off or broke."""
        if work.cancelled():
            reason = self._called_off.get(task.id, "cancelled")
            self._end(task.id, TaskState.CANCELLED, reason)
        elif (error := work.exception()) is not None:
            _LOG.error("task=%s", task.id, exc_info=error)
            self._end(task.id, TaskState.FAILED, f"{type(error).__name__}: {error}")

    async def _prepare(self, task: StoredTask) -> None:
        """From words or a clip to a rehearsed plan."""
        folder = self._files.task_folder(task.id)
        clips = await self._clips(task, folder)
        order = WorkOrder(
            clips=tuple(map(str, clips)), folder=str(folder), config=self._config_of(task)
        )
        outcome = await self._work(
            order,
            lambda news: self._tell(task, news.stage, news.done, news.total),
            _WORK_TIMEOUT_S,
        )
        if outcome.kind == "failed":
            self.change(task.id, TaskState.FAILED, outcome.reason)
        elif outcome.kind == "refused":
            self.change(task.id, TaskState.REFUSED, outcome.reason, outcome.plan_sha256)
        else:
            lapsed = self._lapse(task.id) if task.request.execute else ""
            lapsed = lapsed or ("" if outcome.plan_sha256 else NO_PLAN)
            self.change(task.id, TaskState.READY, lapsed, outcome.plan_sha256)
            if task.request.execute and not lapsed:
                self.change(task.id, TaskState.APPROVED, "approved at submission")

    def _lapse(self, task: str) -> str:
        """Why an approval holds no longer; empty where it does."""
        stops = self._stops_at_approval.get(task)
        if stops is None:
            return "the service has started since the approval: approve again"
        if stops != self._robot.stops:
            return "the robot was stopped or lost since the approval: approve again"
        return ""

    async def _clips(self, task: StoredTask, folder: Path) -> list[Path]:
        """A task's clips; it is PLANNING when they are there."""
        if task.request.clip is not None:
            path = self._files.upload(task.request.clip)
            if path is None:
                raise VideoError(f"clip {task.request.clip[:12]}: no longer there")
            if task.state is not TaskState.PLANNING:
                self.change(task.id, TaskState.PLANNING)
            return [path]
        if task.state is TaskState.PLANNING and (kept := kept_clips(folder)):
            return [clip.path for clip in kept]
        if task.state is TaskState.QUEUED:
            self.change(task.id, TaskState.GENERATING)
        scene = self._files.upload(task.request.scene) if task.request.scene else None
        asked = Task(
            task.request.instruction,
            read_image(scene) if scene else None,
            task.request.options.person_height_m,
        )

        def told(progress: Progress) -> None:
            words = f"{progress.stage} {progress.words}".strip()
            done = 0 if progress.fraction is None else round(_PERCENT * progress.fraction)
            total = 0 if progress.fraction is None else _PERCENT
            self._tell(task, "generation", done, total, words)

        def settled(generated: Generated) -> None:
            failures = generated.failures
            if not generated.clips:
                self.change(task.id, TaskState.FAILED, str(failures[1]))
            elif task.state is not TaskState.PLANNING:
                reason = "; ".join(f"no clip {n}: {error}" for n, error in failures.items())
                self.change(task.id, TaskState.PLANNING, reason)

        self._generator = Generator(
            self._config_of(task).generation, embedded_clip=clip_path(), told=told
        )
        try:
            generated = await self._generator.run(asked, folder, settled)
        finally:
            self._generator = None
        return [clip.path for clip in generated.clips]

    def _config_of(self, task: StoredTask) -> Config:
        """The configuration with the task's own options over it."""
        options = task.request.options
        replace = msgspec.structs.replace
        config = self._config
        if options.person_height_m is not None:
            subject = replace(config.subject, height_m=options.person_height_m)
            config = replace(config, subject=subject)
        if options.controller is not None:
            control = replace(config.control, controller=options.controller)
            config = replace(config, control=control)
        changed = {
            name: value
            for name in ("candidates", "seed")
            if (value := getattr(options, name)) is not None
        }
        return replace(config, generation=replace(config.generation, **changed))

    async def _execute(self, task: StoredTask) -> None:
        """An approved plan on the robot."""
        refusal = self._robot.refusal or self._lapse(task.id)
        if refusal:
            self.change(task.id, TaskState.READY, refusal)
            return
        rehearsed = self._files.rehearsed(task.id, task.plan_sha256)
        if rehearsed is None:
            reason = f"its plan is not the rehearsed one, {task.plan_sha256[:12]!r}"
            self.change(task.id, TaskState.FAILED, f"{reason}; not executed")
            return
        kind, content = rehearsed
        self.change(task.id, TaskState.EXECUTING)

        def told(state: ControlState) -> None:
            done, total = (round(1e3 * s) for s in (state.reference_time_s, state.reference_end_s))
            self._tell(task, "execution", done, total)

        stops = self._stops_at_approval[task.id]
        try:
            made = self._provenance(task)
            file = LoadedFile(kind, content, task.plan_sha256, task.id, made)
            after = await self._robot.execute(file, stops, told)
        except NotStartedError as error:
            if task.id in self._called_off:
                self.change(task.id, TaskState.CANCELLED, self._called_off[task.id])
            else:
                self.change(task.id, TaskState.READY, f"{error}; nothing moved: approve again")
            return
        end = after.last_end if after.last_end_sha256 == task.plan_sha256 else "unknown"
        if end == "done":
            self.change(task.id, TaskState.DONE)
        elif end == "stopped":
            if self._ending:
                self.change(task.id, TaskState.INTERRUPTED, "the service ended; the robot stopped")
                return
            reason = self._called_off.get(task.id, "stopped on the way")
            self.change(task.id, TaskState.CANCELLED, reason)
        else:
            reason = after.trip or f"guard {after.guard}, end {end}"
            self.change(task.id, TaskState.FAILED, reason)

    def _provenance(self, task: StoredTask) -> dict[str, str]:
        """What made a task's plan, as the chain told, and who asked for it."""
        made: dict[str, str] = {}
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            content = (self._files.task_folder(task.id) / "provenance.json").read_bytes()
            made = msgspec.json.decode(content, type=dict[str, str])
        asked = {
            "task": task.id,
            "instruction": task.request.instruction,
            "submitted by user": str(task.submitted_by),
            "submitted at": task.created_at,
        }
        return {**made, **asked}

    def _tell(
        self, task: StoredTask, stage: str, done: int = 0, total: int = 0, words: str = ""
    ) -> None:
        """Passes progress on, not more often than people can follow."""
        now_s = time.monotonic()
        if (stage, words) == self._told[0] and now_s - self._told[1] < _TELL_EVERY_S:
            return
        self._told = ((stage, words), now_s)
        self._hub.tell(task.id, ProgressEvent(stage=stage, done=done, total=total, words=words))
