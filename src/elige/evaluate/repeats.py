"""The same question asked again: another draw of the answer, the same one whenever it is asked."""

from dataclasses import replace

from elige.evaluate.asking import Question
from elige.records import Ask, Sampling
from elige.text import digest

# Seeds of services and of torch are whole numbers of 32 bits or more.
_SEED_DIGITS = 7


def repeated(question: Question, repeat: int) -> Question:
    """The question as it is asked for the how-manyth time, counted from 0: the first is itself.

    All of them are kept under one `sent`; the seeds of different ones look unrelated, also to
    those of a candidate with the next seed.
    """
    if repeat == 0:
        return question
    ask, key = question.ask, question.key
    drawn = ask.sampling or Sampling()
    sampling = replace(drawn, seed=repeat_seed(drawn.seed, repeat))
    return replace(question, ask=replace(ask, sampling=sampling), key=replace(key, repeat=repeat))


def repeat_seed(seed: int, repeat: int) -> int:
    """The seed of a repeat: the candidate's own for the first, a number below 2^28 for others."""
    return int(digest(["repeat", seed, repeat])[:_SEED_DIGITS], 16) if repeat else seed


def no_repeats(ask: Ask) -> str:
    """Why asking again measures nothing, in a line; '' where it measures the noise of sampling."""
    if ask.is_choice:
        why = "choices are weighed, and weighed again they weigh the same"
    elif (ask.sampling or Sampling()).is_greedy:
        why = "at temperature 0 (say --model REF,temperature=0.7) the same answer comes again"
    else:
        return ""
    return f"Repeats measure nothing here, each sample is asked once: {why}."
