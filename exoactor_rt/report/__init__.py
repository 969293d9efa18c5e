"""The report of a run: one HTML page and the same data as JSON."""

from exoactor_rt.report.check_page import check_page
from exoactor_rt.report.check_pictures import CheckPictures, draw_check_pictures
from exoactor_rt.report.page import report_html, write_report
from exoactor_rt.report.plan_summary import summarise_plan
from exoactor_rt.report.summary import (
    ChangeSummary,
    ClipSummary,
    PhaseSummary,
    Picture,
    PlanSummary,
    RunSummary,
    StepSize,
    StepSummary,
)

__all__ = [
    "ChangeSummary",
    "CheckPictures",
    "ClipSummary",
    "PhaseSummary",
    "Picture",
    "PlanSummary",
    "RunSummary",
    "StepSize",
    "StepSummary",
    "check_page",
    "draw_check_pictures",
    "report_html",
    "summarise_plan",
    "write_report",
]
