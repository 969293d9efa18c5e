"""What viewers show of a run: joints, IMU and poses in the messages that they know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.recorder.messages import pack_imu, pack_joint_state, pack_transforms
from exoactor_rt.recorder.tick_table import STAMP
from exoactor_rt.robots import g1

VIEWER_PERIOD_NS = 20_000_000
"""Time between two messages of a viewer topic; `/control_tick` has every tick."""

_JOINT_TOPICS = {
    "/joint_states": ("sensed_position", "sensed_velocity", "sensed_torque"),
    "/joint_commands": ("sent_position", "sent_velocity", "sent_torque"),
}
_IMU = ("quat_world_imu_wxyz", "gyro_in_imu", "accel_in_imu")
_POSES = {
    "pelvis": ("true_root_position_in_world", "true_quat_world_root_wxyz"),
    "pelvis_estimated": ("base_position_in_world", "quat_world_base_wxyz"),
}


class ViewerFeed:
    """Thins tick records for viewers: the first row in each VIEWER_PERIOD_NS."""

    def __init__(self) -> None:
        self._shown_period = -1

    def messages(self, rows: npt.NDArray[np.void]) -> Iterator[tuple[str, int, bytes]]:
        """(topic, stamp_ns, payload) of what viewers know; topics that lack a column are left out.

        Args:
            rows: of `tick_table.to_rows`, following those of the call before.
        """
        period = rows[STAMP] // VIEWER_PERIOD_NS
        shown = np.diff(period, prepend=self._shown_period) != 0
        if len(rows):
            self._shown_period = int(period[-1])
        has = set(rows.dtype.names or ())
        for row in rows[shown]:
            yield from _messages_of(row, max(0, int(row[STAMP])), has)


def _messages_of(row: Any, stamp_ns: int, has: set[str]) -> Iterator[tuple[str, int, bytes]]:
    names = g1.joint_table().names
    for topic, columns in _JOINT_TOPICS.items():
        if has.issuperset(columns):
            values = [row[column] for column in columns]
            yield topic, stamp_ns, pack_joint_state(stamp_ns, names, *values)
    if has.issuperset(_IMU):
        yield "/imu", stamp_ns, pack_imu(stamp_ns, *(row[column] for column in _IMU))
    poses = {
        child: (row[position], row[quat])
        for child, (position, quat) in _POSES.items()
        if position in has and quat in has
    }
    if poses:
        yield "/tf", stamp_ns, pack_transforms(stamp_ns, poses)
