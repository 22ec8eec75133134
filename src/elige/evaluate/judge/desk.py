"""Where a judge is asked: its answers are kept like any others and never asked for twice."""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from threading import Lock

from elige.errors import EligeError, EngineError
from elige.evaluate.entrant import Entrant
from elige.evaluate.pool import EnginePool
from elige.records import Answer, AnswerKey, Ask, Engine, Prompt, Sampling
from elige.store import Store

# A judge gives its reasons first; one on another machine may also think before.
_TOKENS, _REMOTE_TOKENS = 512, 1024
_LEASE_SECONDS = 120.0
_POLL_SECONDS = 0.2


class Desk:
    """Asks one judge for one run."""

    def __init__(self, judge: Entrant, *, run: str, store: Store, pool: EnginePool) -> None:
        self._judge = judge
        self._run = run
        self._store = store
        self._pool = pool
        # Engines on this machine are asked by one thread at a time.
        self._turn = nullcontext() if judge.candidate.ref.is_remote else Lock()

    def ask(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """An answer to each of `prompts`, from the store where it was asked before.

        Raises `EligeError` when the judge cannot answer; what it said before is kept.
        """
        keys = [answer_key(self._judge, prompt) for prompt in prompts]
        wanted = dict(zip(keys, prompts, strict=True))
        while True:
            known = self._store.answers(wanted)
            missing = [key for key in wanted if key not in known]
            if not missing:
                return [known[key] for key in keys]
            mine = self._store.claim(missing, now=time.time(), ttl=_LEASE_SECONDS)
            if mine:
                self._asked({key: wanted[key] for key in missing if key in mine})
            else:
                time.sleep(_POLL_SECONDS)  # another thread or process is asking

    def _asked(self, wanted: dict[AnswerKey, Prompt]) -> None:
        name = self._judge.name
        try:
            with self._turn, self._pool.engine(self._judge.candidate) as engine:
                self._generated(engine, wanted)
        except EngineError as error:
            raise EligeError(
                f"The judge {name} did not answer: {error}",
                hint="The answers are kept; the same command again goes on.",
            ) from error
        finally:
            self._store.release(list(wanted))

    def _generated(self, engine: Engine, wanted: dict[AnswerKey, Prompt]) -> None:
        keys = list(wanted)
        failed: Exception | None = None
        for piece in engine.generate(list(wanted.values()), sampling_of(self._judge)):
            if piece.answer is not None:
                self._store.keep_answers([(keys[piece.index], piece.answer)], run=self._run)
            failed = piece.failure or failed
        if failed is not None:
            raise failed


def answer_key(judge: Entrant, prompt: Prompt) -> AnswerKey:
    """Under what the judge's answer to `prompt` is kept."""
    ask = Ask(prompt=prompt, sampling=sampling_of(judge))
    return AnswerKey(candidate=judge.hash, sent=ask.key)


def sampling_of(judge: Entrant) -> Sampling:
    """How the judge's words are drawn: greedily unless its candidate says otherwise."""
    one = judge.candidate
    return Sampling(
        temperature=one.temperature or 0.0,
        top_p=1.0 if one.top_p is None else one.top_p,
        top_k=one.top_k or 0,
        max_tokens=one.max_tokens or (_REMOTE_TOKENS if one.ref.is_remote else _TOKENS),
        seed=one.seed or 0,
    )
