"""Whatever the text, the YAML reader gives plain data or refuses in one line."""

from hypothesis import given
from hypothesis import strategies as st

from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.yaml_subset import read_yaml

PIECES = st.sampled_from(
    [*"[]{}'#|-\"\n\t", "a", "b: ", "- ", "  ", ", ", ": ", "&x ", "*x", "1.5", "!!t ", "null"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read_or_refused(text):
    try:
        value = read_yaml(text, "t")
    except PolicyError as error:
        assert str(error).startswith("t line ")
    else:
        assert value is None or isinstance(value, dict | list | str | int | float | bool)
