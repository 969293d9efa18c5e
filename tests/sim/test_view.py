"""The viewer: what it shows of each kind of file, and the page in a real browser."""

import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import cv2
import numpy as np
import planning_cases
import pytest
from clip_files import encode
from live_browser import open_page

from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.planning import PlanLevel, plan_motion, save_plan
from exoactor_rt.replay import Kind
from exoactor_rt.retarget import save_reference
from exoactor_rt.sim import RunOptions, execute
from exoactor_rt.viewer import BrowserView, ClipFrames, load_motion_track, show_in_rerun

REFERENCE = planning_cases.make_reference(3.0, planning_cases.walk(2, 0.1))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    plan = plan_motion(REFERENCE, PlanLevel.NOMINAL)
    save_plan(plan, folder / "plan.npz")
    save_reference(REFERENCE, folder / "reference.npz")
    encode(folder / "person.mp4")
    rollout = execute(plan, RunOptions(hold_s=0.3))
    write_execution_log(folder / "run.mcap", rollout, plan)
    return folder, rollout


@pytest.mark.parametrize(
    ("name", "kind"),
    [("run.mcap", Kind.LOG), ("plan.npz", Kind.PLAN), ("reference.npz", Kind.REFERENCE)],
)
def test_every_kind_of_file_becomes_poses_over_time(files, name, kind):
    track = load_motion_track(files[0] / name)
    moments = len(track.times_s)
    assert track.kind is kind
    assert track.position_in_world.shape == (moments, 30, 3)
    assert track.quat_world_link_wxyz.shape == (moments, 30, 4)
    assert track.com_in_world.shape == (moments, 3)
    assert (track.asked is not None) == (kind is Kind.LOG)
    assert (track.contact is not None) == (kind is not Kind.PLAN)
    assert np.median(np.diff(track.times_s)) == pytest.approx(0.02, abs=0.015)
    assert track.sample_at(-1.0) == 0
    assert track.sample_at(1e9) == moments - 1


def test_a_log_shows_what_the_robot_did_and_what_was_asked(files):
    folder, rollout = files
    track = load_motion_track(folder / "run.mcap")
    off = track.com_in_world[-1] - rollout.execution.com_in_world[-1]
    assert np.linalg.norm(off) < 0.05
    np.testing.assert_allclose(track.asked[0][:, 0], track.position_in_world[:, 0])
    assert not track.contact.all()
    assert any("guard armed" in text for _, _, text in track.events)


def test_clip_frames_are_found_by_time(files):
    frames = ClipFrames(files[0] / "person.mp4")
    assert np.diff(frames.times_s).min() >= 0.1 - 1e-6
    assert frames.at(-1.0) is frames.images[0]
    assert frames.at(99.0) is frames.images[-1]
    assert all(image.shape[1] <= 400 for image in frames.images)


def test_the_page_in_a_browser_shows_the_robot_and_follows_the_slider(files):
    pytest.importorskip("viser")
    clip = ClipFrames(files[0] / "person.mp4")
    view = BrowserView(load_motion_track(files[0] / "run.mcap"), clip, port=8490)
    try:
        with open_page(view.url) as page:
            page.wait_for_text("run.mcap")
            page.wait_for_text("stands: left and right")
            assert page.evaluate("document.images.length") >= 1
            first = picture_with_robot(page)
            view.seek(2.0)
            page.wait_for_text("time 2.00 s")
            time.sleep(2.0)
            second = decoded(page.picture())
            assert page.complaints == []
    finally:
        view.close()
    assert (first != second).any(axis=2).mean() > 0.002, "it has moved"


def decoded(png):
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def picture_with_robot(page):
    """The page once something grey stands in its middle; drawing in software takes its time."""
    until_s = time.monotonic() + 60.0
    while True:
        image = decoded(page.picture())
        blue, green, red = (image[..., channel].astype(int) for channel in range(3))
        grey = (red < 150) & (blue < 180) & (abs(red - green) < 40) & (blue > 30)
        if grey[:, 200:800].mean() > 0.005:
            return image
        assert time.monotonic() < until_s, "no robot is drawn"
        time.sleep(1.0)


def test_it_listens_on_this_machine_only_and_says_how_to_reach_it(files):
    pytest.importorskip("viser")
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "view", "--port", "8493"]
    process = subprocess.Popen(
        [*command, str(files[0] / "plan.npz")], stdout=subprocess.PIPE, text=True
    )
    try:
        told = [process.stdout.readline() for _ in range(3)]
        port = int(told[0].split(":")[-1])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}") as answer:
            assert answer.status == 200
        sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        heard_at = {fields[1] for fields in sockets[1:] if fields[3] == "0A"}
        assert f"0100007F:{port:04X}" in heard_at
        assert f"00000000:{port:04X}" not in heard_at
        assert told[1].startswith(f"over SSH  ssh -L {port}:127.0.0.1:{port} ")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_it_is_written_for_rerun(files, tmp_path):
    pytest.importorskip("rerun")
    show_in_rerun(load_motion_track(files[0] / "run.mcap"), tmp_path / "run.rrd")
    assert (tmp_path / "run.rrd").stat().st_size > 10_000
