"""Logs: what goes in comes out, for us and for others."""

import struct

import numpy as np
import pytest
from log_files import stamps_of, write_run
from mcap.records import Message
from mcap.stream_reader import StreamReader
from tick_columns import PERIOD_NS, make_columns

from exoactor_rt.errors import LogError
from exoactor_rt.recorder import RunLog, read_log, read_run
from exoactor_rt.recorder.cdr import CdrWriter
from exoactor_rt.recorder.messages import pack_log, unpack_log
from exoactor_rt.recorder.schemas import INPUT_TOPIC
from exoactor_rt.recorder.tick_table import definition_of, row_type, type_of
from exoactor_rt.runtime.tick_record import TickRecord


def test_every_column_comes_back_bit_for_bit(tmp_path):
    path = tmp_path / "log.mcap"
    columns = write_run(path)
    run = read_run(path)
    assert run.damages == ()
    assert run.metadata == {"seed": "0"}
    assert run.attachments == {"config.toml": b"x = 1\n"}
    assert [(event.severity, event.text) for event in run.events] == [
        ("warning", "something happened")
    ]
    assert run.ticks.keys() == columns.keys()
    for name, column in columns.items():
        np.testing.assert_array_equal(run.ticks[name], column, err_msg=name)
    some = read_run(path, ["sensed_torque", "no_such_column"])
    assert list(some.ticks) == ["now_ns", "sensed_torque"]


def test_our_scan_gives_what_the_library_reads(tmp_path):
    path = tmp_path / "log.mcap"
    write_run(path)
    with path.open("rb") as file:
        theirs = [
            (record.log_time, record.data)
            for record in StreamReader(file, validate_crcs=True).records
            if isinstance(record, Message)
        ]
    ours = [(message.stamp_ns, message.payload) for message in read_log(path).messages]
    assert ours == theirs


def test_others_decode_what_was_packed(tmp_path):
    decoding = pytest.importorskip("mcap_ros2.reader", reason="mcap-ros2-support not installed")
    path = tmp_path / "log.mcap"
    columns = make_columns(100, first_ns=12_000_000_000)
    with RunLog(path, robot_description="<mujoco/>") as log:
        log.event(12_000_000_034, "error", "tripped", "guard")
        log.append(columns)
    decoded = {}
    for message in decoding.read_ros2_messages(str(path)):
        decoded.setdefault(message.channel.topic, []).append(message.ros_msg)
    assert {topic: len(messages) for topic, messages in decoded.items()} == {
        "/control_tick": 100,
        "/joint_states": 10,
        "/joint_commands": 10,
        "/imu": 10,
        "/tf": 10,
        "/robot_description": 1,
        "/rosout": 1,
    }
    ticks = decoded["/control_tick"]
    assert [tick.now_ns for tick in ticks] == columns["now_ns"].tolist()
    np.testing.assert_array_equal(
        [list(tick.sensed_position) for tick in ticks], columns["sensed_position"]
    )
    joints = decoded["/joint_states"][1]
    assert (joints.header.stamp.sec, joints.header.stamp.nanosec) == (12, 20_000_000)
    np.testing.assert_array_equal(joints.effort, columns["sensed_torque"][10])
    assert decoded["/imu"][0].orientation.w == 1.0
    assert decoded["/tf"][0].transforms[0].child_frame_id == "pelvis_estimated"
    event = decoded["/rosout"][0]
    assert (event.level, event.name, event.msg) == (40, "guard", "tripped")


def test_cdr_aligns_from_behind_its_header():
    payload = CdrWriter().uint8(7).float64(1.5).uint8(1, 2).int32(-3).string("ab").payload()
    expected = struct.pack("<B7xdBB2xiI3s", 7, 1.5, 1, 2, -3, 3, b"ab\0")
    assert payload == b"\x00\x01\x00\x00" + expected
    assert CdrWriter().float64_sequence([]).payload()[4:] == b"\0\0\0\0"


def test_events_unpack_as_packed():
    packed = pack_log(12_000_000_034, "warning", "abc", "größer")
    assert unpack_log(packed) == (12_000_000_034, "warning", "größer")
    with pytest.raises(ValueError, match="damaged event"):
        unpack_log(packed[:20])


def test_a_definition_tells_its_row_type():
    columns = {"now_ns": np.arange(3), "flag": np.ones((3, 2), bool), "x": np.ones((3, 4))}
    dtype = row_type(columns)
    assert type_of(definition_of(dtype)) == dtype
    for text in ("int64 now_ns\nstring name\n", "float64 now_ns\n", "float64[9999999] x\n", ""):
        with pytest.raises(LogError):
            type_of(text)


def test_columns_that_do_not_fit_are_refused(tmp_path):
    with RunLog(tmp_path / "log.mcap") as log:
        with pytest.raises(LogError, match="no column now_ns"):
            log.append({"x": np.ones(3)})
        log.append(make_columns(10))
        narrow = make_columns(10) | {"gyro_in_imu": np.ones((10, 2))}
        with pytest.raises(LogError, match=r"column gyro_in_imu is \[10, 2\]"):
            log.append(narrow)
        log.append(make_columns(10, first_ns=10 * PERIOD_NS))
    assert len(stamps_of(tmp_path / "log.mcap")) == 20


def test_ticks_lost_before_the_log_are_counted_and_told(tmp_path):
    path = tmp_path / "log.mcap"
    with RunLog(path) as log:
        log.append(make_columns(50))
        log.count_lost(np.arange(3) * PERIOD_NS, "the ring was full")
    run = read_run(path)
    assert run.metadata["dropped_ticks"] == "3"
    assert any("3 records" in event.text and "ring was full" in event.text for event in run.events)


def test_messages_lost_in_the_robots_ring_are_counted_once_and_told(tmp_path):
    path = tmp_path / "log.mcap"
    nothing = {"now_ns": np.zeros(0, np.int64), "message": np.zeros((0, 4), np.uint8)}
    with RunLog(path) as log:
        record = TickRecord(log)
        record.add(make_columns(50), {"now_ns": np.zeros(0, np.int64)}, 0)
        for dropped in (0, 5, 5, 7):
            record.add_raw((nothing, nothing), dropped)
    run = read_run(path)
    assert run.metadata["dropped_ticks"] == "7"
    told = [event.text for event in run.events if "ring of raw messages was full" in event.text]
    assert sum(int(text.split()[1]) for text in told) == 7


def test_closed_log_takes_nothing_more(tmp_path):
    log = RunLog(tmp_path / "log.mcap")
    log.close()
    with pytest.raises(LogError, match="already closed"):
        log.append(make_columns(1))
    with pytest.raises(LogError, match="holds no control tick"):
        read_run(tmp_path / "log.mcap")


def test_inputs_have_rows_of_their_own(tmp_path):
    path = tmp_path / "log.mcap"
    columns = make_columns(100)
    inputs = {"now_ns": columns["now_ns"][[3, 60]], "stops": np.array([1, 2])}
    with RunLog(path) as log:
        log.append(inputs, topic=INPUT_TOPIC)
        log.append(columns)
    run = read_run(path, ["guard_state"])
    assert {name: column.tolist() for name, column in run.inputs.items()} == {
        "now_ns": inputs["now_ns"].tolist(),
        "stops": [1, 2],
    }
    assert len(run.ticks["now_ns"]) == 100
    without = tmp_path / "without.mcap"
    write_run(without)
    assert read_run(without).inputs == {}
