"""The page of `replay --check` in a real browser: it draws, it scrubs, it loads nothing."""

import re

import cv2
import numpy as np
import pytest
from browser import dom_of, find_browser, screenshot_of
from check_cases import good_log
from tick_columns import make_columns

from exoactor_rt.replay import check_subject, robot_limits
from exoactor_rt.report import CheckPictures, Picture, check_page

SCRUB = """<script>
const slider = document.getElementById("time");
const before = [document.getElementById("frame").src, document.getElementById("now").textContent];
slider.value = 900;
slider.dispatchEvent(new Event("input"));
const after = [document.getElementById("frame").src, document.getElementById("now").textContent];
document.title = JSON.stringify({
  moved: before[0] !== after[0], now: after[1],
  over: document.querySelectorAll(".over").length,
  plots: document.querySelectorAll("figure.plot svg").length,
  wide: document.documentElement.scrollWidth > window.innerWidth,
  asked: performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length,
});
</script></body>"""


@pytest.fixture
def page(tmp_path):
    find_browser()
    columns = make_columns(600)
    columns["sensed_torque"][300:330, 3] = 150.0
    result = check_subject(good_log(columns), robot_limits())
    shades = [np.full((60, 80, 3), 40 * number, np.uint8) for number in range(5)]
    over_time = tuple((0.3 * number, shade) for number, shade in enumerate(shades))
    pictures = CheckPictures(over_time, (Picture("worst", shades[3]),))
    path = tmp_path / "check.html"
    path.write_text(check_page(result, pictures, [(0.1, "info", "guard armed")]))
    return path


def test_the_timeline_scrubs_and_nothing_is_loaded(page, tmp_path):
    page.write_text(page.read_text().replace("</body>", SCRUB))
    document, complaints = dom_of(page, tmp_path)
    told = re.search(r"<title>(\{.*?\})</title>", document)
    assert told, document[:500]
    assert complaints == []
    found = told[1].replace("&quot;", '"')
    assert '"moved":true' in found
    assert '"now":"1.08 s"' in found
    assert '"wide":false' in found
    assert '"asked":0' in found
    assert int(re.search(r'"plots":(\d+)', found)[1]) > 5
    assert int(re.search(r'"over":(\d+)', found)[1]) >= 1


def test_it_is_drawn(page, tmp_path):
    image = cv2.imread(str(screenshot_of(page, tmp_path)))
    assert image.shape[:2] == (1600, 1200)
    white = (image == 255).all(axis=2).mean()
    assert 0.3 < white < 0.98, "a page with text and plots on white"
    red = (image[..., 2].astype(int) - image[..., 1] > 80).sum()
    assert red > 200, "what is over its limit is red"
