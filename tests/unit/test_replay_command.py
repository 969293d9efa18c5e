"""`exoactor replay --check` and `exoactor log`: outputs, exit codes, damaged files."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from check_cases import good_log, good_reference, in_the_floor
from tick_columns import PERIOD_NS, make_columns

from exoactor_rt.cli.main import main
from exoactor_rt.recorder import RunLog, read_run
from exoactor_rt.replay import check_subject, robot_limits, subject_of_reference
from exoactor_rt.replay.check_record import CheckRecord, to_json
from exoactor_rt.replay.checks import ALL_CHECKS
from exoactor_rt.report import CheckPictures, check_page, draw_check_pictures
from exoactor_rt.retarget import save_reference
from tools import replay_docs

TICKS = 600
MAX_PAGE_BYTES = 3_000_000


def write_log(path, columns=None):
    with RunLog(path, metadata={"version": "test"}, attachments={"a.toml": b"x = 1"}) as log:
        log.event(0, "info", "guard armed")
        log.append(columns or make_columns(TICKS), wait=True)
    return path


def told(capsys):
    return capsys.readouterr().out.splitlines()


def test_a_good_log_passes_and_all_outputs_are_written(tmp_path, capsys):
    log = write_log(tmp_path / "run.mcap")
    outputs = [tmp_path / name for name in ("out.json", "out.xml", "out.html")]
    options = ["--json", str(outputs[0]), "--junit", str(outputs[1]), "--html", str(outputs[2])]
    assert main(["replay", str(log), "--check", "--no-pictures", *options]) == 0
    assert told(capsys)[-1] == "verdict    PASS"
    record = msgspec.json.decode(outputs[0].read_bytes(), type=CheckRecord)
    assert record.passed
    assert record.reasons == []
    assert record.subject.facts == {"version": "test"}
    assert {found.status for found in record.findings} == {"passed", "skipped"}
    assert "guard armed" in outputs[2].read_text()


def test_a_bad_log_fails_and_every_output_says_why(tmp_path, capsys):
    columns = make_columns(TICKS)
    columns["sensed_torque"][300:330, 3] = 150.0
    log = write_log(tmp_path / "run.mcap", columns)
    outputs = [tmp_path / name for name in ("out.json", "out.xml", "out.html")]
    options = ["--json", str(outputs[0]), "--junit", str(outputs[1]), "--html", str(outputs[2])]
    assert main(["replay", str(log), "--check", "--no-pictures", *options]) == 1
    lines = told(capsys)
    assert any(line.startswith("FAILED     torque: joint torque (left_knee)") for line in lines)
    record = json.loads(outputs[0].read_text())
    found = {item["check"]: item for item in record["findings"]}["torque"]
    assert found["status"] == "failed"
    assert (found["worst"], found["limit"], found["margin"]) == (150.0, 139.0, -11.0)
    assert found["over"] == [[0.6, 0.66]]
    suite = ET.fromstring(outputs[1].read_text())
    assert suite.get("failures") == "1"
    failure = suite.find("testcase[@name='torque']/failure")
    assert "left_knee" in failure.get("message")
    assert int(suite.get("tests")) == len(record["findings"])
    assert "FAIL" in outputs[2].read_text()


@pytest.mark.parametrize("name", ["absent.mcap", "text.mcap", "empty.npz"])
def test_what_cannot_be_read_is_two(tmp_path, capsys, name):
    path = tmp_path / name
    if name == "text.mcap":
        path.write_text("no log")
    elif name == "empty.npz":
        path.write_bytes(b"PK\x03\x04")
    assert main(["replay", str(path), "--check"]) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(errors) == 1


def check_damaged(folder, capsys, count, seed):
    path = write_log(folder / "run.mcap")
    data = path.read_bytes()
    rng = np.random.default_rng(seed)
    for index in range(2 * count):
        position = int(rng.integers(len(data)))
        if index < count:
            path.write_bytes(data[:position])
        else:
            flipped = bytearray(data)
            flipped[position] ^= 1 << int(rng.integers(8))
            path.write_bytes(flipped)
        code = main(["replay", str(path), "--check"])
        lines = capsys.readouterr().out.splitlines()
        assert code in (1, 2), f"case {index} at byte {position}"
        if code == 1:
            assert any(line.startswith("FAILED     damage: byte") for line in lines)


def test_a_damaged_log_never_passes(tmp_path, capsys):
    check_damaged(tmp_path, capsys, 10, 7)


@pytest.mark.slow
def test_of_four_hundred_damaged_logs_none_passes(tmp_path, capsys):
    check_damaged(tmp_path, capsys, 200, 8)


def test_a_log_recovered_from_a_damaged_one_does_not_pass_either(tmp_path, capsys):
    path = write_log(tmp_path / "run.mcap")
    path.write_bytes(path.read_bytes()[:-40_000])
    whole = tmp_path / "whole.mcap"
    assert main(["log", "recover", str(path), "-o", str(whole)]) == 1
    assert any("cut short" in line for line in told(capsys))
    assert main(["log", "info", str(whole)]) == 1
    assert any(line.startswith("damage") for line in told(capsys))
    assert main(["replay", str(whole), "--check"]) == 1
    assert any("log_integrity" in line for line in told(capsys))


def test_a_log_whose_first_chunk_is_damaged_is_read_from_its_index(tmp_path):
    path = write_log(tmp_path / "run.mcap")
    data = bytearray(path.read_bytes())
    first = data.find(b"\x03\x00\x00\x00lz4")
    data[first + 40] ^= 1
    path.write_bytes(data)
    run = read_run(path)
    assert len(run.damages) == 1
    assert run.ticks["now_ns"][-1] == (TICKS - 1) * PERIOD_NS


def test_a_reference_that_never_ran_is_checked(tmp_path, capsys):
    good, bad = tmp_path / "good.npz", tmp_path / "bad.npz"
    save_reference(good_reference(), good)
    save_reference(in_the_floor(good_reference(), np.random.default_rng(0)), bad)
    assert main(["replay", str(good), "--check"]) == 0
    assert main(["replay", str(bad), "--check"]) == 1
    failed = [line for line in told(capsys) if line.startswith("FAILED")]
    assert failed[0].startswith("FAILED     penetration:")


def test_a_sites_limits_decide(tmp_path, capsys):
    reference = tmp_path / "reference.npz"
    save_reference(good_reference(), reference)
    site = tmp_path / "site.toml"
    site.write_text("[joints.left_knee_joint]\nvelocity_rad_s = 0.01\n")
    assert main(["replay", str(reference), "--check", "--limits", str(site)]) == 1
    assert any("velocity: joint speed (left_knee)" in line for line in told(capsys))
    site.write_text("[limits]\njerk_rad_s3 = 1e9\n")
    assert main(["replay", str(reference), "--check", "--limits", str(site)]) == 2


def test_export_and_info(tmp_path, capsys):
    columns = make_columns(TICKS)
    log = write_log(tmp_path / "run.mcap", columns)
    assert main(["log", "info", str(log)]) == 0
    lines = told(capsys)
    assert f"ticks      {TICKS} in 1.20 s, {len(columns)} columns" in lines
    assert "attachment a.toml (5 bytes)" in lines
    table = tmp_path / "ticks.csv"
    options = ["--columns", "sensed_position,guard_state", "--every", "100"]
    assert main(["log", "export", str(log), "-o", str(table), *options]) == 0
    head, *rows = table.read_text().splitlines()
    assert head.split(",")[:3] == ["now_ns", "guard_state", "sensed_position.left_hip_pitch"]
    assert len(rows) == 6
    assert float(rows[1].split(",")[2]) == pytest.approx(columns["sensed_position"][100, 0])
    arrays = tmp_path / "ticks.npz"
    assert main(["log", "export", str(log), "-o", str(arrays)]) == 0
    with np.load(arrays) as stored:
        assert set(stored.files) == set(columns)
        np.testing.assert_array_equal(stored["sent_damping"], columns["sent_damping"])
    assert main(["log", "export", str(log), "-o", str(tmp_path / "x.bag")]) == 2
    assert main(["log", "export", str(log), "-o", str(table), "--columns", "no_such"]) == 2


def test_export_for_rerun_asks_for_it_where_it_is_missing(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "rerun", None)
    log = write_log(tmp_path / "run.mcap")
    assert main(["log", "export", str(log), "-o", str(tmp_path / "run.rrd")]) == 2
    assert "no rerun-sdk" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.rrd"))


def test_equal_outcomes_give_equal_text():
    first, second = (
        to_json(check_subject(subject_of_reference(good_reference(), "x"), robot_limits()))
        for _ in range(2)
    )
    assert first == second


def test_the_page_is_self_contained_and_escapes():
    columns = make_columns(TICKS)
    columns["sensed_torque"][300:330, 3] = 150.0
    subject = replace(good_log(columns), name="<script>alert(1)</script>")
    result = check_subject(subject, robot_limits())
    page = check_page(result, CheckPictures(missing="none"), [(0.1, "info", "<b>armed</b>")])
    assert "<script>alert" not in page
    assert "<b>armed" not in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert page.count('class="over"') >= 1
    assert page.count('<figure class="plot"') > 5


def test_pictures_show_the_worst_moments_and_the_page_stays_small():
    columns = make_columns(TICKS)
    columns["sensed_torque"][300:330, 3] = 150.0
    result = check_subject(good_log(columns), robot_limits())
    pictures = draw_check_pictures(result)
    if pictures.missing:
        pytest.skip(f"no headless drawing: {pictures.missing}")
    assert len(pictures.over_time) == 40
    assert "left_knee" in pictures.worst[0].caption
    assert np.ptp(pictures.worst[0].image) > 50
    assert len(check_page(result, pictures).encode()) < MAX_PAGE_BYTES


def test_published_schema_and_table_are_as_the_code_is():
    assert replay_docs.SCHEMA.read_text() == replay_docs.json_schema()
    text = replay_docs.PAGE.read_text()
    assert text == replay_docs.page(text)
    assert all(f"| `{check.name}` |" in text for check in ALL_CHECKS)
