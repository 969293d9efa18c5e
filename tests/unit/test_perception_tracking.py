"""Whom the trackers follow, in scenes played by stand-ins for the networks."""

from types import SimpleNamespace

import numpy as np
import pytest

from exoactor_rt.perception.body import BodyPose
from exoactor_rt.perception.body_tracker import BodyTracker
from exoactor_rt.perception.detector import Detection
from exoactor_rt.perception.hand import HandPose
from exoactor_rt.perception.hand_tracker import HandTracker
from exoactor_rt.perception.person_choice import (
    is_same_person,
    order_by_nearness,
    order_by_prominence,
)
from exoactor_rt.perception.region import Region

IMAGE = np.zeros((600, 1000, 3), np.uint8)
RATE_HZ = 30.0


def person(x, y=300.0, side=200.0):
    return Region(x, y, side, 0.0)


class Scene:
    """Persons in an image; the detector sees those large enough, the estimator the nearest one."""

    def __init__(self):
        self.persons = []
        self.drawn_to = None
        self.tile_searches = 0
        self.smallest_fraction = 0.0

    def detect(self, image, within):
        half = within.side / 2
        return [
            Detection(region, 0.9)
            for region in self.persons
            if abs(region.x - within.x) <= half
            and abs(region.y - within.y) <= half
            and region.side >= self.smallest_fraction * within.side
        ]

    def search_tiles(self, image):
        self.tile_searches += 1
        return [Detection(region, 0.7) for region in self.persons]

    def estimate(self, image, region):
        near = [p for p in self.persons if region.distance(p) < 0.5]
        seen = min(near, key=region.distance) if near else region
        if near and self.drawn_to is not None and region.distance(self.drawn_to) < 0.5:
            seen = self.drawn_to
        points = np.tile([seen.x, seen.y], (33, 1))
        score = 0.95 if near else 0.1
        return BodyPose(points, np.zeros((33, 3)), np.ones(33), score, region, seen)


@pytest.fixture
def scene():
    return Scene()


def follow(scene, script):
    """Runs a script of person lists; returns the x of whoever is followed, None where nobody."""
    tracker = BodyTracker(scene, scene)
    followed = []
    for index, persons in enumerate(script):
        scene.persons = persons
        pose = tracker.step(IMAGE, index / RATE_HZ)
        followed.append(None if pose is None else pose.next_region.x)
    return followed


def test_the_biggest_person_is_chosen_and_kept_when_another_grows(scene):
    script = [[person(300.0), person(700.0, side=150.0 + 5.0 * i)] for i in range(30)]
    assert follow(scene, script) == [300.0] * 30


def test_of_equals_the_central_one_is_chosen():
    detections = [Detection(person(100.0), 0.99), Detection(person(450.0), 0.6)]
    assert order_by_prominence(detections, IMAGE)[0].region.x == 450.0


def test_a_walking_person_is_followed(scene):
    script = [[person(200.0 + 15.0 * i), person(900.0, side=120.0)] for i in range(30)]
    assert follow(scene, script) == [200.0 + 15.0 * i for i in range(30)]


def test_landmarks_that_jump_to_a_neighbour_are_not_believed(scene):
    tracker = BodyTracker(scene, scene)
    scene.persons = [person(300.0), person(380.0)]
    assert tracker.step(IMAGE, 0.0).next_region.x in (300.0, 380.0)
    kept = tracker.step(IMAGE, 1 / RATE_HZ).next_region.x
    calls = []
    real = scene.estimate

    def jumps_once(image, region):
        calls.append(region)
        scene.drawn_to = person(680.0 - kept) if len(calls) == 1 else None
        return real(image, region)

    scene.estimate = jumps_once
    assert tracker.step(IMAGE, 2 / RATE_HZ).next_region.x == kept
    assert len(calls) > 1


def test_a_jump_is_believed_if_nobody_is_left_at_the_old_place(scene):
    assert follow(scene, [[person(300.0)], [person(380.0)]]) == [300.0, 380.0]


def test_a_lost_person_is_not_replaced_by_another_at_once(scene):
    both, other = [person(300.0), person(800.0, side=150.0)], [person(800.0, side=150.0)]
    followed = follow(scene, [both] * 5 + [other] * 20 + [both] * 5)
    assert followed == [300.0] * 5 + [None] * 20 + [300.0] * 5


def test_after_a_second_whoever_is_there_is_followed(scene):
    both, other = [person(300.0), person(800.0, side=150.0)], [person(800.0, side=150.0)]
    followed = follow(scene, [both] * 5 + [other] * 40)
    assert followed[5:34] == [None] * 29
    assert followed[-5:] == [800.0] * 5


def test_a_small_person_is_found_in_tiles_at_once(scene):
    scene.smallest_fraction = 0.3
    assert follow(scene, [[person(200.0, side=100.0)]] * 5) == [200.0] * 5
    assert scene.tile_searches == 1


def test_landmarks_are_taken_from_the_region_they_give_not_the_detectors(scene):
    scene.persons = [person(300.0)]
    scene.detect = lambda image, within: [Detection(person(330.0), 0.9)]
    assert BodyTracker(scene, scene).step(IMAGE, 0.0).region.x == 300.0


def test_an_empty_scene_is_searched_in_tiles_only_now_and_then(scene):
    assert follow(scene, [[]] * 31) == [None] * 31
    assert 3 <= scene.tile_searches <= 4


def test_the_gate_widens_with_the_time_and_stops():
    here = person(300.0)
    assert is_same_person(here, person(330.0), 1 / 30)
    assert not is_same_person(here, person(360.0), 1 / 30)
    assert is_same_person(here, person(360.0), 0.2)
    assert not is_same_person(here, person(500.0), 10.0)
    assert not is_same_person(here, person(300.0, side=320.0), 1 / 30)
    nearest = order_by_nearness(
        [Detection(person(500.0), 0.9), Detection(person(310.0), 0.5)], here
    )
    assert nearest[0].region.x == 310.0


def body_with_hands(left, right, visibility=1.0):
    """A body whose forearms are 60 px and whose hands point right."""
    points = np.zeros((33, 2))
    for side, wrist in enumerate((left, right)):
        points[13 + side] = np.subtract(wrist, [60.0, 0.0])
        points[15 + side] = wrist
        points[19 + side] = np.add(wrist, [20.0, -4.0])
        points[17 + side] = np.add(wrist, [20.0, 8.0])
    return BodyPose(
        points, np.zeros((33, 3)), np.full(33, visibility), 1.0, person(0.0), person(0.0)
    )


class Hands:
    """Hands at given wrists; the estimator sees the one nearest to the region's centre."""

    def __init__(self, *wrists):
        self.wrists = [np.array(wrist, float) for wrist in wrists]
        self.regions = []
        self.score = 0.9
        self.shift = np.zeros(2)

    def refine_region(self, image, rough):
        return Region(rough.x, rough.y, 60.0, rough.rotation)

    def estimate(self, image, region):
        self.regions.append(region)
        centre = np.array([region.x, region.y])
        wrist = min(self.wrists, key=lambda w: np.linalg.norm(w - centre)) + self.shift
        points = wrist + np.column_stack([np.linspace(0, 30, 21), np.linspace(-8, 8, 21)])
        points[0] = wrist
        return HandPose(points, np.zeros((21, 3)), self.score, region)


def test_both_hands_are_found_at_their_wrists():
    hands = Hands((200.0, 100.0), (200.0, 300.0))
    left, right = HandTracker(hands).step(IMAGE, body_with_hands(*hands.wrists))
    assert left.landmarks_px[0].tolist() == [200.0, 100.0]
    assert right.landmarks_px[0].tolist() == [200.0, 300.0]


def test_a_hand_far_from_the_wrist_is_another_hand():
    hands = Hands((200.0, 100.0))
    left, right = HandTracker(hands).step(IMAGE, body_with_hands((200.0, 100.0), (200.0, 180.0)))
    assert left is not None
    assert right is None


def test_a_tracked_region_that_leaves_the_wrist_is_dropped():
    hands = Hands((200.0, 100.0), (200.0, 500.0))
    tracker = HandTracker(hands)
    tracker.step(IMAGE, body_with_hands(*hands.wrists))
    hands.regions.clear()
    tracker.step(IMAGE, body_with_hands(*hands.wrists))
    assert hands.regions[0].side != 60.0
    hands.wrists[0] += [150.0, 0.0]
    hands.regions.clear()
    left, _ = tracker.step(IMAGE, body_with_hands(*hands.wrists))
    assert hands.regions[0].side == 60.0
    assert left.landmarks_px[0].tolist() == [350.0, 100.0]


@pytest.mark.parametrize("change", [{"score": 0.3}, {"shift": np.array([0.0, 40.0])}])
def test_an_unsure_or_misplaced_hand_is_not_reported(change):
    hands = Hands((200.0, 100.0), (200.0, 500.0))
    vars(hands).update(change)
    assert HandTracker(hands).step(IMAGE, body_with_hands(*hands.wrists)) == (None, None)


def test_hands_of_an_unseen_body_or_wrist_are_not_sought():
    hands = Hands((200.0, 100.0), (200.0, 500.0))
    tracker = HandTracker(hands)
    assert tracker.step(IMAGE, None) == (None, None)
    assert tracker.step(IMAGE, body_with_hands(*hands.wrists, visibility=0.1)) == (None, None)
    tiny = SimpleNamespace(**vars(body_with_hands((9.0, 9.0), (9.0, 9.0))))
    tiny.landmarks_px = np.full((33, 2), 9.0)
    assert tracker.step(IMAGE, tiny) == (None, None)
    assert hands.regions == []
