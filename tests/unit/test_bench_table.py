"""The benchmark's table and JSON."""

import json

from exoactor_rt.bench import Conditions, MotionResult, Outcome, format_table, results_json
from exoactor_rt.bench.departure import Departure
from exoactor_rt.bench.measurement import Measurement

DEPARTURE = Departure(3, 1, 2, 0.71, 1.4, 9.0, {"step shortened": 3, "slowed down": 1})
MEASUREMENT = Measurement(
    joint_rmse_deg=1.26,
    keypoints_plan_mm={"head": 10.0},
    keypoints_reference_mm={"head": 30.0},
    keypoint_plan_mm=10.0,
    keypoint_reference_mm=30.0,
    upper_reference_mm=30.0,
    drift_xy_m=0.1234567891,
    drift_yaw_deg=-0.0,
    foot_slide_m_s=None,
    peak_torque_share=0.5,
    peak_torque_joint="left_knee_joint",
)
RESULTS = [
    MotionResult(
        "walk.npz",
        Outcome.SURVIVED,
        level="nominal",
        steps_asked=5,
        steps_planned=4,
        steps_executed=4,
        departure=DEPARTURE,
        measurement=MEASUREMENT,
    ),
    MotionResult("kick.npz", Outcome.FELL, "tilt 1.1 rad > 1.0 rad", fall_time_s=3.456),
    MotionResult("bad.csv", Outcome.ERROR, "line 3: 2 columns"),
]


def test_rows_reasons_and_counts():
    lines = format_table(RESULTS).splitlines()
    assert lines[2].split()[:7] == ["walk.npz", "survived", "nominal", "5/4/4", "2", "0.71", "1.40"]
    assert lines[2].split()[-1] == "4"
    assert "kick.npz: fell at 3.46 s: tilt 1.1 rad > 1.0 rad" in lines
    assert "bad.csv: error: line 3: 2 columns" in lines
    assert lines[-1] == "3 motions: 1 survived, 1 fell, 1 error"


def test_columns_are_aligned():
    header, rule, *rows = format_table(RESULTS).splitlines()[:5]
    start = header.index("outcome")
    assert rule[start - 1] == " "
    assert [row[start:].split()[0] for row in rows] == ["survived", "fell", "error"]


def test_json_is_canonical():
    text = results_json(Conditions(seed=7), RESULTS)
    assert text == results_json(Conditions(seed=7), list(RESULTS))
    document = json.loads(text)
    assert document["conditions"]["seed"] == 7
    assert document["counts"]["fell"] == 1
    walk = document["motions"][0]
    assert walk["measurement"]["drift_xy_m"] == 0.123457
    assert walk["measurement"]["foot_slide_m_s"] is None
    assert walk["departure"]["changes"] == {"slowed down": 1, "step shortened": 3}
    assert "-0.0" not in text


def test_a_lower_level_is_explained():
    attempts = ("nominal: heading at the end: 0.38 rad", "stance only: passed its rehearsal")
    frozen = MotionResult("turn.npz", Outcome.SURVIVED, level="stance only", attempts=attempts)
    told = "turn.npz: executed at level stance only, as nominal: heading at the end: 0.38 rad"
    assert told in format_table([frozen]).splitlines()
