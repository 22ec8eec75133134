from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from store.kept import answers, any_text, entry, key, keys, run_record, said, score_key, scores

from elige.errors import StoreError
from elige.records import Answer, Outcome, Score
from elige.store import ScoreKey, Store
from elige.store.codec import answer_text, read_answer, read_score, score_text
from elige.store.column import original, storable

IN_ONE_STORE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(answers)
def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    back = read_answer(original(storable(answer_text(answer))))
    # A NaN equals nothing, and 0.0 equals -0.0; their names tell.
    assert repr(back) == repr(answer)


@given(scores)
def test_a_score_comes_back_as_it_was(score: Score) -> None:
    text = original(storable(score_text(score)))
    assert repr(read_score(score.value, score.outcome.value, text)) == repr(score)


@given(any_text, any_text)
@example("\x1ad83d", "\ud83d")
def test_different_texts_stay_different(one: str, two: str) -> None:
    assert (storable(one) == storable(two)) == (one == two)
    assert "\x00" not in storable(one)
    assert storable(one).encode("utf-8").decode("utf-8") == storable(one)


@given(answer=answers, score=scores)
@IN_ONE_STORE
def test_the_database_changes_nothing(store: Store, answer: Answer, score: Score) -> None:
    kept = key(candidate=uuid4().hex)
    judged = replace(score_key(), answer=kept)
    store.save_answers([(kept, answer)])
    store.save_scores([(judged, score)])
    assert repr(store.answers([kept])) == repr({kept: answer})
    assert repr(store.scores([judged])) == repr({judged: score})


def test_the_first_answer_is_kept(store: Store, other: Store) -> None:
    assert store.save_answers([(key(1), said("first"))]) == 1
    assert other.save_answers([(key(1), said("second")), (key(2), said("new"))]) == 1
    assert store.answers(keys(3)) == {key(1): said("first"), key(2): said("new")}


def test_of_two_answers_in_one_batch_the_first_is_kept(store: Store) -> None:
    assert store.save_answers([(key(), said("first")), (key(), said("second"))]) == 1
    assert store.answers([key()]) == {key(): said("first")}


def test_keeping_answers_returns_those_that_count(store: Store) -> None:
    store.save_answers([(key(1), said("first"))])
    kept = store.keep_answers([(key(1), said("second")), (key(2), said("new"))])
    assert kept == {key(1): said("first"), key(2): said("new")}


def test_thousands_of_answers_in_one_call(store: Store) -> None:
    many = keys(3000) + [key(n, candidate="other", repeat=1) for n in range(3000)]
    assert store.save_answers([(one, said(one.candidate)) for one in many]) == 6000
    found = store.answers(many)
    assert list(map(found.get, many)) == [said(one.candidate) for one in many]


def test_repeats_and_candidates_have_answers_of_their_own(store: Store) -> None:
    store.save_answers([(key(1), said())])
    assert store.answers([key(1, repeat=1), key(1, candidate="other"), key(2)]) == {}


def test_nothing_asked_nothing_found(store: Store) -> None:
    assert store.answers([]) == {} == store.scores([])
    assert store.save_answers([]) == 0 == store.save_scores([])


def test_the_run_that_paid_is_known(store: Store) -> None:
    store.save_answers([(key(1), said())], run="one")
    store.save_answers([(key(1), said()), (key(2), said())], run="two")
    for run in ("one", "two"):
        store.start_run(run_record(run))
        store.link(run, [entry(1), entry(2)])
    assert store.paid("one") == store.paid("two") == {"small": 1}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(score_key(1, scorer="other"), id="another scorer"),
        pytest.param(score_key(1, target="mended"), id="a mended label"),
        pytest.param(score_key(2), id="another answer"),
    ],
)
def test_a_stale_score_is_never_served(store: Store, changed: ScoreKey) -> None:
    store.save_answers([(one, said()) for one in keys(3)])
    store.save_scores([(score_key(1), Score(1.0, "right"))])
    assert store.scores([changed]) == {}
    assert store.scores([changed, score_key(1)]) == {score_key(1): Score(1.0, "right")}


def test_one_question_with_two_labels_has_two_scores(store: Store) -> None:
    store.save_answers([(key(), said())])
    both = {score_key(target="42"): Score(1.0), score_key(target="43"): Score(0.0)}
    assert store.save_scores(list(both.items())) == 2
    assert store.scores(both) == both


def test_the_first_score_is_kept(store: Store) -> None:
    store.save_answers([(key(), said())])
    assert store.save_scores([(score_key(), Score(1.0))]) == 1
    assert store.save_scores([(score_key(), Score(0.0, "", Outcome.REFUSED))]) == 0
    assert store.scores([score_key()]) == {score_key(): Score(1.0)}


def test_a_score_needs_its_answer(store: Store) -> None:
    with pytest.raises(ValueError, match="refuses"):
        store.save_scores([(score_key(), Score(1.0))])


def test_a_batch_is_saved_whole_or_not_at_all(store: Store) -> None:
    store.save_answers([(key(1), said())])
    with pytest.raises(ValueError, match="refuses"):
        store.save_scores([(score_key(1), Score(1.0)), (score_key(2), Score(1.0))])
    assert store.scores([score_key(1)]) == {}


def test_threads_share_a_store(store: Store) -> None:
    everybody = keys(400)

    def save(start: int) -> int:
        items = [(one, said(f"thread {start}")) for one in everybody[start:] + everybody[:start]]
        return sum(store.save_answers(items[at : at + 20]) for at in range(0, 400, 20))

    with ThreadPoolExecutor(8) as pool:
        new = sum(pool.map(save, range(0, 400, 50)))
    assert new == len(store.answers(everybody)) == 400


@pytest.mark.parametrize("text", ['{"text": 1, "colour": "red"}', "{", '{"finish": "later"}'])
def test_an_answer_of_a_newer_version_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match="cannot read one"):
        read_answer(text)
