"""The same question asked again: another draw of the answer, the same one whenever it is asked."""

from dataclasses import replace

from elige.evaluate.asking import Question
from elige.records import Ask, CombinedPrompt, Sampling
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
    key = replace(question.key, repeat=repeat)
    return replace(question, ask=_redrawn(question.ask, repeat), key=key)


def _redrawn(ask: Ask, repeat: int) -> Ask:
    """The ask with other seeds, also those of a combination's members."""
    drawn = ask.sampling or Sampling()
    sampling = replace(drawn, seed=repeat_seed(drawn.seed, repeat))
    prompt = ask.prompt
    if isinstance(prompt, CombinedPrompt):
        variants = tuple(_redrawn(one, repeat) for one in prompt.variants)
        prompt = replace(prompt, variants=variants)
    return replace(ask, prompt=prompt, sampling=sampling)


def repeat_seed(seed: int, repeat: int) -> int:
    """The seed of a repeat: the candidate's own for the first, a number below 2^28 for others."""
    return int(digest(["repeat", seed, repeat])[:_SEED_DIGITS], 16) if repeat else seed


def no_repeats(ask: Ask) -> str:
    """Why asking again measures nothing, in a line; '' where it measures the noise of sampling."""
    if isinstance(ask.prompt, CombinedPrompt):
        # One member that draws is enough.
        whys = [no_repeats(one) for one in ask.prompt.variants]
        return whys[0] if all(whys) else ""
    if ask.is_choice:
        why = "choices are weighed, and weighed again they weigh the same"
    elif (ask.sampling or Sampling()).is_greedy:
        why = "at temperature 0 (say --model REF,temperature=0.7) the same answer comes again"
    else:
        return ""
    return f"Repeats measure nothing here, each sample is asked once: {why}."
