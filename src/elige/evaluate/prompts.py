"""A sample as one candidate is asked it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from elige.errors import BadInput
from elige.evaluate.combined import combined
from elige.evaluate.forms import CONTINUES, LETTERS, code_stops, default_form, default_max_tokens
from elige.evaluate.samples import WORKING
from elige.evaluate.template import filled
from elige.records import (
    Ask,
    Candidate,
    EngineInfo,
    Message,
    Prompt,
    PromptForm,
    Sample,
    Sampling,
    Task,
)

_WEIGHING = {"choice", "classification"}
_PLAIN_WORD_TOKENS = 32
# A hosted model may reason before it answers; below this most would be cut off.
_REMOTE_TOKENS = 1024
_MOST_LETTERS = 26


def render(task: Task, candidate: Candidate, info: EngineInfo, sample: Sample) -> Ask:
    """The question to the engine: continuations to weigh, or a prompt to answer in words.

    Choices and labels are weighed by every engine that can score; others are asked for the letter
    or the label. A conversation is used where the model has a template and always for endpoints,
    except for continuations that are weighed: a template in the middle of an unfinished text
    makes no sense. Raises `BadInput` when there are fewer examples than the candidate wants, or
    it wants a conversation and its model has no template.
    """
    return asking(task, candidate, info)(sample)


def asking(task: Task, candidate: Candidate, info: EngineInfo) -> Callable[[Sample], Ask]:
    """`render` for many samples: what they have in common, the examples too, is made once."""
    if info.members:
        return combined([asking(task, one.candidate, one.info) for one in info.members])
    examiner = task.examiner
    if examiner is not None:
        return lambda sample: examiner.ask(candidate, info, sample)
    return _Asking(task, candidate, info).ask


def prompt_preview(task: Task, candidate: Candidate, info: EngineInfo, n: int = 3) -> list[str]:
    """The first `n` samples as this candidate would be asked them, with what would be right."""
    rehearsing = _rehearsing(info)
    shown = []
    for sample in task.samples[:n]:
        ask = render(task, candidate, rehearsing, sample)
        shown.append(f"{ask.prompt.shown()}\n{_outcome(ask)}")
    return shown


def _rehearsing(info: EngineInfo) -> EngineInfo:
    members = tuple(replace(one, info=_rehearsing(one.info)) for one in info.members)
    return replace(info, rehearses=True, members=members)


def _outcome(ask: Ask) -> str:
    right = ask.prompt.rehearsal
    if ask.rolling:
        return "-> weighed as a whole"
    if ask.is_choice:
        options = " | ".join(repr(one) for one in ask.continuations)
        return f"-> weighed: {options}; right is {right!r}"
    sampling = ask.sampling or Sampling()
    stop = f", up to {' or '.join(map(repr, sampling.stop))}" if sampling.stop else ""
    return f"-> answered in at most {sampling.max_tokens} tokens{stop}; right is {right!r}"


class _Asking:
    """What is the same for every sample of one candidate."""

    def __init__(self, task: Task, candidate: Candidate, info: EngineInfo) -> None:
        self._task = task
        self._candidate = candidate
        self._rehearse = info.rehearses
        self._weighs = info.can_score and task.kind in _WEIGHING and task.scorer.name in _WEIGHING
        self._form = self._put(task)
        self._chat = self._is_chat(info)
        shots = candidate.shots or 0
        if shots > len(task.shots):
            raise BadInput(
                f"{candidate.name} wants {shots} examples, but there are {len(task.shots)}.",
                hint="Ask for fewer shots, or name a file of examples with --shots-from.",
            )
        self._shots = task.shots[:shots]

    def ask(self, sample: Sample) -> Ask:
        """One sample's question."""
        prompt = self._conversation(sample) if self._chat else self._text(sample)
        if not self._weighs:
            right = self._answer(sample, shot=False)
            return Ask(prompt=self._rehearsed(prompt, right), sampling=self._sampling)
        continuations = tuple(self._reply(text) for text in self._options(sample))
        right = self._reply(self._answer(sample, shot=False))
        return Ask(
            prompt=self._rehearsed(prompt, right),
            continuations=continuations,
            unconditional=("normalise", "unconditional") in self._task.scorer.options,
        )

    def _put(self, task: Task) -> PromptForm:
        """The task's form; choices that cannot be weighed must be listed to be answered."""
        form = task.form
        if self._weighs or task.kind != "choice" or form.choice_format == "letters":
            return form
        listed = default_form("choice", "letters")
        goes_on = form.choice_format == "continuation"
        words = CONTINUES if goes_on else LETTERS
        return PromptForm(
            instruction="\n".join(part for part in (form.instruction, words) if part),
            question=f"{form.question.strip()}\n{{choices}}\nAnswer:"
            if goes_on
            else listed.question,
            chat=listed.chat,
            separator=form.separator,
        )

    def _is_chat(self, info: EngineInfo) -> bool:
        wanted, remote = self._candidate.prompt, self._candidate.ref.is_remote
        able = info.has_template or remote or info.rehearses
        if wanted == "chat" and not able:
            raise BadInput(
                f"{self._candidate.name} has no chat template.",
                hint="Say prompt=plain, or leave prompt out.",
            )
        if wanted != "auto":
            return wanted == "chat"
        if self._weighs and self._form.choice_format == "continuation":
            return False
        return info.has_template or remote

    def _conversation(self, sample: Sample) -> Prompt:
        return Prompt(messages=(*self._turns_before, Message("user", self._question(sample))))

    @cached_property
    def _turns_before(self) -> tuple[Message, ...]:
        turns: list[Message] = []
        system = self._opening()
        if system:
            turns.append(Message("system", system))
        for shot in self._shots:
            turns.append(Message("user", self._question(shot)))
            turns.append(Message("assistant", self._reply(self._answer(shot, shot=True), shot)))
        return tuple(turns)

    def _text(self, sample: Sample) -> Prompt:
        parts = (*self._parts_before, self._question(sample))
        return Prompt(text=self._form.separator.join(part for part in parts if part))

    @cached_property
    def _parts_before(self) -> tuple[str, ...]:
        shots = (
            self._question(shot) + self._reply(self._answer(shot, shot=True), shot)
            for shot in self._shots
        )
        return self._opening(), *shots

    def _opening(self) -> str:
        parts = (self._candidate.system.strip(), self._form.instruction.strip())
        return "\n\n".join(part for part in parts if part)

    def _question(self, sample: Sample) -> str:
        template = self._form.question
        if self._chat and self._form.chat:
            template = self._form.chat
        text = filled(template, lambda name: self._value(name, sample, ""))
        text = text.strip() if self._chat else text.lstrip("\n")
        # The answer brings its own space: two of them make tokens that no text has.
        return text.rstrip(" ") if self._form.answer.startswith(" ") else text

    def _reply(self, answer: str, sample: Sample | None = None) -> str:
        """The answer as it stands in the text; in a conversation without its leading space."""
        reply = filled(
            self._form.answer,
            lambda name: self._value(name, sample, answer) if sample else answer,
        )
        return reply.strip() if self._chat else reply

    def _value(self, name: str, sample: Sample, answer: str) -> str:
        if name == "question":
            return sample.question
        if name == "answer":
            return answer
        if name == "choices":
            marks = letters(len(sample.choices))
            pairs = zip(marks, sample.choices, strict=True)
            return "\n".join(f"{mark}. {text}" for mark, text in pairs)
        return dict(sample.fields).get(name, "")

    def _options(self, sample: Sample) -> Sequence[str]:
        if self._task.kind == "classification":
            return self._task.labels
        if self._form.choice_format == "letters":
            return letters(len(sample.choices))
        return sample.choices

    def _answer(self, sample: Sample, *, shot: bool) -> str:
        """What is right: a letter, a text, or for an example the whole working."""
        listed = self._task.kind == "choice" and self._form.choice_format == "letters"
        if listed and sample.right is not None:
            return letters(len(sample.choices))[sample.right]
        working = dict(sample.fields).get(WORKING, "") if shot else ""
        return working or sample.target

    def _rehearsed(self, prompt: Prompt, right: str) -> Prompt:
        if not self._rehearse:
            return prompt
        return Prompt(messages=prompt.messages, text=prompt.text, rehearsal=right)

    @cached_property
    def _sampling(self) -> Sampling:
        one = self._candidate
        return Sampling(
            temperature=0.0 if one.temperature is None else one.temperature,
            top_p=1.0 if one.top_p is None else one.top_p,
            top_k=one.top_k or 0,
            max_tokens=one.max_tokens or self._max_tokens(),
            stop=self._stop(),
            seed=one.seed or 0,
        )

    def _max_tokens(self) -> int:
        task = self._task
        if task.max_tokens is not None:
            return task.max_tokens
        if not self._chat and task.kind in _WEIGHING:
            return _PLAIN_WORD_TOKENS
        if self._chat and self._candidate.ref.is_remote:
            return _REMOTE_TOKENS
        return default_max_tokens(task.kind, task.scorer.name)

    def _stop(self) -> tuple[str, ...]:
        """Where plain text ends: a base model would go on with questions of its own.

        A line break ends a short answer once examples have shown that it is one line; without
        examples many models begin with a line break.
        """
        if self._task.stop or self._chat:
            return self._task.stop
        if code := code_stops(self._form):
            return code
        head = self._form.question.partition("{")[0].strip()
        stops = [f"\n{head}"] if head else []
        if self._shots and self._form.separator.strip(" "):
            stops.append(self._form.separator)
        one_line = self._task.kind in _WEIGHING or self._task.scorer.name in {"contains", "exact"}
        if one_line:
            stops.append("\n" if self._shots else "\n\n")
        return tuple(dict.fromkeys(stops))


def letters(count: int) -> tuple[str, ...]:
    """A, B, C ... for `count` choices; numbers from 1 when the alphabet does not suffice."""
    if count > _MOST_LETTERS:
        return tuple(str(place + 1) for place in range(count))
    return tuple(chr(ord("A") + place) for place in range(count))
