"""What one ask comes to: its questions in tokens, and the weights of its continuations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from elige.engines.torch.tokenise import Encoded, Question, Tokeniser
from elige.engines.torch.weight import Weight
from elige.errors import EngineRefused
from elige.records import Ask, ContinuationScore

# Tokens of a window where a model declares no limit; lm-evaluation-harness takes as many.
USUAL_WINDOW = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much is read at once: `longest` tokens, None for no limit.

    A longer context is refused, or loses its beginning where `cuts` is true.
    """

    longest: int | None
    cuts: bool = False

    def refuse_longer(self, tokens: int) -> None:
        """Raises `EngineRefused` where so many tokens cannot be read."""
        if self.longest is not None and tokens > self.longest:
            raise EngineRefused(
                f"The question needs {tokens} tokens, and this model reads {self.longest} at most.",
                hint="Use fewer shots, shorter samples or a model with a longer context.",
            )


def questions_of(tokeniser: Tokeniser, ask: Ask, reading: Reading) -> list[Question]:
    """The questions whose tails, in order, are the continuations or the windows of the ask.

    Raises `EngineRefused` where one does not fit, or there is nothing to weigh.
    """
    if ask.rolling:
        return list(_windows(tokeniser, ask.prompt.text, reading.longest or USUAL_WINDOW))
    if ask.contexts:
        asked = [
            tokeniser.question(replace(ask.prompt, text=context), [text])
            for context, text in zip(ask.contexts, ask.continuations, strict=True)
        ]
    else:
        asked = [tokeniser.question(ask.prompt, ask.continuations)]
    fitting = [part for one in asked for part in _fitting(one, reading)]
    for one in fitting:
        reading.refuse_longer(len(one.context.ids) + max(map(len, one.tails)) - 1)
    return fitting


def scores_of(
    ask: Ask,
    questions: Sequence[Question],
    weights: Sequence[Weight],
    alone: Mapping[tuple[int, ...], Weight],
) -> tuple[ContinuationScore, ...]:
    """One score for each continuation, or the sum of all windows; `alone` is by tail."""
    tails = [tail for question in questions for tail in question.tails]
    if ask.rolling:
        total = sum(weight.logprob for weight in weights)
        greedy = all(weight.greedy for weight in weights)
        whole = Weight(logprob=total, greedy=greedy)
        return (_score(ask.prompt.text, sum(map(len, tails)), whole, None),)
    return tuple(
        _score(text, len(tail), weight, alone[tail] if ask.unconditional else None)
        for text, tail, weight in zip(ask.continuations, tails, weights, strict=True)
    )


def windows(
    tokens: tuple[int, ...], start: int, longest: int
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Pairs of context and tail that weigh each of `tokens` once.

    The first tail follows `start`. Each further window reads `longest` tokens: where its tail
    is shorter, tokens weighed before are its context. As lm-evaluation-harness has it for a
    context of at least one token.
    """
    done = min(longest, len(tokens))
    if tokens:
        yield (start,), tokens[:done]
    while done < len(tokens):
        end = min(done + longest, len(tokens))
        yield tokens[end - longest - 1 : done], tokens[done:end]
        done = end


def _windows(tokeniser: Tokeniser, text: str, longest: int) -> Iterator[Question]:
    if not tokeniser.begins:
        raise EngineRefused("This model has no token that begins or ends a text to weigh it after.")
    tokens = tokeniser.whole(text)
    if not tokens:
        raise EngineRefused("There is nothing to weigh: the text is empty.")
    for context, tail in windows(tokens, tokeniser.begins[0], longest):
        yield Question(
            context=Encoded(ids=context, bos=tokeniser.leading_bos(context)), tails=(tail,)
        )


def _fitting(question: Question, reading: Reading) -> list[Question]:
    """The question, or one for each tail after what still fits of the context's end."""
    longest, ids = reading.longest, question.context.ids
    if longest is None or not reading.cuts:
        return [question]
    if len(ids) + max(map(len, question.tails)) - 1 <= longest:
        return [question]
    return [
        Question(
            context=replace(question.context, ids=ids[-max(longest + 1 - len(tail), 1) :]),
            tails=(tail,),
        )
        for tail in question.tails
    ]


def _score(text: str, tokens: int, weight: Weight, alone: Weight | None) -> ContinuationScore:
    return ContinuationScore(
        logprob=min(weight.logprob, 0.0),
        tokens=tokens,
        characters=len(text),
        utf8_bytes=len(text.encode("utf-8", "surrogatepass")),
        greedy=weight.greedy,
        unconditional=None if alone is None else min(alone.logprob, 0.0),
    )
