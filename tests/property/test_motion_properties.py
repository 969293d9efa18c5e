"""Motion recovery over random cameras, contact labels over random speeds, damaged BVH files."""

from pathlib import Path

import numpy as np
from bvh_text import bvh_text
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from walking_figure import make_camera, perfect_track, walking_figure

from exoactor_rt.errors import MotionError
from exoactor_rt.motion import MotionOptions, load_bvh, recover
from exoactor_rt.motion.body import POINT
from exoactor_rt.motion.foot_contact import contacts_from_speeds
from exoactor_rt.motion.metrics import MEASURED, MEASURED_KEYPOINTS, contact_f1, motion_accuracy
from exoactor_rt.motion.rotation import frame_from_x_z, quaternions_wxyz
from exoactor_rt.motion.runs import true_runs

POINTS, CONTACT = walking_figure(steps=3)
TRUE_COLUMNS = [POINT[name] for name in MEASURED_KEYPOINTS]
BVH = bvh_text(frames=31)
VECTORS = arrays(np.float64, 3, elements=st.floats(-1.0, 1.0)).filter(
    lambda vector: np.linalg.norm(vector) > 0.1
)


@seed(1)
@settings(max_examples=10, deadline=None)
@given(
    azimuth=st.floats(-np.pi, np.pi),
    pitch=st.floats(0.0, 0.4),
    roll=st.floats(-0.38, 0.38),
    distance=st.floats(3.5, 7.0),
)
def test_any_camera_recovers_the_walk(
    azimuth: float, pitch: float, roll: float, distance: float
) -> None:
    camera = make_camera(azimuth, pitch, roll, distance, np.array([0.5, 0.0, 0.9]))
    recovery = recover(perfect_track(POINTS, camera), MotionOptions(focal_px=camera.focal_px))
    truth = (POINTS - camera.position_in_world) @ camera.rotation_world_camera
    accuracy = motion_accuracy(
        recovery.motion.keypoints_in_world[:, MEASURED] @ recovery.rotation_world_camera,
        truth[:, TRUE_COLUMNS],
        recovery.rotation_world_camera[2],
        camera.rotation_world_camera[2],
        30.0,
    )
    assert accuracy.mpjpe_mm < 25.0
    assert accuracy.wa_mpjpe_mm < 60.0
    assert accuracy.gravity_deg < 6.0
    assert abs(accuracy.travel_percent) < 8.0
    assert accuracy.foot_slide_mm < 4.0
    assert contact_f1(recovery.motion.contact, CONTACT) > 0.93


@seed(2)
@settings(max_examples=100, deadline=None)
@given(
    speed=arrays(np.float64, (40, 2), elements=st.floats(0.0, 4.0)),
    height=arrays(np.float64, (40, 2), elements=st.floats(0.0, 0.5)),
)
def test_contacts_of_any_speeds(speed: np.ndarray, height: np.ndarray) -> None:
    contact = contacts_from_speeds(speed, height, 30.0)
    flights = true_runs(~contact.any(axis=1))
    for start, stop in flights:
        assert (stop - start) / 30.0 >= 0.3
        assert height[start:stop].mean(axis=0).min() >= 0.12
    for side in (0, 1):
        stance = (speed[:, side] < 0.3).all()
        assert contact[:, side].all() or not stance


@seed(3)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_bvh_loads_or_is_refused_in_one_line(data: st.DataObject, tmp_path: Path) -> None:
    text = BVH
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = start + data.draw(st.integers(0, 60))
        text = text[:start] + data.draw(st.text(max_size=6)) + text[stop:]
    path = tmp_path / "damaged.bvh"
    path.write_text(text, encoding="utf-8")
    try:
        motion = load_bvh(path)
    except MotionError as error:
        assert str(error).startswith("bvh damaged.bvh")
        assert "\n" not in str(error)
    else:
        assert np.isfinite(motion.keypoints_in_world).all()


@seed(5)
@settings(max_examples=100, deadline=None)
@given(x=VECTORS, z=VECTORS)
def test_frames_are_rotations_with_quaternions(x: np.ndarray, z: np.ndarray) -> None:
    if np.linalg.norm(np.cross(x, z)) < 1e-2:
        return
    frame = frame_from_x_z(x[None], z[None])
    assert np.allclose(frame[0] @ frame[0].T, np.eye(3), atol=1e-9)
    assert np.linalg.det(frame[0]) > 0.0
    w, qx, qy, qz = quaternions_wxyz(frame)[0]
    first = [1 - 2 * (qy * qy + qz * qz), 2 * (qx * qy + qz * w), 2 * (qx * qz - qy * w)]
    assert np.allclose(first, x / np.linalg.norm(x), atol=1e-7)
