"""One task of lm-eval at work: its documents, its questions, and what answers to them are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any  # lm-eval has no types

from elige.errors import BadInput, EligeError
from elige.evaluate.harness.asks import Asks, SetUp, not_taken
from elige.evaluate.harness.library import library, library_version, quiet
from elige.evaluate.harness.metrics import Metric, Values, chosen, metrics_of
from elige.evaluate.own_scorer import told
from elige.evaluate.rows.values import plain_value
from elige.records import Ask
from elige.text import digest, one_line

Response = Any  # what lm-eval's models give: a text, a number, or (log-probability, greedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What a document was answered: for each of its requests the responses of every repeat."""

    place: int
    responses: Sequence[Sequence[Response]]


class Exam:
    """A task with its documents, the first `limit` of them; the prompts are lm-eval's own."""

    def __init__(self, task: Any, name: str, *, limit: int | None, metric: str) -> None:  # noqa: ANN401
        self._task = task
        self.name = name
        self.docs = self._read(limit)
        self.asks = Asks(task, name, self.docs)
        first = self.asks.ask(SetUp(shots=0), 0)
        self.samples_again = first.sampling is not None and not first.sampling.is_greedy
        self.repeats = max(1, int(task.get_config("repeats") or 1))
        self.metrics = metrics_of(task, self._trials(first))
        self.metric: Metric = chosen(self.metrics, metric)

    @property
    def task(self) -> Any:  # noqa: ANN401 - lm-eval has no types
        """lm-eval's own object."""
        return self._task

    @property
    def version(self) -> str:
        """The version that the task file gives itself."""
        return str(self._task.VERSION)

    @property
    def config_hash(self) -> str:
        """Hash of everything its configuration says, its functions' text, and lm-eval's version."""
        config = self._task.dump_config() if hasattr(self._task, "dump_config") else {}
        metadata = dict(config.get("metadata") or {})
        metadata.pop("config_source", None)
        told_ = {**config, "metadata": metadata, "num_fewshot": self.asks.shots(None)}
        told_.pop("custom_dataset", None)
        return digest([library_version(), _steady(told_)])

    @property
    def unknown_sampling(self) -> list[str]:
        """Keys of its `generation_kwargs` that no engine here knows."""
        return not_taken(self._task.get_config("generation_kwargs"))

    def doc_hash(self, place: int) -> str:
        """Hash of the document, as the task made it."""
        return digest(_steady(self.docs[place]))

    def question(self, place: int) -> str:
        """The document's own question, for people to read."""
        try:
            with quiet():
                text = self._task.doc_to_text(self.docs[place])
        except Exception:  # a task without such a text shows what is sent
            text = None
        if isinstance(text, str) and text.strip():
            return text
        ask = self.asks.ask(SetUp(shots=0), place)
        return ask.prompt.shown() or "".join(ask.continuations[:1])

    def right(self, place: int, ask: Ask) -> tuple[int | None, str]:
        """The place of the right continuation, if there is one, and the right answer as text."""
        target = self._target(place)
        first = target[0] if isinstance(target, list) and target else target
        if ask.is_choice:
            texts = [text.strip() for text in ask.continuations]
            if isinstance(first, str) and first.strip() in texts:
                first = texts.index(first.strip())
            if isinstance(first, int) and 0 <= first < len(ask.continuations):
                return first, ask.continuations[first].strip()
        elif isinstance(first, int) and self._task.get_config("doc_to_choice") is not None:
            return None, str(self._task.doc_to_choice(self.docs[place])[first])
        return None, str(first)

    def values(self, replies: Sequence[Replies]) -> list[Values]:
        """Every metric of each document, after lm-eval's filters; in the order given.

        Raises `BadInput` when the task's own code fails.
        """
        try:
            with quiet():
                return self._values(replies)
        except EligeError:
            raise
        except Exception as error:  # a task's code can raise anything
            raise BadInput(
                f"{self.name} cannot score an answer: {one_line(told(error)).rstrip('.')}.",
                hint="Look at its task file; the answers are kept, only the scoring is done anew.",
            ) from error

    def filtered(self, replies: Replies) -> Mapping[str, Any]:
        """What each filter made of the first request's responses."""
        with quiet():
            (instances,) = self._filtered([replies])
        found: Mapping[str, Any] = instances[0].filtered_resps
        return found

    def _values(self, replies: Sequence[Replies]) -> list[Values]:
        found: list[dict[tuple[str, str], Any]] = [{} for _ in replies]
        groups = self._filtered(replies)
        for filter_ in [one.name for one in self._task._filters]:
            for into, one, instances in zip(found, replies, groups, strict=True):
                doc = self.docs[one.place]
                results = [instance.filtered_resps[filter_] for instance in instances]
                own = dict(doc) if isinstance(doc, dict) else doc  # some tasks write into it
                metrics = self._task.process_results(own, results)
                into.update({(name, filter_): value for name, value in metrics.items()})
        return list(found)

    def _filtered(self, replies: Sequence[Replies]) -> list[list[Any]]:
        """lm-eval's instances with its filters applied to all of them together."""
        instance = library("lm_eval.api.instance").Instance
        kind = self._task.OUTPUT_TYPE
        groups = [
            [
                instance(
                    request_type="loglikelihood" if kind == "multiple_choice" else kind,
                    doc=self.docs[one.place],
                    arguments=(),
                    idx=at,
                    metadata=(self.name, one.place, len(responses)),
                    resps=list(responses),
                )
                for at, responses in enumerate(one.responses)
            ]
            for one in replies
        ]
        self._task._instances = [one for group in groups for one in group]
        self._task.apply_filters()
        return groups

    def _target(self, place: int) -> Any:  # noqa: ANN401 - an index, a text or a list
        task, doc = self._task, self.docs[place]
        try:
            with quiet():
                # Where the choices stand in the question, the question's place is the answer.
                inputs = getattr(task, "multiple_input", 0)
                return task.doc_to_text(doc) if inputs else task.doc_to_target(doc)
        except Exception:  # shown to people and rehearsed, not scored
            return ""

    def _read(self, limit: int | None) -> list[Any]:
        try:
            with quiet():
                docs = list(islice(self._task.eval_docs, limit))
        except Exception as error:  # reading runs the task's own code
            raise BadInput(
                f"{self.name}: its rows cannot be read: {one_line(told(error)).rstrip('.')}.",
                hint="Look at its task file, or give rows with --data FILE.",
            ) from error
        if not docs:
            raise BadInput(f"{self.name} has no rows.", hint="Give some with --data FILE.")
        return docs

    def _trials(self, ask: Ask) -> list[Values]:
        """Metrics of made-up answers to the first document: which there are, and of what kind."""
        found = []
        for response in self._made_up(ask):
            count = max(1, len(ask.continuations))
            replies = Replies(place=0, responses=[[response] * self.repeats] * count)
            try:
                with quiet():
                    found += self._values([replies])
            except ImportError as error:
                raise BadInput(
                    f"{self.name} cannot score an answer: {one_line(told(error)).rstrip('.')}.",
                    hint="Install what it needs.",
                ) from error
            except Exception:
                continue
        return found

    def _made_up(self, ask: Ask) -> list[Response]:
        if self._task.OUTPUT_TYPE == "loglikelihood_rolling":
            return [-1.0]
        if ask.is_choice:
            return [(-1.0, True), (-2.0, False)]
        return [self.right(0, ask)[1], "", "a b"]


def _steady(value: Any) -> Any:  # noqa: ANN401 - a configuration holds anything
    """`value` as plain data that is the same in every process."""
    if isinstance(value, Mapping):
        return {str(key): _steady(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_steady(item) for item in value]
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
    return plain_value(value)
