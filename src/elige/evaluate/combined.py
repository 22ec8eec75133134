"""A sample as a combination is asked it: the question in each member's own way."""

from collections.abc import Callable, Sequence

from elige.errors import BadInput
from elige.records import Ask, CombinedPrompt, Sample

Asking = Callable[[Sample], Ask]


def combined(members: Sequence[Asking]) -> Asking:
    """Asks all of `members` in one question; it is weighed where all of them weigh.

    Each keeps its own prompt and sampling; what is seen first is the first member's. Raises
    `BadInput` for texts that are weighed as a whole: there is no answer to choose among.
    """

    def ask(sample: Sample) -> Ask:
        variants = tuple(one(sample) for one in members)
        first = variants[0]
        if any(one.rolling for one in variants):
            raise BadInput(
                "A combination cannot weigh whole texts.", hint="Evaluate its members one by one."
            )
        weighs = all(one.is_choice for one in variants)
        prompt = CombinedPrompt(
            messages=first.prompt.messages,
            text=first.prompt.text,
            rehearsal=first.prompt.rehearsal,
            variants=variants,
            question=sample.question,
            group=sample.group,
        )
        return Ask(
            prompt=prompt,
            continuations=first.continuations if weighs else (),
            sampling=next((one.sampling for one in variants if one.sampling), None),
        )

    return ask
