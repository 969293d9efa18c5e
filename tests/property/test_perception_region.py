"""Regions, crops and tiles: whatever the square, points go there and back."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exoactor_rt.perception.crop import crop_square, network_input
from exoactor_rt.perception.detector import tile_regions
from exoactor_rt.perception.region import Region, region_along, wrapped_angle

coordinate = st.floats(-2000.0, 2000.0)
regions = st.builds(
    Region, coordinate, coordinate, st.floats(5.0, 3000.0), st.floats(-math.pi, math.pi)
)
points = st.tuples(coordinate, coordinate).map(np.array)


@given(regions, points, st.integers(16, 512))
def test_image_to_crop_and_back(region, point, crop_side):
    back = region.to_image(region.to_crop(point, crop_side), crop_side)
    np.testing.assert_allclose(back, point, atol=1e-6)


@given(regions, st.integers(16, 512))
def test_the_crop_covers_the_square(region, crop_side):
    corners = region.to_image(np.array([[0.0, 0.0], [crop_side, 0.0]]), crop_side)
    centre = region.to_image(np.full(2, crop_side / 2.0), crop_side)
    np.testing.assert_allclose(centre, (region.x, region.y), atol=1e-6)
    edge = corners[1] - corners[0]
    assert math.isclose(np.linalg.norm(edge), region.side, rel_tol=1e-9)
    along = (math.cos(region.rotation), math.sin(region.rotation))
    np.testing.assert_allclose(edge / region.side, along, atol=1e-9)


@given(points, points, st.floats(-math.pi, math.pi))
def test_region_along_turns_the_direction_as_asked(start, end, angle):
    length = np.linalg.norm(end - start)
    if length < 1e-3:
        return
    region = region_along(start, end, angle)
    seen = region.to_crop(end, 100)
    expected = 50.0 + 50.0 * np.array([math.cos(angle), -math.sin(angle)])
    np.testing.assert_allclose(seen, expected, atol=1e-5)


@given(regions, st.floats(-0.5, 0.5))
def test_shifting_up_moves_towards_the_top_of_the_crop(region, fraction):
    moved = region.shifted_up(fraction)
    seen = region.to_crop(np.array([moved.x, moved.y]), 100)
    np.testing.assert_allclose(seen, (50.0, 50.0 - 100.0 * fraction), atol=1e-5)


@given(st.floats(-50.0, 50.0))
def test_wrapped_angle(angle):
    wrapped = wrapped_angle(angle)
    assert -math.pi <= wrapped < math.pi
    assert math.isclose(math.cos(wrapped - angle), 1.0, abs_tol=1e-9)


@given(regions, regions)
def test_overlap_is_symmetric_and_full_with_itself(one, other):
    assert math.isclose(one.overlap(one), 1.0, rel_tol=1e-9)
    assert math.isclose(one.overlap(other), other.overlap(one), rel_tol=1e-9, abs_tol=1e-12)
    assert 0.0 <= one.overlap(other) <= 1.0 + 1e-9


@settings(max_examples=40, deadline=None)
@given(
    st.floats(60.0, 140.0),
    st.floats(60.0, 140.0),
    st.floats(60.0, 300.0),
    st.floats(-math.pi, math.pi),
)
def test_a_blob_appears_in_the_crop_where_the_map_says(x, y, side, rotation):
    """The image's smooth blob has its centre of mass where `to_crop` puts it, to .1 px."""
    grid = np.arange(200) + 0.5
    blob = np.exp(-((grid[None, :] - x) ** 2 + (grid[:, None] - y) ** 2) / (2 * 4.0**2))
    image = np.repeat((255 * blob).astype(np.uint8)[..., None], 3, axis=2)
    region = Region(x + side / 9, y - side / 7, side, rotation)
    cropped = crop_square(image, region, 96)[..., 0].astype(float)
    crop_grid = np.arange(96) + 0.5
    seen = np.array([(cropped.sum(0) * crop_grid).sum(), (cropped.sum(1) * crop_grid).sum()])
    expected = region.to_crop(np.array([x, y]), 96)
    np.testing.assert_allclose(seen / cropped.sum(), expected, atol=0.1)


@given(st.integers(0, 255), st.sampled_from([(0.0, 1.0), (-1.0, 1.0)]))
def test_network_input_spans_its_range(value, bounds):
    image = np.full((4, 4, 3), value, np.uint8)
    tensor = network_input(image, *bounds)
    assert tensor.shape == (1, 3, 4, 4)
    assert tensor.dtype == np.float32
    np.testing.assert_allclose(tensor, bounds[0] + (bounds[1] - bounds[0]) * value / 255, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.integers(20, 400), st.integers(20, 400), st.sampled_from([0.5, 0.25]))
def test_tiles_cover_the_image_and_overlap_by_half(width, height, fraction):
    tiles = tile_regions(np.zeros((height, width, 3), np.uint8), fraction)
    covered = np.zeros((height, width), bool)
    for tile in tiles:
        low_x, low_y = tile.x - tile.side / 2, tile.y - tile.side / 2
        columns = slice(max(0, math.ceil(low_x - 0.5)), math.floor(low_x + tile.side + 0.5))
        rows = slice(max(0, math.ceil(low_y - 0.5)), math.floor(low_y + tile.side + 0.5))
        covered[rows, columns] = True
    assert covered.all()
    for values in ({tile.x for tile in tiles}, {tile.y for tile in tiles}):
        gaps = np.diff(sorted(values))
        assert (gaps <= 0.5 * tiles[0].side + 1e-6).all()
