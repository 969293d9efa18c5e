"""The report: complete, self-contained, honest about limits and changes."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

pytest.importorskip("exoactor_rt._core")

from synthetic_run import make_execution, make_reference

from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import LogError
from exoactor_rt.replay import Verdict, judge, measure
from exoactor_rt.report import (
    ChangeSummary,
    ClipSummary,
    PhaseSummary,
    Picture,
    PlanSummary,
    RunSummary,
    StepSize,
    StepSummary,
    report_html,
    write_report,
)
from exoactor_rt.report.line_plot import (
    Axes,
    Series,
    decimated,
    line_plot,
    tick_positions,
)
from exoactor_rt.report.margins import execution_margins, worst_margins
from exoactor_rt.report.plan_plots import executed_touchdowns, footprints
from exoactor_rt.robots import g1

CHANGE = ChangeSummary("kick <left out>", 0.5, 1.0, 0.6, 0.0, "m", "foot above 0.2 m & no support")
STEPS = (
    StepSummary("left", StepSize(0.2, 0.236), StepSize(0.4, 0.236), 0.5, 0.8),
    StepSummary("right", StepSize(0.0, 0.236), None, 0.9, 1.2),
)


@pytest.fixture(scope="module")
def run():
    reference = make_reference()
    execution = make_execution(reference)
    figures = measure(execution, reference)
    image = np.zeros((60, 80, 3), dtype=np.uint8)
    return RunSummary(
        title="clip <one>",
        verdict=judge(figures, VerdictConfig()),
        clip=ClipSummary("one.mp4", "ab" * 32, 80, 60, 60, 30.0, 2.0),
        stage_times_s={"video": 0.5, "perception": 3.0},
        plan=PlanSummary(
            "nominal",
            (PhaseSummary("stance", 0.0, 0.5, 1.0), PhaseSummary("walk", 0.5, 2.0, 3.0, 2)),
            STEPS,
            (CHANGE,),
            2.0,
        ),
        execution=execution,
        robot="the simulated robot",
        figures=figures,
        execution_pictures=(Picture("a moment", image),),
    )


class TagCheck(HTMLParser):
    """Fails on tags that do not close in order."""

    VOID = ("meta", "img", "path", "rect", "circle")

    def __init__(self):
        super().__init__()
        self.open_tags = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open_tags.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open_tags.pop() == tag


def test_page_is_well_formed_and_needs_nothing_beside_it(run):
    page = report_html(run)
    check = TagCheck()
    check.feed(page)
    assert check.open_tags == []
    assert not re.search(r'(src|href)="(?!data:)', page)
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(svg)


def test_page_tells_verdict_changes_and_limits(run):
    page = report_html(run)
    assert "<strong>FAIL</strong><p>Executed by the simulated robot.</p>" in page
    assert "steps executed" in page
    assert "kick &lt;left out&gt;" in page
    assert "foot above 0.2 m &amp; no support" in page
    assert "0.50 to 1.00 s" in page
    assert "clip &lt;one&gt;" in page
    assert "1 of 2 steps" in page


def test_report_of_a_refusal_tells_the_attempts_and_no_plan():
    attempts = ("nominal: fell <down>", "tight: fell", "stance only: fell")
    run = RunSummary(
        "x",
        Verdict(False, (), attempts),
        ClipSummary("x.mp4"),
        plan=PlanSummary("refused", reference_duration_s=3.0, attempts=attempts),
    )
    page = report_html(run)
    assert "<strong>REFUSED</strong>" in page
    assert "nominal: fell &lt;down&gt;" in page
    assert "nothing was executed" in page
    assert "Changed or left out" not in page


def test_report_of_a_run_that_ended_before_planning():
    reference = make_reference()
    figures = measure(make_execution(reference, fallen=True), reference)
    run = RunSummary("x", judge(figures, VerdictConfig()), ClipSummary("x.mp4"))
    page = report_html(run)
    assert "<strong>FAIL</strong>" in page
    assert "Executed" not in page


def test_write_report_is_canonical_json_beside_the_page(run, tmp_path):
    json_path = write_report(tmp_path / "report.html", run)
    again = write_report(tmp_path / "again.html", run)
    assert json_path.read_bytes() == again.read_bytes()
    record = json.loads(json_path.read_text(encoding="utf-8"))
    assert record["plan"]["changes"][0]["what"] == CHANGE.what
    assert record["figures"]["joint_rms_rad"] == pytest.approx(0.01, rel=1e-4)
    assert record["execution"]["tick_us"]["p50"] == pytest.approx(100.0)
    assert len(record["execution"]["series"]["times_s"]) == 81
    assert not list(tmp_path.glob("*.part"))


def test_a_report_that_cannot_be_written_is_told(run, tmp_path):
    with pytest.raises(LogError, match=r"report .*No such file or directory; not written"):
        write_report(tmp_path / "absent" / "report.html", run)


def test_values_that_are_not_finite_are_null(run, tmp_path):
    execution = replace(run.execution, tick_us=np.full(401, np.nan))
    record = json.loads(
        write_report(tmp_path / "nan.html", replace(run, execution=execution)).read_text("utf-8")
    )
    assert record["execution"]["tick_us"]["p50"] is None


def test_margins_name_the_worst_joint_and_go_negative_beyond_a_limit():
    execution = make_execution(make_reference())
    joint = g1.joint_table().index("right_knee_joint")
    execution.joint_position[200, joint] = 2.9
    execution.joint_torque[37, joint] = -140.0
    worst = {margin.quantity: margin for margin in worst_margins(execution_margins(execution))}
    position, torque = worst["position"], worst["torque"]
    assert (position.joint, position.time_s) == ("right_knee_joint", 2.0)
    assert position.margin == pytest.approx(2.8798 - 2.9)
    assert (torque.joint, torque.time_s, torque.limit) == ("right_knee_joint", 0.37, -139.0)
    assert torque.margin == pytest.approx(-1.0)
    assert worst["velocity"].margin > 0


def test_footprints_follow_the_stance_foot():
    turned = (
        StepSummary("left", StepSize(0.1, 0.236, np.pi / 2)),
        StepSummary("right", StepSize(0.0, 0.2)),
    )
    prints = footprints(turned, asked=False)
    left, right = prints[2], prints[3]
    assert (left.x_m, left.y_m) == pytest.approx((0.1, 0.118))
    assert (right.x_m, right.y_m) == pytest.approx((0.1 + 0.2, 0.118))
    assert len(footprints(STEPS, asked=True)) == 3


def test_executed_touchdowns_are_in_axes_of_the_standing_feet():
    execution = make_execution(make_reference())
    places = executed_touchdowns(execution)
    expected = [[0.0, 0.118], [0.0, -0.118], [0.2, 0.118]]
    np.testing.assert_allclose(places, expected, atol=1e-12)
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    turned = replace(
        execution, foot_position_in_world=execution.foot_position_in_world @ quarter.T + [3, 4, 0]
    )
    np.testing.assert_allclose(executed_touchdowns(turned), expected, atol=1e-12)


def test_plot_keeps_extremes_and_gaps():
    x = np.arange(10000.0)
    y = np.sin(x / 500)
    y[7777] = 9.0
    y[2000:3000] = np.nan
    thin = decimated(Series("s", x, y))
    assert len(thin.x) <= 600
    assert np.nanmax(thin.y) == 9.0
    assert np.isnan(thin.y).any()
    assert ET.fromstring(line_plot([Series("s", x, y)], Axes("a & b", "x", "y"))) is not None


@pytest.mark.parametrize(("title", "squeezed"), [("speed", False), ("a long way " * 8, True)])
def test_a_long_title_is_squeezed_into_its_plot(title, squeezed):
    x = np.linspace(0.0, 1.0, 9)
    plot = line_plot([Series("s", x, x)], Axes(title, "s", "m"))
    assert ("textLength" in plot) is squeezed


@pytest.mark.parametrize(("low", "high"), [(0.0, 5.6), (-0.013, 0.02), (1e-5, 2e-5), (-900, 1e4)])
def test_ticks_are_round_and_inside(low, high):
    ticks = tick_positions(low, high)
    assert 2 <= len(ticks) <= 11
    slack = 1e-9 * (high - low)
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert all(len(f"{tick:g}") <= 7 for tick in ticks)
