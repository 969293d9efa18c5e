"""Configuration files: defaults, bounds, unknown keys."""

from pathlib import Path

import pytest

from exoactor_rt.config import Config, load_config
from exoactor_rt.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "exoactor.toml"
    path.write_text(text)
    return path


def test_an_empty_file_is_the_default(tmp_path):
    assert load_config(write(tmp_path, "")) == Config()


def test_values_are_read(tmp_path):
    config = load_config(write(tmp_path, "[subject]\nheight_m = 1.6\n[simulation]\nseed = 7\n"))
    assert config.subject.height_m == 1.6
    assert config.simulation.seed == 7


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[subject]\nheight = 1.6\n", "height"),
        ("[subject]\nheight_m = 4.0\n", "subject.height_m"),
        ("[subject]\nheight_m = nan\n", "subject.height_m"),
        ("[subject]\nheight_m = 'tall'\n", "subject.height_m"),
        ("[simulation]\nfriction = inf\n", "simulation.friction"),
        ("[generation]\ndialect = 'sora'\n", "generation.dialect"),
        ("[generation]\nvideo = {url = 'http://a', verify = false}\n", "verify"),
        ("[generation.limits]\nfailures = 0\n", "generation.limits.failures"),
        ("[generation.render]\nfps = 0\n", "generation.render.fps"),
        ("[subject\n", "exoactor.toml"),
    ],
)
def test_bad_values_are_refused_by_name(tmp_path, text, named):
    with pytest.raises(ConfigError, match=named):
        load_config(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="absent"):
        load_config(tmp_path / "absent.toml")


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "exoactor.toml"
    path.write_bytes(b"\xff\xfe[subject]")
    with pytest.raises(ConfigError, match=r"exoactor.toml: .*utf-8"):
        load_config(path)
