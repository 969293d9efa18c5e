"""The contact sheet: a grid of what was executed."""

import av
import pytest
from synthetic_run import make_execution, make_reference

from exoactor_rt.bench import MotionResult, Outcome, Ran, write_sheet
from exoactor_rt.errors import HardwareError
from exoactor_rt.viz import RobotRenderer


@pytest.fixture(scope="module")
def ran():
    """Two executed motions, one of them a fall, and one refused."""
    try:
        RobotRenderer(64, 64).close()
    except HardwareError as error:
        pytest.skip(str(error))
    reference = make_reference()
    short = make_execution(reference).take(range(101))
    fall = make_execution(reference, fallen=True).take(range(201))
    return [
        Ran(MotionResult("short.npz", Outcome.SURVIVED), short, 1.0),
        Ran(MotionResult("refused.npz", Outcome.REFUSED, "flight"), None, 1.0),
        Ran(MotionResult("fall.npz", Outcome.FELL, "pelvis below 0.4 m"), fall, 1.0),
    ]


def test_executed_motions_stand_side_by_side_for_the_longest(ran, tmp_path):
    told = []
    write_sheet(tmp_path / "sheet.mp4", ran, lambda done, total: told.append((done, total)))
    with av.open(str(tmp_path / "sheet.mp4")) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == 21
    assert told[-1] == (21, 21)
    assert frames[0].shape == (240, 480, 3)
    assert all(half.std() > 10 for half in (frames[-1][:, :240], frames[-1][:, 240:]))


def test_nothing_executed_is_no_sheet(tmp_path):
    refused = [Ran(MotionResult("refused.npz", Outcome.REFUSED, "flight"), None, 1.0)]
    with pytest.raises(HardwareError, match="no motion was executed"):
        write_sheet(tmp_path / "sheet.mp4", refused)
