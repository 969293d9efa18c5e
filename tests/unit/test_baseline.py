"""What the tick decides on a recorded walk is what was reviewed last."""

import pytest

from exoactor_rt import _core
from exoactor_rt.build_identity import machine_kind
from exoactor_rt.replay.rerun.baseline import differences, load_baseline
from exoactor_rt.robots import g1
from tools import baseline


@pytest.fixture(scope="module")
def run():
    return baseline.load_inputs()


@pytest.fixture(scope="module")
def kept():
    return load_baseline(baseline.OUTPUTS)


def test_todays_code_decides_as_was_reviewed(run, kept):
    lines = differences(kept, baseline.make_outputs(run))
    assert not lines, (
        "behaviour has changed; where that is wanted, `python tools/baseline.py` makes it a diff "
        f"to review: {lines}"
    )


def test_the_recorded_walk_is_walked_to_its_end(kept):
    assert [second["state"] for second in kept.seconds[:-1]] == ["run"] * (len(kept.seconds) - 1)
    assert kept.seconds[-1]["state"] == "hold"
    assert kept.seconds[-1]["steps"] == 3


@pytest.mark.skipif(
    load_baseline(baseline.OUTPUTS).machine != machine_kind(), reason="bits of another machine kind"
)
@pytest.mark.parametrize(("gain", "stage", "second"), [("swing_weight", "control", 3)])
def test_a_gain_changed_by_one_percent_is_a_difference_where_it_first_counts(
    run, kept, gain, stage, second
):
    gains = _core.control.WbcGains()
    setattr(gains, gain, 1.01 * getattr(gains, gain))
    tick = _core.runtime.ControlTick(str(g1.model_path()), run.limits, gains)
    first, *_ = differences(kept, baseline.make_outputs(run, tick))
    assert first.startswith(f"second {second}: ")
    assert f"{stage} {kept.seconds[second][stage]} -> " in first


def test_it_takes_no_more_room_than_a_picture():
    assert baseline.INPUTS.stat().st_size < 300_000
    assert baseline.OUTPUTS.stat().st_size < 3000
