"""Which letters were picked, against where the right answers stand."""

from hypothesis import given
from hypothesis import strategies as st

from elige.evaluate.corpus import Judged
from elige.evaluate.positions import Letters, Readings
from elige.records import Answer, PromptForm, Sample, Score, ScorerSpec, Task

CHOICES = ("w", "x", "y", "z")
QUIZ = Task(
    name="quiz",
    kind="choice",
    samples=(),
    form=PromptForm(question="{question}", choice_format="letters"),
    scorer=ScorerSpec(name="choice"),
    data_hash="d",
)


def letter_counts(judged: list[Judged]) -> Letters | None:
    readings = Readings(QUIZ)
    for one in judged:
        readings.add(one)
    return readings.letters()


def picked(right: int, pick: int | None, choices: tuple[str, ...] = CHOICES) -> Judged:
    sample = Sample(id="s", question="?", target=choices[right], choices=choices, right=right)
    text = "" if pick is None else choices[pick]
    return Judged(sample=sample, answer=Answer(), score=Score(0.0, predicted=text))


def test_a_model_that_always_says_a_is_seen() -> None:
    found = letter_counts([picked(right, 0) for right in (0, 1, 2, 3)])
    assert found is not None
    assert [(one.letter, one.right, one.picked, one.score) for one in found.places] == [
        ("A", 1, 4, 1.0), ("B", 1, 0, 0.0), ("C", 1, 0, 0.0), ("D", 1, 0, 0.0),
    ]  # fmt: skip
    assert found.places[0].share == 1.0


def test_answers_that_pick_nothing_are_counted_apart() -> None:
    found = letter_counts([picked(1, None), picked(1, 1), picked(0, 1)])
    assert found is not None
    assert (found.asked, found.unread) == (3, 1)
    assert found.places[1].share == 1.0


def test_where_no_choice_is_read_there_is_no_histogram() -> None:
    assert letter_counts([picked(1, None)]) is None


def test_of_equal_choices_the_right_one_is_meant() -> None:
    found = letter_counts([picked(2, 0, ("x", "y", "x"))])
    assert found is not None
    assert [one.picked for one in found.places] == [0, 0, 1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_the_counts_add_up(pairs: list[tuple[int, int]]) -> None:
    found = letter_counts([picked(right, pick) for right, pick in pairs])
    assert found is not None
    assert sum(one.right for one in found.places) == len(pairs)
    assert sum(one.picked for one in found.places) == len(pairs)
    assert sum(one.hits for one in found.places) == sum(right == pick for right, pick in pairs)
    for one in found.places:
        assert one.share_interval[0] - 1e-9 <= one.share <= one.share_interval[1] + 1e-9
