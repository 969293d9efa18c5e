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
    """Clips to bring to an admitted plan, best first, and where the results go."""

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
        reason: empty for an admitted plan.
        plan_sha256: of the admitted plan's file.
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
    """Runs the chain on the clips in turn, until one is admitted."""
    from exoactor_rt.pipeline import run_chain  # noqa: PLC0415

    reasons = []
    for clip in order.clips:
        try:
            result = run_chain(
                Path(clip), Path(order.folder), order.config, ToldStages(stream=None)
            )
        except ExoactorError as error:
            reasons.append(f"{Path(clip).name}: {error}")
            continue
        if result.refused:
            reasons += [f"{Path(clip).name}: {reason}" for reason in result.verdict.reasons]
        elif not result.verdict.passed:
            words = "; ".join(result.verdict.reasons)
            reasons.append(f"{Path(clip).name}: executed in simulation and failed: {words}")
        else:
            sha256 = hashlib.sha256(result.files["plan"].read_bytes()).hexdigest()
            return Outcome(kind="admitted", plan_sha256=sha256)
    return Outcome(kind="refused", reason=" | ".join(reasons))


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
