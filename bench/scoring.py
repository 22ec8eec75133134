"""Scoring side by side: elige's token tree and lm-evaluation-harness' HF backend.

    python bench/scoring.py                      # fp32 and bf16, all cases, 100 items, 3 rounds
    python bench/scoring.py --dtype fp32 --case hellaswag-0 --items 40

Both sides get the same questions, in one process, in turn, on the same weights; lm-eval runs at
the batch size that was fastest for it in a trial. The floor is the time of the matrix products
alone: the ones that elige's passes ask for, at the same shapes, on the same lanes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any  # models and requests of other libraries

sys.path.insert(0, str(Path(__file__).parent))

from scoring_cases import CASES, Item, items_of
from scoring_floor import Floor

BATCHES = (1, 2, 4, 8, 16, 32, 64)
MODEL = "smollm2-135m-instruct"


@dataclass(frozen=True, slots=True)
class Scored:
    """What one side found: a log-probability for each continuation, and the seconds it took."""

    logprobs: list[list[float]]
    seconds: float


def main() -> None:
    """Run the cases and print a table as Markdown."""
    asked = _arguments()
    if asked.side:
        _alone(asked)
        return
    if asked.device.startswith("cuda") and not _has_gpu():
        print("There is no GPU that torch can use here: skipped.")
        return
    folder = asked.model or _folder()
    _print_machine(asked)
    for dtype in asked.dtype:
        sides = Sides(folder, dtype, asked.device)
        for case in asked.case:
            items = items_of(case, asked.items, Path(asked.data))
            _print_row(sides, case, items, asked, folder)


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


class Sides:
    """The two engines on the same weights."""

    def __init__(self, folder: str, dtype: str, device: str, only: str = "") -> None:
        self.dtype = dtype
        self.device = device
        self.elige: Any = None if only == "lm-eval" else _elige(folder, dtype)
        self.harness: Any = None if only == "elige" else _lm_eval(folder, dtype, device)

    def ask_elige(self, items: Sequence[Item]) -> Scored:
        """Elige's scores of all items in one call."""
        from elige.records import Ask, Prompt

        asks = [Ask(prompt=Prompt(text=one.context), continuations=one.choices) for one in items]
        start = perf_counter()
        answers = self.elige.score(asks)
        seconds = perf_counter() - start
        return Scored([[w.logprob for w in answer.weighed] for answer in answers], seconds)

    def ask_harness(self, items: Sequence[Item], batch: int) -> Scored:
        """lm-eval's scores of all items in one call of `loglikelihood`."""
        from lm_eval.api.instance import Instance

        requests = [
            Instance("loglikelihood", {}, (one.context, choice), at)
            for one in items
            for at, choice in enumerate(one.choices)
        ]
        self.harness.batch_size_per_gpu = batch
        start = perf_counter()
        found = iter(self.harness.loglikelihood(requests, disable_tqdm=True))
        seconds = perf_counter() - start
        return Scored([[next(found)[0] for _ in one.choices] for one in items], seconds)

    def best_batch(self, items: Sequence[Item]) -> int:
        """The batch size at which lm-eval is fastest on some of the items."""
        trial = items[: max(8, len(items) // 5)]
        times = {size: self.ask_harness(trial, size).seconds for size in BATCHES}
        return min(times, key=lambda size: times[size])


def _print_row(
    sides: Sides, case: str, items: Sequence[Item], asked: argparse.Namespace, folder: str
) -> None:
    batch = asked.batch or sides.best_batch(items)
    sides.ask_elige(items[:4])
    sides.elige._scorer._tree._beginnings.clear()  # as before each timed call
    floor = Floor(sides.elige)
    tokens = floor.record(lambda: sides.ask_elige(items))
    sides.elige._scorer._tree._beginnings.clear()
    ours, theirs, floors, alone = [], [], [], []
    for _ in range(asked.rounds):
        theirs.append(sides.ask_harness(items, batch))
        ours.append(sides.ask_elige(items))
        sides.elige._scorer._tree._beginnings.clear()
        floors.append(floor.seconds(attention=True))
        alone.append(floor.seconds(attention=False))
    mine = statistics.median(one.seconds for one in ours)
    other = statistics.median(one.seconds for one in theirs)
    ratio = statistics.median(t.seconds / o.seconds for t, o in zip(theirs, ours, strict=True))
    share = statistics.median(f / o.seconds for f, o in zip(floors, ours, strict=True))
    bare = statistics.median(f / o.seconds for f, o in zip(alone, ours, strict=True))
    memory = {side: _peak(side, case, sides.dtype, batch, asked, folder) for side in SIDES}
    far, same = _agreement(theirs[0].logprobs, ours[0].logprobs)
    print(
        f"| {sides.dtype} | {case} | {len(items) / other:.2f} (batch {batch}) "
        f"| {len(items) / mine:.2f} | **{ratio:.2f}x** | {share:.0%} | {bare:.0%} | {tokens:,} "
        f"| {far:.1e} | {same}/{len(items)} | {memory['lm-eval']} | {memory['elige']} |",
        flush=True,
    )


SIDES = ("lm-eval", "elige")


def _agreement(one: list[list[float]], two: list[list[float]]) -> tuple[float, int]:
    far = max(abs(a - b) for x, y in zip(one, two, strict=True) for a, b in zip(x, y, strict=True))
    same = sum(x.index(max(x)) == y.index(max(y)) for x, y in zip(one, two, strict=True))
    return far, same


def _peak(
    side: str, case: str, dtype: str, batch: int, asked: argparse.Namespace, folder: str
) -> str:
    """Peak resident memory of one side in a process of its own, and what it was before scoring."""
    if asked.no_memory:
        return "-"
    command = [sys.executable, __file__, "--side", side, "--case", case, "--dtype", dtype]
    command += ["--items", str(asked.items), "--batch", str(batch), "--data", asked.data]
    command += ["--model", folder, "--device", asked.device]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return f"{said['peak'] / 1e9:.2f} GB"


def _alone(asked: argparse.Namespace) -> None:
    """Score one case on one side and print the peak of this process' memory, in bytes."""
    items = items_of(asked.case[0], asked.items, Path(asked.data))
    sides = Sides(asked.model, asked.dtype[0], asked.device, only=asked.side)
    if asked.side == "elige":
        sides.ask_elige(items)
    else:
        sides.ask_harness(items, asked.batch)
    # Not getrusage: its peak counts the process from which this one was started.
    status = Path("/proc/self/status").read_text("utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"peak": int(peak.split()[1]) * 1024}))


def _elige(folder: str, dtype: str) -> Any:  # noqa: ANN401 - an engine
    from elige.engines.torch import TorchEngine
    from elige.records import Candidate, EngineSpec, Identity, ModelRef, RefKind

    ref = ModelRef(text=folder, kind=RefKind.FOLDER, location=folder)
    return TorchEngine(
        EngineSpec(
            candidate=Candidate(name="bench", ref=ref, dtype=dtype),
            identity=Identity(weights="bench", engine="torch"),
            folder=Path(folder),
        )
    )


def _lm_eval(folder: str, dtype: str, device: str) -> Any:  # noqa: ANN401 - a model of lm-eval
    from lm_eval.models.huggingface import HFLM

    made: Callable[..., Any] = HFLM
    name = {"fp32": "float32", "bf16": "bfloat16"}[dtype]
    return made(pretrained=folder, dtype=name, device=device, batch_size=8)


def _folder() -> str:
    """The packaged model, converted once, as a folder."""
    from elige.config import read_settings
    from elige.loader.candidate import parse_candidate
    from elige.loader.opener import Loader

    loader = Loader(read_settings())
    found = loader._spec(parse_candidate(MODEL), "torch").folder
    return str(found)


def _print_machine(asked: argparse.Namespace) -> None:
    import torch
    import transformers
    from lm_eval import __version__ as harness

    cores = len(os.sched_getaffinity(0))
    print(
        f"{cores} cores, {asked.device}, torch {torch.__version__} ({torch.get_num_threads()} "
        f"threads), transformers {transformers.__version__}, lm-eval {harness}; {asked.items} "
        f"items, medians of {asked.rounds} interleaved rounds.\n"
    )
    head = ["precision", "case", "lm-eval items/s", "elige items/s", "ratio", "share of the floor"]
    head += ["projections alone", "tokens computed", "largest difference", "same choice"]
    head += ["lm-eval peak", "elige peak"]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}", flush=True)


def _arguments() -> argparse.Namespace:
    shared = Path(__file__).parent.parent.parent / "shared" / "data" / "benchmarks"
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dtype", nargs="+", default=["fp32", "bf16"], choices=["fp32", "bf16"])
    parser.add_argument("--case", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--batch", type=int, default=0, help="lm-eval's batch size; 0 tries some.")
    parser.add_argument("--data", default=str(shared))
    parser.add_argument("--model", default="", help="A model folder; the packaged SmolLM2 if none.")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--side", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
