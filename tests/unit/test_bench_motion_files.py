"""Motion files of the benchmark: npz, BVH, LAFAN1-G1 CSV, and damaged ones."""

import numpy as np
import pytest
from bvh_text import bvh_text
from synthetic_run import make_reference

from exoactor_rt.bench import find_motions, read_lafan_csv, read_reference
from exoactor_rt.errors import RetargetError
from exoactor_rt.retarget import save_reference
from exoactor_rt.robots import g1

QUARTER_TURN_XYZW = (0.0, 0.0, np.sqrt(0.5), np.sqrt(0.5))


def csv_line(joints=None):
    """Standing, turned by 90 degrees to the left."""
    joints = g1.standing_position() if joints is None else joints
    return ",".join(f"{value:.6f}" for value in (1.0, 2.0, 0.75, *QUARTER_TURN_XYZW, *joints))


def write_csv(folder, lines):
    path = folder / "clip.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_csv_quaternions_are_xyzw_and_joints_in_sdk_order(tmp_path):
    reference = read_lafan_csv(write_csv(tmp_path, [csv_line(np.arange(29) / 100)] * 3))
    assert reference.rate_hz == 30.0
    np.testing.assert_allclose(reference.root_position_in_world[2], [1.0, 2.0, 0.75])
    expected_wxyz = [np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    np.testing.assert_allclose(reference.quat_world_root_wxyz[0], expected_wxyz, atol=1e-6)
    np.testing.assert_allclose(reference.joint_position[1], np.arange(29) / 100)


@pytest.mark.parametrize(
    ("damaged", "told"),
    [
        ("1,2,3", "line 2: 3 columns, expected 36"),
        (csv_line().replace("0.750000", "high"), "line 2 column 3: 'high', expected a finite"),
        (csv_line().replace("0.750000", "nan"), "line 2 column 3: 'nan', expected a finite"),
        (csv_line().replace("0.707107", "0.1"), "line 2 columns 4 to 7: quaternion of length"),
        ("", "line 2: 1 columns, expected 36"),
    ],
)
def test_malformed_line_is_named(tmp_path, damaged, told):
    path = write_csv(tmp_path, [csv_line(), damaged, csv_line()])
    with pytest.raises(RetargetError, match=told):
        read_lafan_csv(path)


def test_empty_and_binary_csv_are_refused(tmp_path):
    with pytest.raises(RetargetError, match="no frames"):
        read_lafan_csv(write_csv(tmp_path, []))
    (tmp_path / "clip.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(RetargetError, match="not a readable text file"):
        read_lafan_csv(tmp_path / "clip.csv")


def test_missing_contacts_are_labelled(tmp_path):
    reference = read_reference(write_csv(tmp_path, [csv_line()] * 30))
    assert reference.contact.all()


def test_given_contacts_are_kept(tmp_path):
    reference = make_reference()
    reference.contact[5:9, 0] = False
    save_reference(reference, tmp_path / "own.npz")
    np.testing.assert_array_equal(read_reference(tmp_path / "own.npz").contact, reference.contact)


def test_a_single_frame_is_refused(tmp_path):
    with pytest.raises(RetargetError, match="1 frames, at least 2 needed"):
        read_reference(write_csv(tmp_path, [csv_line()]))


def test_bvh_is_retargeted(tmp_path):
    (tmp_path / "person.bvh").write_text(bvh_text())
    reference = read_reference(tmp_path / "person.bvh")
    assert reference.joint_position.shape[1] == 29
    assert reference.source == "person.bvh"


def test_folders_are_searched_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("c.csv", "b/z.BVH", "a.npz", "readme.txt"):
        (tmp_path / name).write_text("")
    found = [path.relative_to(tmp_path).as_posix() for path in find_motions(tmp_path)]
    assert found == ["a.npz", "b/z.BVH", "c.csv"]


def test_missing_and_empty_folders_are_refused(tmp_path):
    with pytest.raises(RetargetError, match="no file of"):
        find_motions(tmp_path)
    with pytest.raises(RetargetError, match="not a folder"):
        find_motions(tmp_path / "nowhere")
