"""Decoding of the networks' outputs, with engines that return made-up values."""

import math

import numpy as np
import pytest

from exoactor_rt.errors import PerceptionError
from exoactor_rt.perception import OnnxEngine
from exoactor_rt.perception.anchors import detector_anchors
from exoactor_rt.perception.body import BodyEstimator
from exoactor_rt.perception.detector import PersonDetector, merge_boxes, whole_image
from exoactor_rt.perception.hand import (
    HandEstimator,
    region_from_landmarks,
    rough_hand_region,
)
from exoactor_rt.perception.heatmap import refine_with_heatmap
from exoactor_rt.perception.mirror_defect import MIRROR_DEFECT_M
from exoactor_rt.perception.region import Region

IMAGE = np.zeros((480, 640, 3), np.uint8)


class FixedEngine:
    """Returns the same outputs whatever the input, and keeps the inputs."""

    def __init__(self, **outputs):
        self.outputs = {name: np.asarray(value, np.float32) for name, value in outputs.items()}
        self.inputs = []

    def run(self, inputs):
        self.inputs.append(inputs["input"])
        return self.outputs


def test_anchors_are_in_the_networks_order():
    anchors = detector_anchors()
    assert anchors.shape == (2254, 2)
    np.testing.assert_allclose(anchors[:3], [[4 / 224, 4 / 224]] * 2 + [[12 / 224, 4 / 224]])
    np.testing.assert_allclose(anchors[-6:], [[208 / 224, 208 / 224]] * 6)


def test_a_detection_is_decoded_from_its_anchor():
    boxes, logits = np.zeros((1, 2254, 12)), np.full((1, 2254, 1), -20.0)
    anchor = 1500
    centre = detector_anchors()[anchor] * 224
    boxes[0, anchor] = [0, 0, 50, 100, 5, 10, 5, -30, 0, 0, 0, 0]
    logits[0, anchor] = 3.0
    engine = FixedEngine(boxes=boxes, logits=logits)
    found = PersonDetector(engine).detect(IMAGE, whole_image(IMAGE))
    scale = 640 / 224
    hip = (centre + np.array([5, 10])) * scale - np.array([0, 80])
    assert len(found) == 1
    assert found[0].score == pytest.approx(1 / (1 + math.exp(-3.0)))
    assert (found[0].region.x, found[0].region.y) == pytest.approx(tuple(hip))
    assert found[0].region.side == pytest.approx(2 * 40 * scale * 1.25)
    assert found[0].region.rotation == pytest.approx(0.0)
    assert engine.inputs[0].shape == (1, 3, 224, 224)
    assert engine.inputs[0].min() == -1.0


def test_no_confident_anchor_is_no_detection():
    engine = FixedEngine(boxes=np.zeros((1, 2254, 12)), logits=np.full((1, 2254, 1), -0.1))
    detector = PersonDetector(engine)
    assert detector.detect(IMAGE, whole_image(IMAGE)) == []
    assert detector.search_tiles(IMAGE) == []


def test_overlapping_boxes_merge_and_distant_ones_stay():
    boxes = np.zeros((3, 12))
    boxes[:, :4] = [[50, 50, 40, 40], [54, 50, 40, 40], [200, 50, 40, 40]]
    merged = merge_boxes(boxes, np.array([0.6, 0.9, 0.7]))
    assert [round(score, 2) for _, score in merged] == [0.9, 0.7]
    assert merged[0][0][0] == pytest.approx((0.6 * 50 + 0.9 * 54) / 1.5)


def body_outputs(presence=0.9, turn=0.0):
    landmarks = np.zeros((39, 5))
    landmarks[:, :2] = 128.0
    landmarks[34, :2] = 128.0 + 64.0 * np.array([math.sin(turn), -math.cos(turn)])
    landmarks[:, 3] = 2.0
    return {
        "landmarks": landmarks.reshape(1, 195),
        "presence": [[presence]],
        "heatmap": np.full((1, 64, 64, 39), -20.0),
        "world": np.tile([1.0, 0.0, 0.5], 39)[None],
    }


def test_body_landmarks_and_world_turn_with_the_region():
    region = Region(300.0, 200.0, 256.0, math.pi / 2)
    pose = BodyEstimator(FixedEngine(**body_outputs())).estimate(IMAGE, region)
    np.testing.assert_allclose(pose.landmarks_px, np.tile([300.0, 200.0], (33, 1)), atol=1e-9)
    x, y, z = (np.array([1.0, 0.0, 0.5]) - MIRROR_DEFECT_M).T
    np.testing.assert_allclose(pose.landmarks_world, np.stack([-y, x, z], axis=1), atol=1e-6)
    assert pose.visibility == pytest.approx(np.full(33, 1 / (1 + math.exp(-2.0))))
    assert pose.score == pytest.approx(0.9)


def test_the_next_region_follows_the_auxiliary_landmarks():
    region = Region(300.0, 200.0, 512.0, 0.0)
    pose = BodyEstimator(FixedEngine(**body_outputs(turn=0.3))).estimate(IMAGE, region)
    following = pose.next_region
    assert (following.x, following.y) == pytest.approx((300.0, 200.0))
    assert following.side == pytest.approx(2 * 128.0 * 1.25)
    assert following.rotation == pytest.approx(0.3)


def slow_refinement(points, heatmap):
    """The published rule, landmark by landmark."""
    refined = points.copy()
    for index, (x, y) in enumerate(points):
        column, row = int(x / 256 * 64), int(y / 256 * 64)
        if not (0 <= column < 64 and 0 <= row < 64):
            continue
        rows = slice(max(row - 3, 0), min(row + 4, 64))
        columns = slice(max(column - 3, 0), min(column + 4, 64))
        confidence = 1 / (1 + np.exp(-heatmap[rows, columns, index].astype(float)))
        if confidence.max() < 0.5:
            continue
        yy, xx = np.mgrid[rows, columns]
        refined[index] = [
            4 * (confidence * xx).sum() / confidence.sum(),
            4 * (confidence * yy).sum() / confidence.sum(),
        ]
    return refined


def test_heatmap_refinement_is_the_published_rule():
    rng = np.random.default_rng(5)
    points = rng.uniform(2.0, 300.0, (39, 2))
    points[:3] = [[0.5, 0.5], [255.5, 255.5], [3.0, 250.0]]
    heatmap = rng.normal(-4.0, 2.0, (64, 64, 39)).astype(np.float32)
    heatmap[[0, 63, 62], [0, 63, 0], [0, 1, 2]] = 5.0
    np.testing.assert_allclose(
        refine_with_heatmap(points, heatmap, 256), slow_refinement(points, heatmap), atol=1e-9
    )


def test_an_unsure_heatmap_moves_nothing():
    points = np.random.default_rng(5).uniform(0.0, 256.0, (39, 2))
    heatmap = np.full((64, 64, 39), -1.0, np.float32)
    np.testing.assert_array_equal(refine_with_heatmap(points, heatmap, 256), points)


def test_the_rough_hand_region_lies_beyond_the_wrist_along_the_hand():
    region = rough_hand_region(
        np.array([100.0, 100.0]), np.array([130.0, 97.0]), np.array([130.0, 106.0])
    )
    assert region.rotation == pytest.approx(math.pi / 2)
    assert region.x == pytest.approx(130.0 + 0.1 * 60.0)
    assert region.y == pytest.approx(100.0)
    assert region.side == pytest.approx(2.7 * 60.0)


@pytest.mark.parametrize("turn", [0.0, 0.8, -2.5])
def test_the_region_of_a_hand_turns_with_it(turn):
    upright = np.zeros((21, 2))
    upright[:, 0] = np.linspace(-10.0, 10.0, 21)
    upright[:, 1] = -np.linspace(0.0, 40.0, 21)
    upright[0] = [0.0, 0.0]
    upright[[5, 9, 13]] = [[-4.0, -20.0], [0.0, -22.0], [4.0, -20.0]]
    origin = np.array([50.0, 70.0])
    turned = origin + upright @ Region(0, 0, 1, turn).rotation_matrix().T
    straight, region = region_from_landmarks(upright), region_from_landmarks(turned)
    assert straight.rotation == pytest.approx(0.0)
    assert region.rotation == pytest.approx(turn)
    assert region.side == pytest.approx(straight.side)
    centre = origin + Region(0, 0, 1, turn).rotation_matrix() @ [straight.x, straight.y]
    assert (region.x, region.y) == pytest.approx(tuple(centre))


def test_the_recropped_region_stands_on_its_two_points():
    recrop = FixedEngine(points=np.array([128.0, 128.0, 128.0, 168.0]).reshape(1, 1, 1, 4))
    rough = Region(50.0, 60.0, 256.0, 0.0)
    region = HandEstimator(FixedEngine(), recrop).refine_region(IMAGE, rough)
    assert region.rotation == pytest.approx(0.0)
    assert region.side == pytest.approx(80.0)
    assert (region.x, region.y) == pytest.approx((50.0, 60.0 - 8.0))


def test_hand_landmarks_go_to_the_image():
    landmarks = np.tile([112.0, 56.0, 9.0], 21)[None]
    hand = FixedEngine(
        landmarks=landmarks, presence=[[0.7]], handedness=[[0.1]], world=np.zeros((1, 63))
    )
    pose = HandEstimator(hand, FixedEngine()).estimate(IMAGE, Region(100.0, 100.0, 224.0, 0.0))
    np.testing.assert_allclose(pose.landmarks_px, np.tile([100.0, 44.0], (21, 1)), atol=1e-9)
    assert pose.score == pytest.approx(0.7)


def test_an_engine_that_cannot_load_or_run_says_so_in_one_line(tmp_path, pulled_models):
    from exoactor_rt.assets import model_path  # noqa: PLC0415

    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(PerceptionError, match=r"^model broken: cannot be loaded \([^\n]*\)$"):
        OnnxEngine(broken)
    engine = OnnxEngine(model_path("hand_recrop"))
    assert engine.input_shapes == {"input": (1, 3, 256, 256)}
    assert engine.output_shapes == {"points": (1, 1, 1, 4)}
    with pytest.raises(PerceptionError, match=r"^model hand_recrop: failed \([^\n]*\)$"):
        engine.run({"input": np.zeros((1, 3, 8, 8), np.float32)})


def test_the_mirror_defect_is_of_the_kind_that_a_mirror_reveals():
    pairs = [(1, 4), (2, 5), (3, 6)] + [(left, left + 1) for left in range(7, 33, 2)]
    partner = np.zeros(33, dtype=int)
    for left, right in pairs:
        partner[left], partner[right] = right, left
    mirrored = MIRROR_DEFECT_M[partner] * [-1.0, 1.0, 1.0]
    np.testing.assert_allclose(mirrored, -MIRROR_DEFECT_M)
