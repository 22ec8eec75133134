"""Every question comes back exactly once: answered, or failed with its reason."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from evaluate.asking_engines import Troubled, echo, entered, questions, sums

from elige.errors import EngineDown, EngineRefused
from elige.evaluate.asking import Group, Question, ask_engine
from elige.records import Answer, Ask


def asked(tmp_path: Path, engine: Troubled, *, choices: bool = False) -> list[Question]:
    return questions(sums(tmp_path, 6, choices=choices), entered(echo()))


def indexes(pairs: Sequence[tuple[Question, object]]) -> list[int]:
    return sorted(question.index for question, _ in pairs)


def test_one_bad_question_does_not_take_the_others_down(tmp_path: Path) -> None:
    engine = Troubled(echo(), bad=["<2>"], error=EngineRefused)
    (group,) = ask_engine(engine, asked(tmp_path, engine, choices=True), one_by_one=False)
    assert indexes(group.answered) == [0, 1, 3, 4, 5]
    assert [(question.index, str(why)) for question, why in group.failed] == [(2, "it failed")]


def test_an_engine_that_is_down_is_not_asked_one_by_one(tmp_path: Path) -> None:
    engine = Troubled(echo(), bad=["<2>"], error=EngineDown)
    with pytest.raises(EngineDown):
        list(ask_engine(engine, asked(tmp_path, engine, choices=True), one_by_one=False))
    assert engine.calls == [6]


def test_generated_answers_come_one_by_one_where_they_cost_money(tmp_path: Path) -> None:
    engine = Troubled(echo(), bad=["<2>"])
    groups = list(ask_engine(engine, asked(tmp_path, engine), one_by_one=True))
    assert [len(group.answered) + len(group.failed) for group in groups] == [1] * 6
    assert [indexes(group.failed) for group in groups if group.failed] == [[2]]


def test_generated_answers_come_together_elsewhere(tmp_path: Path) -> None:
    engine = Troubled(echo(), bad=["<2>"])
    (group,) = ask_engine(engine, asked(tmp_path, engine), one_by_one=False)
    assert (indexes(group.answered), indexes(group.failed)) == ([0, 1, 3, 4, 5], [2])


def test_leaving_early_closes_the_engines_iterator(tmp_path: Path) -> None:
    engine = Troubled(echo())
    groups = ask_engine(engine, asked(tmp_path, engine), one_by_one=True)
    next(groups)
    groups.close()
    assert engine.ended == 1
    assert engine.asked.total() == 1


def test_what_is_called_off_does_not_come_back_in_part(tmp_path: Path) -> None:
    engine = Troubled(echo())
    stopping = lambda: engine.asked.total() >= 3  # noqa: E731
    groups = ask_engine(engine, asked(tmp_path, engine), one_by_one=False, stopping=stopping)
    assert list(groups) == []
    assert engine.asked.total() == 3


def test_what_is_called_off_after_the_last_answer_is_kept(tmp_path: Path) -> None:
    engine = Troubled(echo())
    stopping = lambda: engine.asked.total() >= 6  # noqa: E731
    groups = ask_engine(engine, asked(tmp_path, engine), one_by_one=False, stopping=stopping)
    assert [len(group.answered) for group in groups] == [6]


class Short(Troubled):
    """Gives too few answers."""

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        return super().score(asks)[:-1]


def test_too_few_answers_are_a_failure_and_never_shifted(tmp_path: Path) -> None:
    engine = Short(echo())
    groups = list(ask_engine(engine, asked(tmp_path, engine, choices=True), one_by_one=False))
    joined: Group = groups[0]
    assert (joined.answered, indexes(joined.failed)) == ([], [0, 1, 2, 3, 4, 5])
