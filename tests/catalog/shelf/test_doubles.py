"""Keys that came more than once are found by their hashes, all of them."""

from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.shelf.doubles import Keys


@given(st.lists(st.text(max_size=2), max_size=40), st.integers(0, 40))
def test_every_doubled_key_is_found_and_none_after_what_is_dropped(
    keys: list[str], last: int
) -> None:
    remembered = Keys()
    remembered.add(enumerate(keys[:20], start=1))
    remembered.add(enumerate(keys[20:], start=21))
    doubled = [n for n, key in enumerate(keys, start=1) if keys.count(key) > 1]
    assert remembered.perhaps_doubled() == doubled
    remembered.drop_after(last)
    kept = keys[:last]
    doubled = [n for n, key in enumerate(kept, start=1) if kept.count(key) > 1]
    assert remembered.perhaps_doubled() == doubled
    remembered.add([(99, "of all the only one")])
    assert remembered.perhaps_doubled() == doubled
