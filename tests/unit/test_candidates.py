"""Which of several clips is executed: by verdict, level, margins, then by what was kept."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from synthetic_run import make_execution, make_reference

from exoactor_rt.pipeline.candidates import Candidate, rank
from exoactor_rt.pipeline.chain import Planned
from exoactor_rt.planning import PlanLevel
from exoactor_rt.replay import Admission, Attempt, Margin, TrialResult, measure
from exoactor_rt.replay.admission import Rehearsed

REFERENCE = make_reference()
PLAN = SimpleNamespace(name="a plan")


def candidate(name, level=PlanLevel.NOMINAL, *, share=0.5, stride=1.0, slower=1.0, admitted=True):
    figures = measure(make_execution(REFERENCE), REFERENCE)
    object.__setattr__(figures, "duration_ratio", figures.duration_ratio * slower)
    margin = Margin("tilt", "tilt", 0.3, 0.7, "rad", share, "", "nominal")
    trial = TrialResult("nominal", (), (margin,), figures)
    reasons = () if admitted else ("it fell",)
    attempt = Attempt(level, admitted, reasons, stride, Rehearsed((trial,), 9), PLAN)
    admission = Admission(PLAN if admitted else None, (attempt,))
    return Candidate(Path(name), Planned(None, REFERENCE, admission))


BEST = [
    candidate("bold", share=0.61),
    candidate("bold too, but slower", share=0.69, slower=1.5),
    candidate("less margin", share=0.39),
    candidate("shorter steps", share=0.9, stride=0.8),
    candidate("tight", PlanLevel.TIGHT, share=0.9),
    candidate("refused", share=0.9, admitted=False),
    Candidate(Path("broken"), None, "no person"),
]


@pytest.mark.parametrize("first", range(len(BEST)))
def test_the_order_is_that_of_verdict_level_margin_and_what_was_kept(first):
    given = BEST[first:] + BEST[:first]
    assert [one.path.name for one in rank(given)] == [one.path.name for one in BEST]


def test_equals_stay_in_the_order_given():
    given = [candidate(name) for name in ("b", "a", "c")]
    assert rank(given) == given


def test_every_candidate_says_why_it_stands_where_it_does():
    words = [str(one) for one in BEST]
    assert "least margin 61 %: tilt 0.3 rad, limit 0.7" in words[0]
    assert "of way and pace kept" in words[0]
    assert words[5] == "refused: refused: nominal: it fell"
    assert words[6] == "broken: not usable: no person"
