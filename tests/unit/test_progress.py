"""Stages: their times, what is shown, silence, errors."""

import io

import pytest

from exoactor_rt.progress import StageTimes


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_times_are_kept_in_order_and_add_up():
    times = StageTimes(stream=None)
    for name in ("perception", "motion", "perception"):
        with times.stage(name):
            pass
    assert list(times.seconds) == ["perception", "motion"]
    assert all(seconds >= 0.0 for seconds in times.seconds.values())


def test_without_a_terminal_there_are_two_plain_lines_a_stage():
    stream = io.StringIO()
    with StageTimes(stream=stream).stage("film") as report:
        report(1, 10)
    begin, end = stream.getvalue().splitlines()
    assert begin == "film ..."
    assert end.startswith("film ") and end.endswith(" s")
    assert "\r" not in stream.getvalue()


def test_on_a_terminal_a_bar_shows_done_and_total():
    stream = Terminal()
    with StageTimes(stream=stream).stage("film") as report:
        for done in range(1, 11):
            report(done, 10)
    assert "film" in stream.getvalue()
    assert "\r" in stream.getvalue()


def test_an_unknown_total_is_no_error():
    with StageTimes(stream=Terminal()).stage("perception") as report:
        report(5, 0)


def test_silence(capsys):
    with StageTimes(stream=None).stage("film") as report:
        report(1, 2)
    assert capsys.readouterr() == ("", "")


def test_an_error_passes_through_and_leaves_no_time():
    times = StageTimes(stream=io.StringIO())
    with pytest.raises(KeyError), times.stage("film"):
        raise KeyError
    assert times.seconds == {}
