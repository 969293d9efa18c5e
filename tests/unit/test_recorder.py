"""Logs: round trips, decoding by others, crashes, altered bytes, full disks."""

import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from exoactor_rt.errors import LogError
from exoactor_rt.recorder.cdr import CdrWriter
from exoactor_rt.recorder.log_reader import read_log
from exoactor_rt.recorder.log_writer import LogWriter
from exoactor_rt.recorder.messages import (
    pack_imu,
    pack_joint_state,
    pack_log,
    pack_string,
    pack_transforms,
)

NAMES = tuple(f"joint_{index}" for index in range(29))

KILLED_WRITER = """
import os, pathlib, signal, sys
import numpy as np
from exoactor_rt.recorder.log_writer import LogWriter
writer = LogWriter(pathlib.Path(sys.argv[1]))
rng = np.random.default_rng(0)
for index in range(8000):
    writer.add("/joint_states", index, rng.bytes(400))
while writer._jobs.qsize():
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""


def write_messages(path: Path, count: int) -> None:
    rng = np.random.default_rng(0)
    with LogWriter(path, {"seed": "0"}) as writer:
        writer.attach("config.toml", "application/toml", b"rate_hz = 500\n")
        for index in range(count):
            position, velocity, effort = rng.normal(size=(3, 29))
            data = pack_joint_state(index, NAMES, position, velocity, effort)
            writer.add("/joint_states", index, data)


def test_round_trip(tmp_path):
    path = tmp_path / "log.mcap"
    write_messages(path, 700)
    log = read_log(path)
    assert log.defect == ""
    assert log.metadata == {"seed": "0"}
    assert log.attachments == {"config.toml": b"rate_hz = 500\n"}
    assert [message.stamp_ns for message in log.messages] == list(range(700))
    assert {(m.topic, m.schema) for m in log.messages} == {
        ("/joint_states", "sensor_msgs/msg/JointState")
    }
    assert log.on_topic("/tf") == []
    position = np.random.default_rng(0).normal(size=(3, 29))[0]
    assert position.tobytes() in log.messages[0].data


def test_cdr_aligns_from_behind_its_header():
    payload = CdrWriter().uint8(7).float64(1.5).uint8(1, 2).int32(-3).string("ab").payload()
    expected = struct.pack("<B7xdBB2xiI3s", 7, 1.5, 1, 2, -3, 3, b"ab\0")
    assert payload == b"\x00\x01\x00\x00" + expected


def test_cdr_packs_an_empty_sequence_without_padding():
    assert CdrWriter().float64_sequence([]).payload()[4:] == b"\0\0\0\0"


def test_others_decode_what_was_packed(tmp_path):
    decoding = pytest.importorskip("mcap_ros2.reader", reason="mcap-ros2-support not installed")
    path = tmp_path / "log.mcap"
    position, velocity, effort = np.random.default_rng(1).normal(size=(3, 29))
    pose = (np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.5, -0.5, 0.5]))
    stamp_ns = 12_000_000_034
    messages = {
        "/joint_states": pack_joint_state(stamp_ns, NAMES, position, velocity, effort),
        "/imu": pack_imu(stamp_ns, pose[1], pose[0], pose[0]),
        "/tf": pack_transforms(stamp_ns, {"pelvis": pose, "other": pose}),
        "/robot_description": pack_string("<mujoco/>"),
        "/rosout": pack_log(stamp_ns, "error", "guard", "tripped"),
    }
    with LogWriter(path) as writer:
        for topic, data in messages.items():
            writer.add(topic, stamp_ns, data)
    decoded = {
        message.channel.topic: message.ros_msg for message in decoding.read_ros2_messages(str(path))
    }
    joints = decoded["/joint_states"]
    assert (joints.header.stamp.sec, joints.header.stamp.nanosec) == (12, 34)
    assert tuple(joints.name) == NAMES
    np.testing.assert_array_equal(joints.effort, effort)
    assert decoded["/imu"].orientation.w == 0.5
    assert decoded["/imu"].orientation.y == -0.5
    assert decoded["/imu"].linear_acceleration.z == 3.0
    transforms = decoded["/tf"].transforms
    assert [t.child_frame_id for t in transforms] == ["pelvis", "other"]
    assert transforms[1].transform.translation.y == 2.0
    assert transforms[1].transform.rotation.w == 0.5
    assert decoded["/robot_description"].data == "<mujoco/>"
    assert (decoded["/rosout"].level, decoded["/rosout"].msg) == (40, "tripped")


def test_kill_in_mid_write_keeps_every_complete_chunk(tmp_path):
    path = tmp_path / "log.mcap"
    command = [sys.executable, "-c", KILLED_WRITER, str(path)]
    result = subprocess.run(command, check=False, timeout=60)
    assert result.returncode == -signal.SIGKILL
    log = read_log(path)
    stamps = [message.stamp_ns for message in log.messages]
    assert stamps == list(range(len(stamps)))
    assert len(stamps) > 8000 - 2 * 700, "more than two chunks of 256 KiB were lost"
    assert log.defect


def test_cut_anywhere_keeps_what_came_before(tmp_path):
    path = tmp_path / "log.mcap"
    write_messages(path, 700)
    data = path.read_bytes()
    counts = []
    for share in (0.1, 0.5, 0.9, 0.999):
        path.write_bytes(data[: int(share * len(data))])
        log = read_log(path)
        assert log.defect
        counts.append(len(log.messages))
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_every_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "log.mcap"
    write_messages(path, 300)
    data = bytearray(path.read_bytes())
    whole = read_log(path)
    rng = np.random.default_rng(2)
    for position in rng.choice(len(data), 150, replace=False):
        bit = 1 << int(rng.integers(8))
        data[position] ^= bit
        path.write_bytes(data)
        try:
            log = read_log(path)
        except LogError as error:
            assert "\n" not in str(error)
        else:
            assert log.defect or log.messages != whole.messages, f"byte {position} bit {bit}"
            assert log.defect, f"byte {position} bit {bit}: messages changed unnoticed"
        data[position] ^= bit


@pytest.mark.parametrize("content", [b"", b"no log", b"\x89MCAP0\r\n" + b"\xff" * 64])
def test_what_is_no_log_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "log.mcap"
    path.write_bytes(content)
    try:
        log = read_log(path)
    except LogError as error:
        assert str(path) in str(error)
    else:
        assert log.defect
        assert log.messages == []


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(LogError, match="No such file"):
        read_log(tmp_path / "absent.mcap")
    with pytest.raises(LogError, match="No such file"):
        LogWriter(tmp_path / "absent" / "log.mcap")


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="/dev/full is not writable here")
def test_full_disk_is_told_and_nobody_hangs():
    writer = LogWriter(Path("/dev/full"))
    with pytest.raises(LogError, match="No space left"):
        for index in range(200_000):
            writer.add("/joint_states", index, b"\0" * 512)
        writer.close()
    with pytest.raises(LogError, match="No space left"):
        writer.close()
        writer.add("/joint_states", 0, b"")


def test_closed_log_takes_nothing_more(tmp_path):
    writer = LogWriter(tmp_path / "log.mcap")
    writer.close()
    with pytest.raises(LogError, match="already closed"):
        writer.add("/joint_states", 0, b"")


def test_an_unknown_topic_is_refused_at_the_call(tmp_path):
    path = tmp_path / "log.mcap"
    with LogWriter(path) as writer:
        with pytest.raises(LogError, match="unknown topic /joint_state,"):
            writer.add("/joint_state", 0, b"")
        writer.add("/rosout", 1, pack_log(1, "info", "test", "still open"))
    assert len(read_log(path).messages) == 1
