"""Holds what admission says of a plan against what its execution in simulation shows.

    python benchmarks/admission_verdicts.py FOLDER [--runs 3] [--graded] [--json FILE]

Every rung of the ladder that admission tries on FOLDER's references, and with `--graded` plans from
harmless to impossible, are judged as always and then executed, refused ones too, as modelled and
with other sensor noise than the rehearsals'. A plan refused because a disturbed rehearsal fell is
also executed under that disturbance. What was refused for another reason than a fall foretells
none, and is counted by itself. Simulation only.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from graded_plans import graded_plans

from exoactor_rt.bench.motion_files import read_reference
from exoactor_rt.bench.trimming import trim_jumps
from exoactor_rt.config import Config
from exoactor_rt.errors import ExoactorError
from exoactor_rt.pipeline.chain import REHEARSAL_SEED_OFFSET, run_options
from exoactor_rt.planning import Plan
from exoactor_rt.replay import Stage, admit
from exoactor_rt.replay.admission import Rehearsed, plan_violations, rehearse_task
from exoactor_rt.replay.trials import NOMINAL, PERTURBED, Trial, task_duration_s
from exoactor_rt.sim import execute

ADMITTED = "admitted"
FELL = "refused: fell as modelled"
FELL_DISTURBED = "refused: fell when disturbed"
OTHER = "refused: another limit, no fall"
BY_PLAN = "refused: by the plan's check"
UNUSABLE = "refused by planner or controller"
FORETOLD = {ADMITTED: False, FELL: True}
"""Verdict -> whether it says that the execution falls."""

_FIRST_SEED = 1000


@dataclass(frozen=True)
class Judged:
    """A plan, what admission says of it, and how often its executions fell.

    Attributes:
        name: of the motion and the rung, or of the graded plan.
        verdict: one of the above.
        reason: the first, in words.
        runs: executions as modelled.
        falls: of them.
        disturbed_runs: executions under the disturbance that was not stood.
        disturbed_falls: of them.
    """

    name: str
    verdict: str
    reason: str
    runs: int = 0
    falls: int = 0
    disturbed_runs: int = 0
    disturbed_falls: int = 0


def judge_ladder(path: Path, runs: int) -> Iterator[Judged]:
    """The rungs that admission tries on a reference."""
    reference, _ = trim_jumps(read_reference(path))
    stage = Stage(reference, run_options(Config(), REHEARSAL_SEED_OFFSET), Config().verdict)
    for attempt in admit(reference, stage.rehearse).attempts:
        stride = "" if attempt.stride == 1.0 else ", shorter"
        name = f"{path.stem}, {attempt.level.name.lower()}{stride}"
        if attempt.plan is None:
            yield Judged(name, UNUSABLE, attempt.reasons[0])
        else:
            yield execute_judged(name, attempt.plan, attempt.reasons, attempt.rehearsed, runs)


def judge_graded(runs: int, only: str) -> Iterator[Judged]:
    """The graded plans whose name contains `only`."""
    for graded in graded_plans():
        if only not in graded.name:
            continue
        options = run_options(Config(), REHEARSAL_SEED_OFFSET)
        stage = Stage(graded.reference, options, Config().verdict)
        reasons, rehearsed = plan_violations(graded.plan), Rehearsed()
        try:
            if not reasons:
                rehearsed = rehearse_task(graded.plan, stage.rehearse)
                reasons = rehearsed.reasons
            yield execute_judged(graded.name, graded.plan, reasons, rehearsed, runs)
        except ExoactorError as error:
            yield Judged(graded.name, UNUSABLE, str(error))


def execute_judged(
    name: str, plan: Plan, reasons: tuple[str, ...], rehearsed: Rehearsed, runs: int
) -> Judged:
    """Executes a plan as often as asked."""
    verdict, trial = _verdict(reasons, rehearsed)
    disturbed = runs if trial is not None else 0
    return Judged(
        name,
        verdict,
        reasons[0] if reasons else "",
        runs,
        sum(_falls(plan, NOMINAL, run) for run in range(runs)),
        disturbed,
        sum(_falls(plan, trial, run) for run in range(disturbed)) if trial else 0,
    )


def _verdict(reasons: tuple[str, ...], rehearsed: Rehearsed) -> tuple[str, Trial | None]:
    """What admission says, and the disturbance that toppled the robot."""
    if not reasons:
        return ADMITTED, None
    if not rehearsed.trials:
        return BY_PLAN, None
    last = rehearsed.trials[-1]
    if not last.figures.fallen:
        return OTHER, None
    if last.trial == NOMINAL.name:
        return FELL, None
    return FELL_DISTURBED, next(trial for trial in PERTURBED if trial.name == last.trial)


def _falls(plan: Plan, trial: Trial, run: int) -> bool:
    options = trial.options(run_options(Config(), _FIRST_SEED + 100 * run), task_duration_s(plan))
    return execute(plan, options).execution.fallen


def tell(judged: list[Judged]) -> Iterator[str]:
    """A table and how often verdict and execution agree."""
    yield "| verdict | plans | executions that stood | that fell |"
    yield "|---|---|---|---|"
    for verdict in (ADMITTED, FELL, FELL_DISTURBED, OTHER, BY_PLAN, UNUSABLE):
        of_it = [one for one in judged if one.verdict == verdict]
        falls, runs = sum(one.falls for one in of_it), sum(one.runs for one in of_it)
        yield f"| {verdict} | {len(of_it)} | {runs - falls} | {falls} |"
    toppled = [one for one in judged if one.verdict == FELL_DISTURBED]
    falls, runs = sum(o.disturbed_falls for o in toppled), sum(o.disturbed_runs for o in toppled)
    yield f"| the same, under that disturbance | {len(toppled)} | {runs - falls} | {falls} |"
    right: Counter[bool] = Counter()
    for one in judged:
        if one.verdict in FORETOLD:
            falls = one.falls if FORETOLD[one.verdict] else one.runs - one.falls
            right[True] += falls
            right[False] += one.runs - falls
    right[True] += sum(one.disturbed_falls for one in toppled)
    right[False] += sum(one.disturbed_runs - one.disturbed_falls for one in toppled)
    total = right[True] + right[False]
    yield f"\nverdict and execution agree in {right[True]} of {total} executions"


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="references; none when left out")
    parser.add_argument("--runs", type=int, default=3, help="executions of each plan")
    parser.add_argument("--graded", action="store_true", help="the graded plans too")
    parser.add_argument("--only", default="", help="of those whose name contains this")
    parser.add_argument("--json", type=Path, help="every plan in full")
    arguments = parser.parse_args()
    judged: list[Judged] = []
    paths = sorted(arguments.folder.glob("*.npz")) if arguments.folder else []
    wanted = [path for path in paths if arguments.only in path.stem]
    for path in wanted:
        judged += _shown(judge_ladder(path, arguments.runs))
    if arguments.graded:
        judged += _shown(judge_graded(arguments.runs, arguments.only))
    print(*tell(judged), sep="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(one) for one in judged], indent=1))


def _shown(judged: Iterator[Judged]) -> Iterator[Judged]:
    for one in judged:
        under = f", disturbed {one.disturbed_falls}/{one.disturbed_runs}" * bool(one.disturbed_runs)
        falls = f"{one.falls}/{one.runs} fell{under}"
        print(f"{one.name}: {one.verdict}; {falls}; {one.reason}", flush=True)
        yield one


if __name__ == "__main__":
    main()
