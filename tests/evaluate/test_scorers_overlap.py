"""BLEU, chrF and ROUGE agree with the packages that define them, sample by sample and in all."""

import random
import sys
from collections.abc import Sequence

import numpy as np
import pytest
import sacrebleu
from evaluate.scoring import said, sample
from rouge_score.rouge_scorer import RougeScorer as Reference

from elige.errors import BadInput, MissingExtra
from elige.evaluate.corpus import Corpus, CorpusScorer, Judged, corpus_score
from elige.evaluate.scorers import bleu, chrf, classification, contains, rouge
from elige.records import Outcome, Score

_RANDOM = random.Random(5)
_WORDS = ["the", "a", "cat", "mats,", "sat", "on", "Mat", "over", "Über", "ñandú", "3.5", "."]


def text(least: int = 3, most: int = 14) -> str:
    return " ".join(_RANDOM.choices(_WORDS, k=_RANDOM.randint(least, most)))


HYPOTHESES = [text(1) for _ in range(40)]
REFERENCES = [[text() for _ in range(1 + n % 3)] for n in range(40)]
# sacrebleu takes a list for each reference number, with None where a sample has fewer.
STREAMS = [[refs[k] if k < len(refs) else None for refs in REFERENCES] for k in range(3)]


def judged(scorer: CorpusScorer) -> list[Judged]:
    pairs = [(sample(*refs), said(hyp)) for refs, hyp in zip(REFERENCES, HYPOTHESES, strict=True)]
    return [Judged(sample=one, answer=other, score=scorer(one, other)) for one, other in pairs]


def corpus_of(scorer: CorpusScorer) -> Corpus:
    return scorer.corpus(judged(scorer))


METRICS = [
    pytest.param(bleu(), sacrebleu.BLEU(), sacrebleu.BLEU(effective_order=True), id="BLEU"),
    pytest.param(
        bleu(tokenize="char", lowercase="true", order="2"),
        sacrebleu.BLEU(tokenize="char", lowercase=True, max_ngram_order=2),
        sacrebleu.BLEU(tokenize="char", lowercase=True, max_ngram_order=2, effective_order=True),
        id="BLEU of characters",
    ),
    pytest.param(chrf(), sacrebleu.CHRF(), sacrebleu.CHRF(), id="chrF"),
    pytest.param(
        chrf(word_order="2", beta="1", lowercase="yes"),
        sacrebleu.CHRF(word_order=2, beta=1, lowercase=True),
        sacrebleu.CHRF(word_order=2, beta=1, lowercase=True),
        id="chrF++",
    ),
]


@pytest.mark.parametrize(("scorer", "whole", "single"), METRICS)
def test_scores_are_those_of_sacrebleu(
    scorer: CorpusScorer, whole: sacrebleu.BLEU, single: sacrebleu.BLEU
) -> None:
    for one, refs in zip(judged(scorer), REFERENCES, strict=True):
        found = single.sentence_score(one.answer.text, refs).score / 100
        assert one.score.value == pytest.approx(found, abs=1e-12)
    corpus = corpus_of(scorer)
    found = whole.corpus_score(HYPOTHESES, STREAMS).score / 100  # type: ignore[arg-type]
    assert corpus.at(np.arange(40)) == pytest.approx(found, abs=1e-12)
    assert corpus.signature == str(whole.get_signature())


@pytest.mark.parametrize(("scorer", "whole", "single"), METRICS)
def test_any_samples_give_the_corpus_score_of_those(
    scorer: CorpusScorer, whole: sacrebleu.BLEU, single: sacrebleu.BLEU
) -> None:
    chosen = np.asarray([3, 3, 7, 39, 0])
    streams = [[stream[at] for at in chosen] for stream in STREAMS]
    found = whole.corpus_score([HYPOTHESES[at] for at in chosen], streams).score / 100
    assert corpus_of(scorer).at(chosen) == pytest.approx(found, abs=1e-12)


@pytest.mark.parametrize("stemmer", [False, True], ids=["plain", "stemmed"])
@pytest.mark.parametrize("kind", ["rouge1", "rouge2", "rougeL", "rougeLsum"])
def test_rouge_is_that_of_rouge_score(kind: str, stemmer: bool) -> None:
    scorer = rouge(kind=kind, stemmer=stemmer)
    known = Reference([kind], use_stemmer=stemmer)
    for one, refs in zip(judged(scorer), REFERENCES, strict=True):
        found = known.score_multi(refs, one.answer.text)[kind].fmeasure
        assert one.score.value == dict(one.score.parts)[kind] == pytest.approx(found)
    mean = np.mean([one.score.value for one in judged(scorer)])
    assert corpus_of(scorer).at(np.arange(40)) == pytest.approx(mean)


def test_the_interval_of_a_corpus_score_repeats_with_its_seed_and_holds_the_value() -> None:
    scorer = chrf()
    one, two = (corpus_score(scorer, judged(scorer), seed=3) for _ in range(2))
    assert one is not None and one.interval is not None
    assert one == two
    assert 0.0 < one.interval[0] < one.value < one.interval[1] < 1.0


def test_macro_f1_of_the_file_is_the_mean_of_f1_over_the_labels() -> None:
    scorer = classification(labels="a,b,c")
    pairs: Sequence[tuple[str, str]] = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "what?")]
    answered = [
        Judged(sample=sample(target), answer=said(text), score=scorer(sample(target), said(text)))
        for target, text in pairs
    ]
    at = scorer.corpus(answered).at
    assert at(np.arange(4)) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert at(np.asarray([0, 0])) == 1.0


def test_an_answer_that_does_not_count_is_nothing_in_the_corpus_score() -> None:
    refused = Score(0.0, "no", Outcome.REFUSED)
    one = Judged(sample=sample("the cat sat"), answer=said("the cat sat"), score=refused)
    assert bleu().corpus([one]).at(np.arange(1)) == 0.0


def test_a_scorer_without_a_statistic_of_the_file_has_none() -> None:
    one = Judged(sample=sample("x"), answer=said("x"), score=Score(1.0))
    assert corpus_score(contains(), [one]) is None


@pytest.mark.parametrize("scorer", [bleu(), chrf(), rouge()], ids=["bleu", "chrf", "rouge"])
def test_an_empty_answer_is_unparsed(scorer: CorpusScorer) -> None:
    assert scorer(sample("x y"), said(" \n")).outcome is Outcome.UNPARSED


def test_rouge_refuses_a_script_that_it_cannot_read() -> None:
    with pytest.raises(BadInput, match="'s1'") as caught:
        rouge()(sample("再见"), said("再见"))
    assert "chrf" in caught.value.hint


@pytest.mark.parametrize(
    ("module", "make"),
    [("sacrebleu", bleu), ("sacrebleu", chrf), ("rouge_score", rouge)],
    ids=["bleu", "chrf", "rouge"],
)
def test_without_the_package_one_line_says_what_to_install(
    module: str, make: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as caught:
        make()
    assert "elige[metrics]" in caught.value.hint
