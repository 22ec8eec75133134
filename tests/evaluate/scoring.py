"""Samples and answers for the tests of scorers."""

from elige.records import Answer, ContinuationScore, Finish, Sample

CITIES = ("London", "Paris", "Rome", "Berlin")


def sample(target: str, *aliases: str, choices: tuple[str, ...] = ()) -> Sample:
    right = choices.index(target) if target in choices else None
    return Sample(
        id="s1", question="?", target=target, aliases=aliases, choices=choices, right=right
    )


def said(text: str, finish: Finish = Finish.STOP) -> Answer:
    return Answer(text=text, finish=finish)


def weighed(*logprobs: float, texts: tuple[str, ...] = (), space: int = 1) -> Answer:
    """An answer whose continuations are `texts` after `space` characters."""
    names = texts or tuple("x" for _ in logprobs)
    return Answer(
        weighed=tuple(
            ContinuationScore(
                logprob=logprob,
                tokens=len(text.split()),
                characters=len(text) + space,
                utf8_bytes=len(text.encode()) + space,
                unconditional=-len(text) / 2,
            )
            for logprob, text in zip(logprobs, names, strict=True)
        )
    )
