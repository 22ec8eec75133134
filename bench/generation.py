"""Greedy texts of transformers' own `generate`, in a batch, against elige's engine.

Both run in one process, turn by turn, on two copies of the same weights; the figures are medians
of several turns. Tokens are those of the answers alone, stop strings included, so a batch that
waits for its longest row is not paid for waiting.

    python bench/generation.py --model smollm2-135m-instruct --dtype fp32 bf16 --turns 3
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import torch
import transformers

from elige.config import read_settings
from elige.engines.torch import TorchEngine
from elige.errors import BadInput
from elige.loader.candidate import parse_candidate
from elige.loader.opener import Loader
from elige.records import Answer, EngineSpec, Prompt, Sampling

WORDS = (
    *("river", "stone", "window", "garden", "yellow", "market", "letter", "winter", "bridge"),
    *("silver", "forest", "candle", "harbour", "pencil", "mountain", "button", "summer"),
    *("kitchen", "orange", "village"),
)
SHORT = (
    "The history of the {} begins with",
    "My neighbour told me that the {} was",
    "A recipe with {} needs three things:",
    "When I think of the word {}, I remember",
)
# Twelve shots of a task whose answers are as long as what is asked: repeat a list of words.
SHOTS, SHOT_WORDS = 12, (3, 9, 21)
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
FULL, SHORTEST, LONGEST = 32, 1, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is asked at once; the reference takes `batch` prompts at a time."""

    name: str
    prompts: tuple[str, ...]
    batch: int
    sampling: Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The texts of one turn, their tokens, and the seconds they took."""

    texts: tuple[str, ...]
    tokens: int
    seconds: float


def shapes() -> list[Shape]:
    """Batches of 1, 4 and 16, short and few-shot prompts, answers alike and unlike in length."""
    full = Sampling(max_tokens=FULL)
    line = Sampling(max_tokens=3 * LONGEST, stop=("\n",))
    found = []
    for batch in (1, 4, 16):
        short = tuple(SHORT[at % 4].format(WORDS[at]) for at in range(batch))
        copies = tuple(copying(0, lengths(batch)))
        shots = tuple(copying(SHOTS, lengths(batch)))
        found += [
            Shape(name="short, alike", prompts=short, batch=batch, sampling=full),
            Shape(name="short, stops", prompts=copies, batch=batch, sampling=line),
            Shape(name="few-shot, alike", prompts=shots, batch=batch, sampling=full),
            Shape(name="few-shot, stops", prompts=shots, batch=batch, sampling=line),
        ]
    queue = tuple(copying(SHOTS, lengths(48)))
    found.append(Shape(name="queue of 48, stops", prompts=queue, batch=16, sampling=line))
    return found


def lengths(count: int) -> list[int]:
    """Words in each list: mostly few, now and then very many; one of middle length alone."""
    if count == 1:
        return [12]
    return [LONGEST if at % 4 == 3 else SHORTEST + at % 6 for at in range(count)]


def copying(shots: int, sizes: Sequence[int]) -> list[str]:
    """Prompts that ask for a list of words again, after the same examples."""
    head = "Write the list again.\n\n"
    for at in range(max(shots, 2)):
        said = listed(at, SHOT_WORDS[at % 3])
        head += f"List: {said}\nAgain: {said}\n\n"
    return [f"{head}List: {listed(7 + at, size)}\nAgain:" for at, size in enumerate(sizes)]


def listed(seed: int, count: int) -> str:
    """So many words, another list for each seed."""
    return ", ".join(WORDS[(seed + at * (1 + seed % 7)) % len(WORDS)] for at in range(count))


class Reference:
    """transformers' own way: filled up on the left, all rows until the last is done."""

    def __init__(self, spec: EngineSpec, dtype: torch.dtype) -> None:
        auto: Any = transformers.AutoModelForCausalLM
        tokenizers: Any = transformers.AutoTokenizer
        self.model = auto.from_pretrained(spec.folder, dtype=dtype).eval()
        if torch.cuda.is_available():
            self.model = self.model.to("cuda")
        self.tokenizer = tokenizers.from_pretrained(spec.folder, padding_side="left")
        self.tokenizer.pad_token = self.tokenizer.pad_token or self.tokenizer.eos_token
        configs: Any = transformers.GenerationConfig
        self.model.generation_config = configs(
            eos_token_id=self.model.generation_config.eos_token_id,
            pad_token_id=self.tokenizer.pad_token_id,
        )

    def say(self, shape: Shape) -> Said:
        """The answers of one turn."""
        start = perf_counter()
        texts: list[str] = []
        tokens = 0
        for at in range(0, len(shape.prompts), shape.batch):
            for text, count in self._batch(shape.prompts[at : at + shape.batch], shape.sampling):
                texts.append(text)
                tokens += count
        return Said(texts=tuple(texts), tokens=tokens, seconds=perf_counter() - start)

    def _batch(self, prompts: Sequence[str], sampling: Sampling) -> list[tuple[str, int]]:
        given = self.tokenizer(list(prompts), return_tensors="pt", padding=True)
        given = given.to(self.model.device)
        stops: dict[str, Any] = {}
        if sampling.stop:
            stops = {"stop_strings": list(sampling.stop), "tokenizer": self.tokenizer}
        written = self.model.generate(
            **given, do_sample=False, max_new_tokens=sampling.max_tokens, **stops
        )
        return [self._answer(row, sampling) for row in written[:, given["input_ids"].shape[1] :]]

    def _answer(self, row: torch.Tensor, sampling: Sampling) -> tuple[str, int]:
        ids = row.tolist()
        end = self.tokenizer.eos_token_id
        count = ids.index(end) + 1 if end in ids else len(ids)
        text = self.tokenizer.decode(ids[:count], skip_special_tokens=True)
        for stop in sampling.stop:
            text = text.split(stop)[0]
        return text, count


def say(engine: TorchEngine, shape: Shape) -> Said:
    """The answers of one turn of elige's engine."""
    prompts = [Prompt(text=text) for text in shape.prompts]
    start = perf_counter()
    answers: dict[int, Answer] = {}
    for piece in engine.generate(prompts, shape.sampling):
        if piece.answer is not None:
            answers[piece.index] = piece.answer
        if piece.failure is not None:
            raise piece.failure
    seconds = perf_counter() - start
    ordered = [answers[at] for at in range(len(prompts))]
    return Said(
        texts=tuple(answer.text for answer in ordered),
        tokens=sum(answer.completion_tokens for answer in ordered),
        seconds=seconds,
    )


def compare(
    theirs: Callable[[Shape], Said], ours: Callable[[Shape], Said], shape: Shape, turns: int
) -> list[str]:
    """A line of the table: both speeds, their ratio, and how many texts are the same."""
    pairs = [(theirs(shape), ours(shape)) for _ in range(turns)]
    tokens = pairs[0][1].tokens
    # The same tokens for both: padding after a stop is nothing that was asked for.
    speeds = [(tokens / their.seconds, tokens / our.seconds) for their, our in pairs]
    ratio = median(our / their for their, our in speeds)
    same = sum(a == b for a, b in zip(pairs[0][0].texts, pairs[0][1].texts, strict=True))
    return [
        f"{shape.name}",
        f"{shape.batch}",
        f"{tokens}",
        f"{median(their for their, _ in speeds):.1f}",
        f"{median(our for _, our in speeds):.1f}",
        f"{ratio:.2f}",
        f"{same} of {len(shape.prompts)}",
    ]


def table(model: str, dtype: str, chosen: Sequence[Shape], turns: int) -> None:
    """Print a line for each shape, all on the same two copies of the weights."""
    engine = Loader(read_settings()).open(parse_candidate(f"{model},dtype={dtype}"))
    if not isinstance(engine, TorchEngine):
        raise BadInput(f"{model} does not run in the torch engine.")
    reference = Reference(engine._spec, DTYPES[dtype])
    print(f"\n{dtype}\n")
    print("| prompts, answers | batch | tokens | generate/s | elige/s | ratio | same texts |")
    print("|---|---|---|---|---|---|---|")
    for shape in chosen:
        line = compare(reference.say, lambda asked: say(engine, asked), shape, turns)
        print(f"| {' | '.join(line)} |", flush=True)
    engine.close()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="transformers' generate against elige, in turns")
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--dtype", nargs="+", choices=tuple(DTYPES), default=["fp32", "bf16"])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", default="", help="shapes whose name holds this")
    arguments = parser.parse_args()
    talk: Any = transformers.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    cuda = torch.cuda.is_available()
    where = torch.cuda.get_device_name() if cuda else f"CPU, {torch.get_num_threads()} threads"
    print(f"{arguments.model}; {where}; median of {arguments.turns} turns;", end=" ")
    print(f"torch {torch.__version__}, transformers {transformers.__version__}")
    chosen = [shape for shape in shapes() if arguments.only in shape.name]
    for dtype in arguments.dtype:
        table(arguments.model, dtype, chosen, arguments.turns)


if __name__ == "__main__":
    main()
