"""Answers and scores: what must never be lost or doubled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import Connection, delete, func, select

from elige.records import Answer, AnswerKey, Score
from elige.store.codec import answer_text, read_answer, read_score, score_text
from elige.store.database import Database
from elige.store.dialect import insert_new
from elige.store.keys import columns_of, matches
from elige.store.record import Bill, Pace, ScoreKey
from elige.store.table import ANSWERS, LEASES, SCORES

_SCORE = (
    *(SCORES.c.candidate, SCORES.c.sent, SCORES.c.repeat, SCORES.c.target),
    *(SCORES.c.value, SCORES.c.outcome, SCORES.c.body),
)
# So many answers tell what one takes.
_PACE = 1000


class Answers:
    """The part of the store that keeps answers and scores."""

    _database: Database

    def answers(self, keys: Iterable[AnswerKey]) -> dict[AnswerKey, Answer]:
        """The answers that are kept for `keys`."""
        wanted = set(keys)
        found = self._database.read(lambda connection: _bodies(connection, wanted))
        return {key: read_answer(body) for key, body in found.items()}

    def save_answers(self, items: Sequence[tuple[AnswerKey, Answer]], *, run: str = "") -> int:
        """How many of `items` were new; of two answers to one key the first one is kept.

        `run` is the one that paid for them. Their leases end with the same transaction. When
        fewer were new than handed in, read the ones that are kept before scoring any.
        """
        rows = [columns_of(key) | {"run": run, "body": answer_text(one)} for key, one in items]

        def work(connection: Connection) -> int:
            new = insert_new(connection, ANSWERS, rows)
            for match in matches(LEASES, (key for key, _ in items)):
                connection.execute(delete(LEASES).where(match))
            return new

        return self._database.write(work) if rows else 0

    def keep_answers(
        self, items: Sequence[tuple[AnswerKey, Answer]], *, run: str = ""
    ) -> dict[AnswerKey, Answer]:
        """Save `items` and return the answers that are kept for them: these are to be scored."""
        if self.save_answers(items, run=run) == len(items):
            return dict(items)
        return self.answers([key for key, _ in items])

    def count_answers(self, keys: Iterable[AnswerKey]) -> int:
        """For how many of `keys` an answer is kept; no answer is read."""
        wanted = set(keys)
        return self._database.read(
            lambda connection: sum(
                connection.execute(
                    select(func.count()).select_from(ANSWERS).where(match)
                ).scalar_one()
                for match in matches(ANSWERS, wanted)
            )
        )

    def asked_in(self, run: str, keys: Iterable[AnswerKey]) -> int:
        """How many of `keys` have an answer that was paid for by `run`."""
        wanted = set(keys)

        def work(connection: Connection) -> int:
            counts = (
                select(func.count()).select_from(ANSWERS).where(match, ANSWERS.c.run == run)
                for match in matches(ANSWERS, wanted)
            )
            return sum(connection.execute(query).scalar_one() for query in counts)

        return self._database.read(work)

    def bills(self, run: str) -> dict[str, Bill]:
        """What `run` paid for, by the candidates' hashes (a judge's is one of them)."""
        query = select(ANSWERS.c.candidate, ANSWERS.c.body).where(ANSWERS.c.run == run)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, Bill] = {}
        for candidate, body in rows:
            bill, cost = found.get(candidate, Bill()), read_answer(body).cost
            usd = bill.usd + (cost or Decimal(0))
            found[candidate] = Bill(count=bill.count + 1, usd=usd)
        return found

    def pace(self, candidate: str, *, weighed: bool) -> Pace:
        """What answers of this candidate (by its hash) took, on the average of some of them.

        Only those of one kind count: choices that were `weighed`, or text that was generated.
        They are as good as drawn at random, for they lie in the order of their hashes.
        """
        query = select(ANSWERS.c.body).where(ANSWERS.c.candidate == candidate).limit(_PACE)
        bodies = self._database.read(lambda connection: list(connection.scalars(query)))
        read = (read_answer(body) for body in bodies)
        found = [answer for answer in read if bool(answer.weighed) == weighed]
        if not found:
            return Pace()
        costs = [answer.cost for answer in found if answer.cost is not None]
        return Pace(
            count=len(found),
            seconds=sum(answer.seconds for answer in found) / len(found),
            cost=sum(costs, Decimal(0)) / len(costs) if len(costs) == len(found) else None,
            prompt_tokens=sum(answer.prompt_tokens for answer in found) / len(found),
            completion_tokens=sum(answer.completion_tokens for answer in found) / len(found),
        )

    def scores(self, keys: Iterable[ScoreKey]) -> dict[ScoreKey, Score]:
        """The scores that are kept for exactly this answer, scorer and target."""
        wanted = set(keys)
        return self._database.read(lambda connection: _scores(connection, wanted))

    def save_scores(self, items: Sequence[tuple[ScoreKey, Score]]) -> int:
        """How many of `items` were new; of two scores to one key the first one is kept.

        Raises `ValueError` for the score of an answer that is not kept.
        """
        rows = score_rows(items)
        if not rows:
            return 0
        return self._database.write(lambda connection: insert_new(connection, SCORES, rows))


def score_rows(items: Iterable[tuple[ScoreKey, Score]]) -> list[dict[str, object]]:
    """Scores as rows of their table."""
    return [
        columns_of(key.answer)
        | {"scorer": key.scorer, "target": key.target}
        | {"value": score.value, "outcome": score.outcome.value, "body": score_text(score)}
        for key, score in items
    ]


def _bodies(connection: Connection, wanted: set[AnswerKey]) -> dict[AnswerKey, str]:
    columns = (ANSWERS.c.candidate, ANSWERS.c.sent, ANSWERS.c.repeat, ANSWERS.c.body)
    found = {}
    for match in matches(ANSWERS, wanted):
        for candidate, sent, repeat, body in connection.execute(select(*columns).where(match)):
            found[AnswerKey(candidate=candidate, sent=sent, repeat=repeat)] = body
    return found


def _scores(connection: Connection, wanted: set[ScoreKey]) -> dict[ScoreKey, Score]:
    by_scorer: dict[str, dict[tuple[AnswerKey, str], ScoreKey]] = defaultdict(dict)
    for key in wanted:
        by_scorer[key.scorer][key.answer, key.target] = key
    found = {}
    for scorer, keys in sorted(by_scorer.items()):
        for match in matches(SCORES, {answer for answer, _ in keys}):
            query = select(*_SCORE).where(match, SCORES.c.scorer == scorer)
            for candidate, sent, repeat, target, value, outcome, body in connection.execute(query):
                answer = AnswerKey(candidate=candidate, sent=sent, repeat=repeat)
                if (answer, target) in keys:
                    found[keys[answer, target]] = read_score(value, outcome, body)
    return found
