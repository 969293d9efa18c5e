"""The site's limits: tighter than the guard's own, never looser."""

import dataclasses

import msgspec
import numpy as np
import pytest

from exoactor_rt._core.safety import GuardLimits, find_fault
from exoactor_rt.config import load_config
from exoactor_rt.errors import ConfigError
from exoactor_rt.guard_config import GuardConfig
from exoactor_rt.robots.g1.guard_limits import guard_limits

FIELDS = msgspec.structs.fields(GuardConfig)
LESS_IS_LOOSER = {"position_margin_rad", "battery_percent", "battery_reserve_percent"}


@dataclasses.dataclass(frozen=True)
class Bounds:
    """What a key may be."""

    least: float
    most: float


def bounds_of(field):
    meta = next(arg for arg in field.type.__args__ if arg is not type(None)).__metadata__[0]
    least = meta.gt if meta.ge is None else meta.ge
    return Bounds(least, meta.le)


def loosest_of(field):
    bounds = bounds_of(field)
    return bounds.least if field.name in LESS_IS_LOOSER else bounds.most


def as_arrays(limits):
    names = [name for name in dir(limits) if not name.startswith("_")]
    return {name: np.asarray(getattr(limits, name)) for name in names}


def test_nothing_configured_leaves_the_defaults():
    for config in (None, GuardConfig()):
        for name, value in as_arrays(guard_limits(config)).items():
            np.testing.assert_array_equal(value, getattr(GuardLimits(), name))


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_loosest_value_is_the_guard_s_own(field):
    limits = guard_limits(GuardConfig(**{field.name: loosest_of(field)}))
    for name, value in as_arrays(limits).items():
        np.testing.assert_allclose(value, getattr(GuardLimits(), name), rtol=1e-12)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_tighter_value_tightens_and_can_be_enforced(field):
    bounds = bounds_of(field)
    middle = 0.5 * (bounds.least + bounds.most)
    value = round(middle) if isinstance(bounds.most, int) else middle
    limits = guard_limits(GuardConfig(**{field.name: value}))
    assert find_fault(limits) == ""
    changed = [
        name
        for name, array in as_arrays(limits).items()
        if not np.array_equal(array, getattr(GuardLimits(), name))
    ]
    assert changed
    for name in changed:
        now, before = getattr(limits, name), getattr(GuardLimits(), name)
        tighter = np.greater_equal if name in LESS_IS_LOOSER else np.less_equal
        assert np.all(tighter(now, before)), name


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_looser_value_is_refused_with_file_key_got_and_allowed(field, tmp_path):
    loosest = loosest_of(field)
    step = -1 if field.name in LESS_IS_LOOSER else 1
    value = loosest + step if isinstance(loosest, int) else loosest * (1 + step * 1e-6)
    path = tmp_path / "site.toml"
    path.write_text(f"[guard]\n{field.name} = {value!r}\n")
    sign = ">=" if step < 0 else "<="
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    told = str(refused.value)
    for part in (str(path), f"guard.{field.name}", repr(value), f"{sign} {loosest}"):
        assert part in told
