from hypothesis import given
from hypothesis import strategies as st

from elige.engines.torch.beginnings import WORTH_SAVING, WORTH_SHARING, Beginning, beginnings

HEAD = list(range(100, 140))
PROMPTS = st.lists(
    st.builds(
        lambda heads, rest: [*HEAD[:20] * heads, *rest],
        st.integers(0, 3),
        st.lists(st.integers(0, 2), min_size=1, max_size=5),
    ),
    max_size=12,
)


def chain(beginning: Beginning | None) -> list[Beginning]:
    return [beginning, *chain(beginning.parent)] if beginning else []


@given(PROMPTS)
def test_each_prompt_comes_once_and_begins_with_what_it_shares(prompts: list[list[int]]) -> None:
    found = beginnings(prompts)
    assert sorted(at for at, _ in found) == list(range(len(prompts)))
    for at, beginning in found:
        for part in chain(beginning):
            assert list(part.ids) == prompts[at][: len(part.ids)]
            assert len(part.ids) < len(prompts[at])


@given(PROMPTS)
def test_every_beginning_is_worth_its_pass(prompts: list[list[int]]) -> None:
    for beginning in {id(b): b for _, last in beginnings(prompts) for b in chain(last)}.values():
        own = len(beginning.ids) - (len(beginning.parent.ids) if beginning.parent else 0)
        assert own >= WORTH_SHARING
        assert own * (beginning.users - 1) >= WORTH_SAVING


@given(PROMPTS)
def test_a_beginning_has_as_many_users_as_prompts_go_on_from_it(prompts: list[list[int]]) -> None:
    found = [last for _, last in beginnings(prompts)]
    for beginning in {id(b): b for last in found for b in chain(last)}.values():
        assert beginning.users == sum(beginning in chain(last) for last in found)


def test_groups_share_more_than_all_do() -> None:
    first, second = [*HEAD, *[1] * 30], [*HEAD, *[2] * 30]
    found = beginnings([[*first, 5], [*second, 6], [*first, 7], [*second, 8], [*first, 9]])
    shared = {at: [len(part.ids) for part in chain(last)] for at, last in found}
    assert shared[0] == shared[2] == shared[4] == [70, 40]
    assert shared[1] == shared[3] == [40]


def test_a_prompt_that_is_the_beginning_of_others_keeps_its_last_token() -> None:
    found = beginnings([[*HEAD], [*HEAD, 1], [*HEAD, 1], [*HEAD, 2, 3]])
    assert {len(last.ids) for _, last in found if last} == {len(HEAD) - 1}


def test_prompts_that_share_little_share_nothing() -> None:
    assert [last for _, last in beginnings([[1, 2, 3], [1, 2, 4], [1, 2]])] == [None] * 3


def test_what_was_held_for_a_beginning_goes_with_its_last_user() -> None:
    above = Beginning(ids=HEAD, parent=None, users=2)
    below = Beginning(ids=[*HEAD, *HEAD], parent=above, users=1)
    assert below.held == 3 * len(HEAD)
    below.release()
    assert (above.users, below.users) == (1, 0)
