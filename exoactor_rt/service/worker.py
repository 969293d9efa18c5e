"""The chain in a process of its own: `python -m exoactor_rt.service.worker`.

Reads one WorkOrder as JSON from standard input; tells progress and the outcome as JSON lines on
standard output. A crash, a hang or a leak in here costs a task, never the service.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from exoactor_rt.config import Config
from exoactor_rt.errors import ExoactorError
from exoactor_rt.progress import ReportProgress, StageTimes
from exoactor_rt.workers import die_with_the_parent


class WorkOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Candidate clips of which one shall become an admitted plan, and where the results go."""

    clips: tuple[str, ...]
    folder: str
    config: Config


class StageNews(msgspec.Struct, frozen=True, tag="stage"):
    """How far a stage has come."""

    stage: str
    done: int
    total: int


class Outcome(msgspec.Struct, frozen=True, tag="outcome", kw_only=True):
    """What came of the order.

    Attributes:
        kind: an admitted plan has passed its rehearsal.
        reason: of a refusal or failure; of an admitted plan the ranking of several clips.
        plan_sha256: of the file of the plan or tracking: the admitted one, or of a refusal the one
            that came furthest; empty where there is none.
    """

    kind: Literal["admitted", "refused", "failed"]
    reason: str = ""
    plan_sha256: str = ""


News = StageNews | Outcome


def tell(news: News) -> None:
    """Writes one line."""
    sys.stdout.buffer.write(msgspec.json.encode(news) + b"\n")
    sys.stdout.buffer.flush()


class ToldStages(StageTimes):
    """Stages whose progress is told to the service."""

    @contextmanager
    def stage(self, name: str) -> Iterator[ReportProgress]:
        """Times the body; what it reports is passed on."""

        def report(done: int, total: int) -> None:
            tell(StageNews(name, done, total))

        report(0, 0)
        with super().stage(name):
            yield report


def work(order: WorkOrder) -> Outcome:
    """Runs the chain on the clips: the best admissible one is executed in simulation.

    One that fails there is taken out, and the others are ranked again.
    """
    from exoactor_rt.pipeline import run_chain  # noqa: PLC0415

    clips = [Path(clip) for clip in order.clips]
    failed: list[str] = []
    while clips:
        try:
            result = run_chain(clips, Path(order.folder), order.config, ToldStages(stream=None))
        except ExoactorError as error:
            failed.append(str(error))
            break
        ranking = " | ".join(result.ranking)
        if result.refused:
            failed.append(ranking or " | ".join(result.verdict.reasons))
            sha256 = _sha256(result.files.get("refused_plan"))
            return Outcome(kind="refused", reason=" | ".join(failed), plan_sha256=sha256)
        if result.verdict.passed:
            file = result.files.get("plan") or result.files.get("tracking")
            return Outcome(kind="admitted", reason=ranking, plan_sha256=_sha256(file))
        words = "; ".join(result.verdict.reasons)
        best = result.planned.source.path
        failed.append(f"{best.name}: executed in simulation and failed: {words}")
        clips.remove(best)
    return Outcome(kind="refused", reason=" | ".join(failed))


def _sha256(path: Path | None) -> str:
    return "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Reads the order, works, tells the outcome."""
    die_with_the_parent()
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=WorkOrder)
    try:
        outcome = work(order)
    except Exception as error:
        outcome = Outcome(kind="failed", reason=f"{type(error).__name__}: {error}")
    tell(outcome)
    return 0


if __name__ == "__main__":
    sys.exit(main())
