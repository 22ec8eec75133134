"""acc, acc_norm, acc_bytes and acc_mutual_info are lm-evaluation-harness's own."""

import pytest
from evaluate.scoring import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from lm_eval.api.task import ConfigurableTask, TaskConfig

from elige.evaluate.scorers import choice, classification
from elige.records import Answer, ContinuationScore

METRICS = ("acc", "acc_norm", "acc_bytes", "acc_mutual_info")
_TEXTS = st.lists(st.text("abcdé日 ", min_size=1, max_size=9), min_size=2, max_size=5, unique=True)
_LOGPROBS = st.floats(-60.0, -0.01)


class _Reference(ConfigurableTask):  # type: ignore[misc]  # lm-eval has no types
    """The arithmetic of lm-eval's own multiple-choice task, without its data and downloads."""

    def __init__(self) -> None:
        self._config = TaskConfig()
        self._metric_fn_list = dict.fromkeys(METRICS)
        self.multiple_input = self.multiple_target = 0
        self.OUTPUT_TYPE = "multiple_choice"

    def doc_to_choice(self, doc: dict[str, object]) -> object:
        return doc["choices"]

    def doc_to_target(self, doc: dict[str, object]) -> object:
        return doc["gold"]


def answered(texts: list[str], plain: list[float], alone: list[float], space: int = 1) -> Answer:
    return Answer(
        weighed=tuple(
            ContinuationScore(
                logprob=logprob,
                tokens=1,
                characters=len(text) + space,
                utf8_bytes=len(text.encode()) + space,
                unconditional=other,
            )
            for text, logprob, other in zip(texts, plain, alone, strict=True)
        )
    )


@settings(deadline=None)
@given(_TEXTS, st.data())
def test_they_agree_with_process_results(texts: list[str], data: st.DataObject) -> None:
    count = len(texts)
    plain, alone = (data.draw(st.lists(_LOGPROBS, min_size=count, max_size=count)) for _ in "ab")
    gold = data.draw(st.integers(0, count - 1))
    results = [(logprob, False) for logprob in (*plain, *alone)]
    doc = {"choices": texts, "gold": gold}
    known = _Reference().process_results(doc, results)
    score = choice()(sample(texts[gold], choices=tuple(texts)), answered(texts, plain, alone))
    assert dict(score.parts) == {name: known[name] for name in METRICS}


@pytest.mark.parametrize(
    ("normalise", "part"),
    [("plain", "acc"), ("char", "acc_norm"), ("byte", "acc_bytes")],
)
def test_the_score_is_one_of_them_and_the_others_are_shown(normalise: str, part: str) -> None:
    texts = ["no", "日本語です"]
    answer = answered(texts, [-3.0, -8.0], [-1.0, -1.0])
    score = choice(normalise=normalise)(sample(texts[1], choices=tuple(texts)), answer)
    assert {name: value for name, value in score.parts if name != "acc_mutual_info"} == {
        "acc": 0.0,
        "acc_norm": 0.0 if -3.0 / 2 > -8.0 / 5 else 1.0,
        "acc_bytes": 1.0,
    }
    assert score.value == dict(score.parts)[part]


def test_without_unconditional_weights_there_is_no_mutual_information() -> None:
    answer = Answer(
        weighed=tuple(
            ContinuationScore(logprob=-n, tokens=1, characters=2, utf8_bytes=2) for n in (1, 2)
        )
    )
    score = classification(labels="a,b")(sample("a"), answer)
    assert score.parts == (("acc", 1.0), ("acc_norm", 1.0), ("acc_bytes", 1.0))


def test_an_answer_in_words_has_no_such_parts() -> None:
    assert choice()(sample("b", choices=("a", "b")), Answer(text="B")).parts == ()
