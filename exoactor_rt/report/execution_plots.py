"""What was executed, as SVG plots over execution time."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.execution import Execution
from exoactor_rt.report.line_plot import LEFT, MAIN, PLANNED, RIGHT, Axes, Series, line_plot
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import BoolArray, FloatArray

FULL_BLEND = 0.99
FIRST_FOLLOWED_JOINT = "waist_yaw_joint"
WORST_JOINT_COUNT = 6

_TIME = "execution time, s"
_SIDES = (("left", LEFT), ("right", RIGHT))
_SOLE_BELOW_ANKLE_M = 0.035


def followed_samples(execution: Execution) -> BoolArray:
    """[N] where the reference is followed fully, not blended with the standing pose."""
    if execution.blend is None:
        return np.ones(len(execution.times_s), dtype=np.bool_)
    return np.asarray(execution.blend >= FULL_BLEND)


def joint_errors(execution: Execution) -> list[tuple[str, float, float]]:
    """(joint, rms rad, largest rad) of waist and arms against the plan, worst first."""
    table = joint_table()
    error = execution.joint_position - execution.planned_joint_position
    error = error[followed_samples(execution)]
    if not len(error):
        return []
    rows: list[tuple[str, float, float]] = []
    for joint in range(table.index(FIRST_FOLLOWED_JOINT), len(table.names)):
        rms = float(np.sqrt(np.mean(error[:, joint] ** 2)))
        rows.append((table.names[joint], rms, float(np.abs(error[:, joint]).max())))
    return sorted(rows, key=lambda row: -row[1])


def steps_in_time(execution: Execution) -> list[tuple[float, float]]:
    """Stretches of execution time in which a foot is off the floor."""
    if execution.contact is None:
        return []
    lifted = np.asarray(execution.contact < 0.5).any(axis=1).astype(int)
    edges = np.diff(np.concatenate([[0], lifted, [0]]))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    last = len(execution.times_s) - 1
    return [
        (float(execution.times_s[begin]), float(execution.times_s[min(int(end), last)]))
        for begin, end in zip(begins, ends, strict=True)
    ]


def _planned_and_actual(
    execution: Execution, planned: FloatArray, actual: FloatArray
) -> list[Series]:
    return [
        Series("planned", execution.times_s, planned, PLANNED, dashed=True),
        Series("executed", execution.times_s, actual, MAIN),
    ]


def joint_plots(execution: Execution) -> list[str]:
    """The followed joints with the largest errors, planned and executed."""
    table = joint_table()
    plots = []
    for name, rms, _ in joint_errors(execution)[:WORST_JOINT_COUNT]:
        joint = table.index(name)
        axes = Axes(f"{name.removesuffix('_joint')}, rms {rms:.3f} rad", _TIME, "rad")
        curves = _planned_and_actual(
            execution,
            execution.planned_joint_position[:, joint],
            execution.joint_position[:, joint],
        )
        plots.append(line_plot(curves, axes, steps_in_time(execution)))
    return plots


def _wrist_plot(execution: Execution) -> list[str]:
    actual = execution.wrist_position_in_pelvis
    planned = execution.planned_wrist_position_in_pelvis
    if actual is None or planned is None:
        return []
    error_mm = 1000.0 * np.linalg.norm(actual - planned, axis=-1)
    curves = [
        Series(name, execution.times_s, error_mm[:, side], colour)
        for side, (name, colour) in enumerate(_SIDES)
    ]
    return [line_plot(curves, Axes("wrist error", _TIME, "mm"), steps_in_time(execution))]


def _body_plots(execution: Execution) -> list[str]:
    times_s, shaded = execution.times_s, steps_in_time(execution)
    up = Rotation.from_quat(execution.quat_world_root_wxyz, scalar_first=True).apply([0, 0, 1])
    tilt_deg = np.degrees(np.arccos(np.clip(up[:, 2], -1.0, 1.0)))
    height = execution.root_position_in_world[:, 2]
    plots = [
        line_plot([Series("", times_s, height)], Axes("pelvis height", _TIME, "m"), shaded),
        line_plot([Series("", times_s, tilt_deg)], Axes("pelvis tilt", _TIME, "deg"), shaded),
    ]
    if execution.com_in_world is not None:
        com_height = execution.com_in_world[:, 2]
        planned = execution.planned_com_in_world
        curves = (
            [Series("", times_s, com_height)]
            if planned is None
            else _planned_and_actual(execution, planned[:, 2], com_height)
        )
        plots.append(line_plot(curves, Axes("centre of mass, height", _TIME, "m"), shaded))
    return plots


def _balance_plots(execution: Execution) -> list[str]:
    if execution.dcm_in_world is None:
        return []
    plots = []
    for axis, name in enumerate("xy"):
        curves = [Series("DCM", execution.times_s, execution.dcm_in_world[:, axis], MAIN)]
        if execution.planned_dcm_in_world is not None:
            planned = execution.planned_dcm_in_world[:, axis]
            curves.insert(0, Series("planned", execution.times_s, planned, PLANNED, dashed=True))
        if execution.zmp_in_world is not None:
            zmp = execution.zmp_in_world[:, axis]
            curves.insert(0, Series("ZMP", execution.times_s, zmp, "#b39ddb"))
        axes = Axes(f"DCM and ZMP, world {name}", _TIME, "m")
        plots.append(line_plot(curves, axes, steps_in_time(execution)))
    return plots


def _foot_plot(execution: Execution) -> list[str]:
    if execution.foot_position_in_world is None:
        return []
    height_cm = 100.0 * (execution.foot_position_in_world[:, :, 2] - _SOLE_BELOW_ANKLE_M)
    curves = [
        Series(name, execution.times_s, height_cm[:, side], colour)
        for side, (name, colour) in enumerate(_SIDES)
    ]
    axes = Axes("soles above the floor", _TIME, "cm")
    return [line_plot(curves, axes, steps_in_time(execution))]


def _pace_plot(execution: Execution) -> str:
    curve = Series("", execution.times_s, execution.reference_time_s)
    return line_plot([curve], Axes("pace", _TIME, "reference time, s"), steps_in_time(execution))


def motion_plots(execution: Execution) -> list[str]:
    """Body, balance, feet, wrists and pace; what was not recorded is left out."""
    return [
        *_wrist_plot(execution),
        *_body_plots(execution),
        *_balance_plots(execution),
        *_foot_plot(execution),
        _pace_plot(execution),
    ]


def load_plots(execution: Execution) -> list[str]:
    """The most loaded joint at every moment: torque and speed as shares of their limits."""
    table = joint_table()
    loads = (
        ("torque of the most loaded joint", np.abs(execution.joint_torque) / table.effort_nm),
        ("speed of the fastest joint", np.abs(execution.joint_velocity) / table.velocity_rad_s),
    )
    return [
        line_plot(
            [Series("", execution.times_s, share.max(axis=1))],
            Axes(title, _TIME, "share of limit", limits=(1.0,)),
            steps_in_time(execution),
        )
        for title, share in loads
    ]


def tick_plot(execution: Execution) -> str:
    """Computing time of the control tick; empty when not recorded."""
    if execution.tick_us is None:
        return ""
    curve = Series("", execution.times_s, execution.tick_us)
    return line_plot([curve], Axes("computing time of the control tick", _TIME, "us", width=940))
