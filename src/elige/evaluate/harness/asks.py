"""Questions as lm-eval asks them: its own prompts, in its own order, of its own random draws."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any  # lm-eval has no types

from elige.errors import BadInput
from elige.evaluate.harness.library import default_seed, quiet
from elige.evaluate.own_scorer import told
from elige.records import Ask, Message, Prompt, Sampling
from elige.text import one_line

MAX_TOKENS = 256  # as lm-eval's DEFAULT_MAX_GEN_TOKS
_TOKENS = ("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens")
_TAKEN = {*_TOKENS, "until", "do_sample", "temperature", "top_p", "top_k", "repetition_penalty"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """How a candidate is asked; `shots` is None for as many examples as the task says."""

    shots: int | None = None
    chat: bool = False
    system: str = ""


class _Conversation(str):
    """A context that is a conversation still: lm-eval passes on what its template makes."""

    turns: tuple[Message, ...]

    @classmethod
    def of(cls, messages: Sequence[Mapping[str, str]]) -> "_Conversation":
        """What lm-eval hands to a chat template."""
        turns = tuple(Message(_role(one["role"]), str(one["content"])) for one in messages)
        made = cls("\n".join(turn.content for turn in turns))
        made.turns = turns
        return made


@dataclass(slots=True)
class _Stream:
    """The questions of one set-up, made in the task's order, and the state of its draws."""

    made: list[Ask] = field(default_factory=list)
    sampler_state: Any = None
    task_state: Any = None


class Asks:
    """Makes the questions of one task; a question never changes, whoever else was asked before."""

    def __init__(self, task: Any, name: str, docs: Sequence[Any]) -> None:  # noqa: ANN401
        self._task = task
        self._name = name
        self._docs = docs
        self._streams: dict[SetUp, _Stream] = {}
        self._own_shots: int | None = task.get_config("num_fewshot")

    def shots(self, said: int | None) -> int:
        """How many examples are shown; a task that says 0 gets none, as in lm-eval."""
        if said is None or self._own_shots == 0:
            return self._own_shots or 0
        return said

    def ask(self, setup: SetUp, place: int) -> Ask:
        """The question about the document at `place`, without sampling of the candidate's.

        Raises `BadInput` when the task's templates or code fail.
        """
        stream = self._streams.setdefault(setup, _Stream())
        if place >= len(stream.made):
            try:
                with quiet():
                    stream.made.extend(self._more(setup, stream, place + 1))
            except BadInput:
                raise
            except Exception as error:  # templates and code of a task can raise anything
                self._check_pool(setup)
                raise BadInput(
                    f"{self._name}: no question can be made of row {len(stream.made) + 1}: "
                    f"{one_line(told(error)).rstrip('.')}.",
                    hint="Look at that row and at the task file; fewer shots= may help.",
                ) from error
        return stream.made[place]

    def _more(self, setup: SetUp, stream: _Stream, wanted: int) -> Iterator[Ask]:
        """The next questions; examples are drawn in the order of the documents, from one seed."""
        task, start = self._task, len(stream.made)
        shots = self.shots(setup.shots)
        task.set_config("num_fewshot", shots)
        task.set_fewshot_seed(default_seed())
        if start:
            self._take_up(stream)
        for place, doc in enumerate(islice(self._docs, start, wanted), start):
            yield self._asked(setup, shots, place, doc)
            self._remember(stream)

    def _check_pool(self, setup: SetUp) -> None:
        """Raise `BadInput` when there are fewer examples than are to be shown."""
        sampler = getattr(self._task, "sampler", None)
        wanted, there = self.shots(setup.shots), len(getattr(sampler, "df", ()) or ())
        if sampler is not None and wanted >= there:
            raise BadInput(
                f"{self._name} is to show {wanted} examples, and there are {there} rows to take "
                "them from.",
                hint="Say fewer with shots=, or name a file of examples with --shots-from.",
            )

    def _asked(self, setup: SetUp, shots: int, place: int, doc: Any) -> Ask:  # noqa: ANN401
        task = self._task
        template = _template(self._name) if setup.chat else None
        context = task.fewshot_context(
            doc,
            num_fewshot=shots,
            system_instruction=setup.system or None,
            apply_chat_template=setup.chat,
            fewshot_as_multiturn=setup.chat,
            chat_template=template,
            gen_prefix=task.doc_to_prefix(doc),
        )
        found = task.construct_requests(
            doc=doc,
            ctx=context,
            metadata=(self._name, place, 1),
            apply_chat_template=setup.chat,
            chat_template=template,
        )
        return ask_of(found if isinstance(found, list) else [found], self._name)

    def _remember(self, stream: _Stream) -> None:
        stream.task_state = self._task.fewshot_rnd.getstate()
        sampler = getattr(self._task, "sampler", None)
        stream.sampler_state = None if sampler is None else sampler.rnd.getstate()

    def _take_up(self, stream: _Stream) -> None:
        self._task.fewshot_rnd.setstate(stream.task_state)
        if stream.sampler_state is not None:
            self._task.sampler.rnd.setstate(stream.sampler_state)


def ask_of(instances: Sequence[Any], name: str) -> Ask:
    """The requests of one document as one question."""
    kinds = {instance.request_type for instance in instances}
    if kinds == {"generate_until"} and len(instances) == 1:
        context, said = instances[0].args[:2]
        return Ask(prompt=_prompt(context), sampling=sampling_of(said))
    if kinds == {"loglikelihood_rolling"} and len(instances) == 1:
        return Ask(prompt=Prompt(text=instances[0].args[0]), rolling=True)
    if kinds == {"loglikelihood"}:
        return _weighed([instance.args[:2] for instance in instances])
    raise BadInput(
        f"{name} asks several kinds of questions about one row ({', '.join(sorted(kinds))}).",
        hint="Run it with lm-eval's own command line: elige lm-eval --tasks ...",
    )


def sampling_of(said: Mapping[str, Any]) -> Sampling:
    """lm-eval's `generation_kwargs` as sampling; what lm-eval takes for granted is filled in."""
    until = said.get("until") or []
    temperature = float(said.get("temperature", 0.0) or 0.0)
    samples = said.get("do_sample")
    tokens = next((said[key] for key in _TOKENS if said.get(key) is not None), MAX_TOKENS)
    if samples is True and "temperature" not in said:
        temperature = 1.0  # what transformers draws with where nobody says another
    return Sampling(
        temperature=0.0 if samples is False else temperature,
        top_p=float(said.get("top_p", 1.0)),
        top_k=int(said.get("top_k", 0)),
        repetition_penalty=float(said.get("repetition_penalty", 1.0)),
        max_tokens=int(tokens),
        stop=tuple([until] if isinstance(until, str) else [str(one) for one in until if one]),
    )


def not_taken(said: Mapping[str, Any] | None) -> list[str]:
    """Keys of `generation_kwargs` that mean nothing here."""
    return sorted(key for key in said or {} if key not in _TAKEN)


def _weighed(pairs: Sequence[tuple[str, str]]) -> Ask:
    contexts = [context for context, _ in pairs]
    continuations = tuple(continuation for _, continuation in pairs)
    if len({*contexts}) == 1:
        return Ask(prompt=_prompt(contexts[0]), continuations=continuations)
    if any(isinstance(context, _Conversation) for context in contexts):
        raise BadInput(
            "Choices that each follow a context of their own cannot be asked in chat messages.",
            hint="Say prompt=plain.",
        )
    return Ask(prompt=Prompt(), continuations=continuations, contexts=tuple(map(str, contexts)))


def _prompt(context: str) -> Prompt:
    if isinstance(context, _Conversation):
        return Prompt(messages=context.turns)
    return Prompt(text=context)


def _template(name: str) -> Callable[..., str]:
    def apply(messages: Sequence[Mapping[str, str]], *, add_generation_prompt: bool = True) -> str:
        if not add_generation_prompt:
            raise BadInput(
                f"{name} begins the answer itself (gen_prefix), which a conversation cannot.",
                hint="Say prompt=plain.",
            )
        return _Conversation.of(messages)

    return apply


def _role(text: str) -> Any:  # noqa: ANN401 - one of the roles of `Message`
    return text if text in {"system", "user", "assistant"} else "user"
