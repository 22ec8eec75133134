"""The estimates of `elige fit` beside what the torch engine then measures.

For each model and precision: the machine is measured, the model is run in a process of its own, and
the machine is measured again; of both measurements of the machine the faster numbers are taken, as
the model's are the best of its turns, for other programs only ever slow things down.

    python bench/fit.py --model smollm2-135m-instruct gemma-3-270m --dtype fp32 bf16
"""

import argparse
import os
from statistics import median

from elige.config import let_idle_threads_sleep, read_settings
from elige.workbench import FitOptions, Workbench, fit_model, measure_machine
from elige.workbench.measured import Measured
from elige.workbench.reckoning import READ_TOKENS, FitRow
from elige.workbench.trial import Trial, run_trial

NEW_TOKENS = 64
TIMES = ("token", "norm", "layer")


def better(one: Measured, other: Measured) -> Measured:
    """The faster of two measurements, number by number."""
    best = {
        name: min(value, other.values[name])
        if name.partition(".")[0] in TIMES
        else max(value, other.values[name])
        for name, value in one.values.items()
    }
    return Measured(values=best, date=one.date)


def keep(bench: Workbench, measured: Measured) -> None:
    """Let estimates be made of these numbers."""
    from elige.workbench.measured import here

    for name, value in measured.values.items():
        bench.store.save_measure("machine", here(bench), name, value, measured.date)


def compare(bench: Workbench, model: str, dtype: str) -> tuple[FitRow, Trial]:
    """The estimate, and what was measured."""
    before = measure_machine(bench)
    trial = run_trial(bench, f"{model},dtype={dtype}", tokens=READ_TOKENS, new=NEW_TOKENS)
    keep(bench, better(before, measure_machine(bench)))
    options = FitOptions(context=READ_TOKENS + NEW_TOKENS, precisions=(dtype,))
    return fit_model(bench, model, options).rows[0], trial


def line(model: str, dtype: str, row: FitRow, trial: Trial) -> tuple[str, list[float]]:
    """A line of the table, and how many times each estimate is what was measured."""
    cells, ratios = [], []
    pairs = (
        (row.peak, trial.peak_bytes, 1e6),
        (row.prefill, trial.read, 1.0),
        (row.decode, trial.written, 1.0),
    )
    for fact, measured, unit in pairs:
        value = fact.value if fact is not None and isinstance(fact.value, (int, float)) else 0.0
        ratios.append(value / measured if measured else 0.0)
        cells.append(f"{value / unit:,.1f} / {measured / unit:,.1f} ({ratios[-1]:.2f})")
    return f"| {model} | {dtype} | {' | '.join(cells)} |", ratios


def main() -> None:
    """Print the table: estimate / measurement (ratio)."""
    parser = argparse.ArgumentParser(description="estimates of elige fit beside measurements")
    parser.add_argument("--model", nargs="+", default=["smollm2-135m-instruct", "gemma-3-270m"])
    parser.add_argument("--dtype", nargs="+", default=["fp32", "bf16"])
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    let_idle_threads_sleep()
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}\n")
    print("| model | precision | peak MB | read tokens/s | written tokens/s |")
    print("|---|---|---|---|---|", flush=True)
    found: list[list[float]] = []
    with Workbench(read_settings()) as bench:
        for model in arguments.model:
            for dtype in arguments.dtype:
                for _ in range(arguments.rounds):
                    text, ratios = line(model, dtype, *compare(bench, model, dtype))
                    found.append(ratios)
                    print(text, flush=True)
    for name, at in (("peak", 0), ("read", 1), ("written", 2)):
        column = [ratios[at] for ratios in found]
        print(f"\n{name}: {min(column):.2f} to {max(column):.2f}, median {median(column):.2f}")


if __name__ == "__main__":
    main()
