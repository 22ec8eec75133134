"""Where a judge is asked: its answers are kept like any others and never asked for twice."""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from threading import Lock

from elige.errors import EligeError, EngineError
from elige.evaluate.budget import BudgetSpent, Ledger
from elige.evaluate.charges import Hold, charge_of
from elige.evaluate.entrant import Entrant
from elige.evaluate.pool import EnginePool
from elige.records import Answer, AnswerKey, Ask, Engine, Prompt, Sampling
from elige.store import Store

# A judge gives its reasons first; one on another machine may also think before.
_TOKENS, _REMOTE_TOKENS = 512, 1024
_LEASE_SECONDS = 120.0
_POLL_SECONDS = 0.2


class Desk:
    """Asks one judge for one run. What it costs is money of the run's, but no evaluation."""

    def __init__(
        self,
        judge: Entrant,
        *,
        run: str,
        store: Store,
        pool: EnginePool,
        ledger: Ledger | None = None,
    ) -> None:
        self._judge = judge
        self._run = run
        self._store = store
        self._pool = pool
        self._ledger = ledger or Ledger()
        # Engines on this machine are asked by one thread at a time.
        self._turn = nullcontext() if judge.candidate.ref.is_remote else Lock()

    def ask(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """An answer to each of `prompts`, from the store where it was asked before.

        Raises `EligeError` when the judge cannot answer, `BudgetSpent` when it cannot be paid for;
        what it said before is kept.
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
        one, sampling = self._judge.candidate, sampling_of(self._judge)
        charges = {
            key: charge_of(one, Ask(prompt=prompt, sampling=sampling), evaluations=0)
            for key, prompt in wanted.items()
        }
        failed: Exception | None = None
        with Hold(self._ledger, f"judge {one.name}", charges) as hold:
            keys = hold.granted
            for piece in engine.generate([wanted[key] for key in keys], sampling):
                if piece.answer is not None:
                    hold.answered(keys[piece.index], piece.answer.cost)
                    self._store.keep_answers([(keys[piece.index], piece.answer)], run=self._run)
                elif piece.failure is not None:
                    hold.failed(keys[piece.index], piece.failure)
                failed = piece.failure or failed
        if failed is not None:
            raise failed
        if hold.was_cut:
            raise BudgetSpent


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
