"""The folder of a run: checked before, cleared, nothing half-written left."""

import errno
import os

import pytest

from exoactor_rt.errors import ConfigError, LogError
from exoactor_rt.pipeline import OutputFolder, require_writable_file
from exoactor_rt.pipeline.outputs import NAMES


def test_checking_makes_nothing(tmp_path):
    OutputFolder(tmp_path / "a" / "b", [tmp_path / "clip.mp4"])
    assert list(tmp_path.iterdir()) == []


def test_clearing_removes_an_earlier_run_and_nothing_else(tmp_path):
    for name in (*NAMES.values(), "mine.txt"):
        (tmp_path / name).write_text("old")
    OutputFolder(tmp_path, [tmp_path / "clip.mp4"]).clear()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_clearing_makes_the_folder(tmp_path):
    OutputFolder(tmp_path / "a" / "b", [tmp_path / "clip.mp4"]).clear()
    assert (tmp_path / "a" / "b").is_dir()


def test_the_input_is_never_replaced(tmp_path):
    (tmp_path / "run.mp4").write_text("a film")
    with pytest.raises(ConfigError, match="its own input"):
        OutputFolder(tmp_path, [tmp_path / "run.mp4"])
    (tmp_path / "link.mp4").symlink_to(tmp_path / "run.mp4")
    with pytest.raises(ConfigError, match="its own input"):
        OutputFolder(tmp_path, [tmp_path / "link.mp4"])


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path):
    (tmp_path / "out").write_text("")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(LogError, match="nothing started"):
            OutputFolder(folder, [tmp_path / "clip.mp4"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_an_error(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LogError, match="Permission denied"):
        OutputFolder(tmp_path / "out", [tmp_path / "clip.mp4"])


def test_a_folder_in_place_of_an_earlier_file_is_an_error(tmp_path):
    (tmp_path / "run.mp4").mkdir()
    with pytest.raises(LogError, match=r"run\.mp4: cannot be replaced"):
        OutputFolder(tmp_path, [tmp_path / "clip.mp4"]).clear()


def test_a_file_that_fails_half_way_is_removed(tmp_path):
    outputs = OutputFolder(tmp_path, [tmp_path / "clip.mp4"])
    full = pytest.raises(LogError, match=r"report\.html: cannot be written: No space left")
    with full, outputs.writing("report") as target:
        target.write_text("half")
        target.with_name("report.html.part").write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []


def test_devices_and_missing_folders_are_no_place_for_a_file(tmp_path):
    require_writable_file(tmp_path / "plan.npz")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LogError, match="not a regular file"):
        require_writable_file(tmp_path)
    with pytest.raises(LogError, match="not a regular file"):
        require_writable_file(type(tmp_path)("/dev/full"))
    with pytest.raises(LogError, match="there is no folder"):
        require_writable_file(tmp_path / "absent" / "plan.npz")
