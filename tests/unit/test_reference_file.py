"""Reference files: own format, the shared layout, damaged files."""

import numpy as np
import pytest
from walking_person import walking_person

from exoactor_rt.errors import RetargetError
from exoactor_rt.retarget import load_reference, retarget_motion, save_reference
from exoactor_rt.robots.g1 import joint_table


def test_saved_reference_comes_back(tmp_path):
    reference = retarget_motion(walking_person(frames=20))
    save_reference(reference, tmp_path / "walk.npz")
    back = load_reference(tmp_path / "walk.npz")
    for field in ("root_position_in_world", "quat_world_root_wxyz", "joint_position", "contact"):
        np.testing.assert_array_equal(getattr(back, field), getattr(reference, field))
    assert (back.rate_hz, back.source) == (reference.rate_hz, reference.source)


def test_shared_layout_is_put_into_the_sdks_order(tmp_path):
    names = list(joint_table().names)[::-1]
    path = tmp_path / "shared.npz"
    np.savez(
        path,
        fps=50,
        root_pos=np.zeros((4, 3)),
        root_quat_wxyz=np.tile([1.0, 0, 0, 0], (4, 1)),
        joint_pos=np.tile(np.arange(29.0), (4, 1)),
        joint_names=names,
    )
    reference = load_reference(path)
    assert reference.rate_hz == 50
    np.testing.assert_array_equal(reference.joint_position[0], np.arange(29.0)[::-1])
    assert not reference.contact.any()


def test_shared_motions_are_read(shared_data):
    paths = sorted((shared_data / "motions" / "g1").glob("*.npz"))
    assert paths
    for path in paths:
        assert load_reference(path).joint_position.shape[1] == 29


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 truncated"])
def test_damaged_files_are_refused(tmp_path, content):
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(RetargetError, match=r"reference broken.npz"):
        load_reference(path)


def test_missing_field_is_named(tmp_path):
    path = tmp_path / "part.npz"
    np.savez(path, rate_hz=30.0, source="x", joint_position=np.zeros((3, 29)))
    with pytest.raises(RetargetError, match="root_position_in_world"):
        load_reference(path)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rate_hz", np.nan, "rate nan Hz"),
        ("rate_hz", [30.0, 30.0], "not read"),
        ("joint_position", np.full((4, 29), np.nan), "joint_position is not finite"),
        ("root_position_in_world", np.full((4, 3), "x"), "not read"),
    ],
)
def test_values_that_no_robot_can_have_are_refused(tmp_path, field, value, message):
    fields = {
        "rate_hz": 30.0,
        "source": "x",
        "root_position_in_world": np.zeros((4, 3)),
        "quat_world_root_wxyz": np.tile([1.0, 0, 0, 0], (4, 1)),
        "joint_position": np.zeros((4, 29)),
        "contact": np.ones((4, 2), bool),
        "hand_openness": np.full((4, 2), np.nan),
    }
    path = tmp_path / "odd.npz"
    np.savez(path, **fields)
    assert len(load_reference(path).joint_position) == 4
    np.savez(path, **{**fields, field: value})
    with pytest.raises(RetargetError, match=message):
        load_reference(path)


def test_a_reference_that_cannot_be_written_is_told(tmp_path):
    reference = retarget_motion(walking_person(frames=5))
    with pytest.raises(RetargetError, match="No such file or directory; not written"):
        save_reference(reference, tmp_path / "absent" / "walk.npz")
