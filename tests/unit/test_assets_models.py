"""The installed models: parity with TFLite, and the `exoactor models` command."""

import argparse

import numpy as np
import pytest

from exoactor_rt.assets import list_models, store, verify
from exoactor_rt.assets.manifest import load_manifest
from exoactor_rt.assets.parity import check_parity, parity_input, stored_part
from exoactor_rt.cli import models as command
from exoactor_rt.errors import AssetError


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser(prog="exoactor")
    command.add_parser(parser.add_subparsers())
    return parser


def run(parser, *words):
    arguments = parser.parse_args(["models", *words])
    return arguments.run(arguments)


def test_installed_models_match_tflite(pulled_models):
    assert [status.problem for status in verify()] == [""] * 4


def test_parity_refuses_another_model(pulled_models):
    hand = next(status for status in list_models() if status.name == "hand_landmark")
    body = load_manifest().models["pose_landmark"]
    with pytest.raises(AssetError, match="does not run"):
        check_parity(hand.path.read_bytes(), "pose_landmark_heavy", body)


def test_parity_notices_one_changed_weight(pulled_models):
    onnx = pytest.importorskip("onnx")
    status = next(status for status in list_models() if status.name == "hand_recrop")
    model = onnx.load(status.path)
    weights = max(model.graph.initializer, key=lambda entry: len(entry.raw_data))
    values = onnx.numpy_helper.to_array(weights).copy()
    values.ravel()[np.abs(values).argmax()] *= 1.5
    weights.raw_data = values.tobytes()
    with pytest.raises(AssetError, match=r"output points is .* off TFLite's"):
        check_parity(
            model.SerializeToString(), "hand_recrop", load_manifest().models["hand_recrop"]
        )


def test_parity_input_is_the_same_everywhere():
    values = (parity_input((1, 3, 2, 2)) * 255).round().astype(int).ravel()
    assert values.tolist() == [175, 196, 25, 246, 67, 211, 151, 103, 92, 185, 142, 23]
    assert stored_part(np.zeros((1, 2254, 12), np.float32)).size <= 1500


def test_listing_an_empty_cache_succeeds_and_verifying_it_fails(
    parser, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path))
    assert run(parser, "list") == 0
    assert run(parser, "verify") == 1
    assert capsys.readouterr().out.count("not installed") == 8
    assert list(tmp_path.iterdir()) == []


def test_verify_succeeds_on_installed_models(parser, pulled_models, capsys):
    assert run(parser, "verify") == 0
    assert "pose_landmark_heavy" in capsys.readouterr().out


def test_a_folder_without_index_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path))
    folder = store.set_folder(load_manifest().sources[0])
    folder.mkdir(parents=True)
    for name in load_manifest().models:
        store.onnx_file(folder, name).write_bytes(b"half")
    assert all(status.path is None for status in list_models())
