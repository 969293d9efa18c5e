"""The histogram of late ticks as people and Prometheus read it."""

from exoactor_rt.api import LatenessBin, RobotDocument
from exoactor_rt.cli.robot import lateness_line
from exoactor_rt.service.metrics import Metrics

LATENESS = ((10, 5), (20, 0), (50, 2), (0, 1))


def test_the_line_leaves_out_what_never_happened():
    assert lateness_line(LATENESS) == "5 <= 10 us, 2 <= 50 us, 1 > 50 us"
    assert lateness_line(()) == ""


def test_the_metric_is_cumulative():
    bins = tuple(LatenessBin(to_us=edge, ticks=ticks) for edge, ticks in LATENESS)
    text = Metrics().text({}, RobotDocument(connected=True, lateness=bins))
    name = "exoactor_control_tick_lateness_seconds_bucket"
    lines = [line.removeprefix(name) for line in text.splitlines() if line.startswith(name)]
    assert lines == ['{le="1e-05"} 5', '{le="2e-05"} 5', '{le="5e-05"} 7', '{le="+Inf"} 8']
    assert "lateness" not in Metrics().text({}, RobotDocument(connected=False))
