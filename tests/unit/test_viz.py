"""Pictures and videos: what is drawn, when, and what happens without a drawing context."""

import os
import resource
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("mujoco")

from synthetic_run import make_execution, make_reference, make_track

from exoactor_rt.errors import AssetError, HardwareError, VideoError
from exoactor_rt.robots import g1
from exoactor_rt.types import KEYPOINTS, HumanMotion
from exoactor_rt.viz import (
    Camera,
    Footage,
    FootMarker,
    RobotRenderer,
    draw_pictures,
    draw_pose,
    meshes,
    write_video,
)
from exoactor_rt.viz.h264 import VideoWriter
from exoactor_rt.viz.input_panel import InputPanel
from exoactor_rt.viz.motion_panel import MotionPanel

STANDING = (np.array([0.0, 0.0, 0.753]), np.array([1.0, 0.0, 0.0, 0.0]))


@pytest.fixture(scope="module")
def renderer():
    try:
        opened = RobotRenderer(200, 240)
    except HardwareError as error:
        pytest.skip(str(error))
    with opened:
        yield opened


def grey_frames(count=60):
    """Frames whose grey value is their number."""
    for index in range(count):
        yield index / 30.0, np.full((120, 160, 3), index, dtype=np.uint8)


def test_robot_is_drawn_upright_in_the_middle(renderer):
    image = renderer.render(*STANDING, g1.standing_position())
    far = renderer.render(np.array([0.0, 0.0, -50.0]), STANDING[1], g1.standing_position())
    changed = np.abs(image.astype(int) - far.astype(int)).max(axis=2) > 40
    rows, columns = np.nonzero(changed)
    assert 0.45 < columns.mean() / image.shape[1] < 0.55
    assert (np.ptp(rows) + 1) / image.shape[0] > 0.5
    assert np.ptp(rows) > np.ptp(columns)


def test_camera_follows_the_robot(renderer):
    here = renderer.render(*STANDING, g1.standing_position())
    there = renderer.render(np.array([2.0, 0.0, 0.753]), STANDING[1], g1.standing_position())
    assert np.abs(here.astype(int) - there.astype(int)).mean() < 12


def test_foot_markers_and_camera_change_the_picture(renderer):
    plain = renderer.render(*STANDING, g1.standing_position())
    marker = FootMarker(np.array([0.25, 0.12]), 0.1, 0)
    marked = renderer.render(*STANDING, g1.standing_position(), foot_markers=[marker])
    orange = (marked[..., 0].astype(int) - marked[..., 2]) > 60
    assert orange.sum() > 20
    behind = Camera(azimuth_rad=0.0)
    assert not np.array_equal(
        plain, renderer.render(*STANDING, g1.standing_position(), camera=behind)
    )


def test_a_pose_that_is_not_finite_is_refused(renderer):
    with pytest.raises(ValueError, match="finite"):
        renderer.render(np.array([np.nan, 0, 0]), STANDING[1], g1.standing_position())


def test_without_a_drawing_context_the_error_names_the_remedy():
    program = (
        "from exoactor_rt.viz import RobotRenderer\n"
        "from exoactor_rt.errors import HardwareError\n"
        "try:\n    RobotRenderer(64, 64)\n"
        "except HardwareError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "MUJOCO_GL": "nonesuch"}
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "libegl1" in said
    assert len(said.strip().splitlines()) == 1


def test_overlay_draws_the_person_and_says_when_there_is_none():
    track = make_track()
    image = np.zeros((120, 160, 3), dtype=np.uint8)
    seen = draw_pose(image, track, 0)
    assert (seen.max(axis=2) > 0).sum() > 300
    lost = draw_pose(image, track, 3)
    assert (lost[:90].max(axis=2) > 0).sum() == 0
    assert (lost[90:].max(axis=2) > 0).sum() > 50
    assert image.max() == 0


def test_overlay_scales_to_the_picture():
    track = make_track()
    double = draw_pose(np.zeros((240, 320, 3), dtype=np.uint8), track, 0)
    rows, columns = np.nonzero(double.max(axis=2))
    drawn = track.landmarks_px[0, [0, *range(11, 17), *range(23, 33)]]
    assert columns.max() == pytest.approx(2 * drawn[:, 0].max(), abs=6)
    assert rows.min() == pytest.approx(2 * drawn[:, 1].min(), abs=6)


def test_input_panel_shows_the_frame_of_the_asked_time():
    panel = InputPanel(grey_frames(), None, 120)
    shown = [int(panel.at(time_s)[0, 0, 0]) for time_s in (-1.0, 0.0, 0.5, 0.5, 0.49, 1.0, 99.0)]
    assert shown == [0, 0, 15, 15, 15, 30, 59]


def test_input_panel_without_frames_is_refused():
    with pytest.raises(ValueError, match="no frames"):
        InputPanel([], None, 120)


def test_motion_panel_draws_left_and_right_where_they_are():
    count = len(KEYPOINTS)
    points = np.zeros((2, count, 3))
    points[:, :, 2] = np.linspace(0.0, 1.7, count)
    for index, name in enumerate(KEYPOINTS):
        points[:, index, 1] = 0.3 * (name.startswith("left") - float(name.startswith("right")))
    motion = HumanMotion(
        rate_hz=30.0,
        keypoints_in_world=points,
        quat_world_segment_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (2, 6, 1)),
        contact=np.ones((2, 2), dtype=bool),
        hand_openness=np.full((2, 2), np.nan),
        height_m=1.7,
    )
    image = MotionPanel(motion, 200, 240).at(99.0).astype(int)
    orange = np.nonzero(image[..., 0] - image[..., 2] > 100)
    blue = np.nonzero(image[..., 2] - image[..., 0] > 100)
    assert orange[1].mean() > 110
    assert blue[1].mean() < 90


def test_video_plays_and_lasts_as_long_as_the_execution(renderer, tmp_path):
    av = pytest.importorskip("av")
    reference = make_reference()
    execution = make_execution(reference)
    path = tmp_path / "run.mp4"
    footage = Footage(reference, execution, grey_frames(), make_track(60), 0.0)
    seen = []
    write_video(path, footage, rate_hz=5, progress=lambda done, total: seen.append((done, total)))
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in video.decode(stream)]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
    assert len(frames) == 21
    assert seen[-1] == (21, 21)
    middle = frames[10][400:460, 5:100].mean()
    assert middle == pytest.approx(30, abs=4)
    assert not list(tmp_path.glob("*.part"))


def test_a_video_that_fails_leaves_nothing(renderer, tmp_path):
    def breaking():
        yield from grey_frames(3)
        raise RuntimeError("decoder gone")

    reference = make_reference()
    footage = Footage(reference, make_execution(reference), breaking())
    with pytest.raises(RuntimeError, match="decoder gone"):
        write_video(tmp_path / "run.mp4", footage, rate_hz=5)
    assert list(tmp_path.iterdir()) == []


def test_a_video_that_outgrows_the_disk_is_told_and_leaves_nothing(tmp_path):
    noise = np.random.default_rng(2).integers(0, 256, (128, 128, 3), np.uint8)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with (
            pytest.raises(VideoError, match=r"full\.mp4: .*; nothing written"),
            VideoWriter(tmp_path / "full.mp4", 25, 128, 128) as video,
        ):
            for turn in range(60):
                video.write(np.roll(noise, 17 * turn, axis=0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())


def test_pictures_show_the_fall(renderer):
    reference = make_reference()
    execution = make_execution(reference, fallen=True)
    stills = draw_pictures(Footage(reference, execution), count=3, quality="fast")
    assert len(stills) == 3
    assert stills[-1][0] == execution.times_s[-1]


def test_meshes_of_a_wheel_without_them_are_refused(tmp_path, monkeypatch):
    import zipfile  # noqa: PLC0415

    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path))

    def fetch_empty(source, folder):
        with zipfile.ZipFile(folder / "empty.whl", "w"):
            pass
        return folder / "empty.whl"

    monkeypatch.setattr(meshes, "fetch_archive", fetch_empty)
    with pytest.raises(AssetError, match="nothing was installed"):
        meshes.pull_meshes()
    assert meshes.installed_meshes() is None
    assert not meshes.mesh_folder().exists()
