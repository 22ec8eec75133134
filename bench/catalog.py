"""The catalogue at 2.5 million cards: first load, an increment, searches; with their memory.

The cards are made once from the real ones and kept in the folder; each step runs in a process of
its own, so that its peak of memory is its own.

    python bench/catalog.py .../llmfit/hf_models_16849.json.gz --folder /tmp/cards
    python bench/catalog.py .../hf_models_16849.json.gz --folder /tmp/cards --count 100000
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Thread
from time import perf_counter, sleep
from typing import Any  # what the steps say of themselves is JSON

import psutil
from catalog_cards import HubShape, changed_rows, file_name, real_records, rows, write

from elige import plugins
from elige.catalog.search import Following, Query, SearchIndex, follow, search
from elige.catalog.shelf import Shelf
from elige.catalog.shelf.state import SyncOptions
from elige.catalog.sources import source
from elige.records import Place, Source
from elige.text import human_bytes, human_seconds

_DATE = "2026-11-26"
_INCREMENT = 10_000
# Of the queries: how many ask for a word that a great part of all cards has.
_HEAVY_SHARE = 0.35
_HEAVY_HITS = 200_000
_HEAVY: tuple[str, ...] = (
    "transformers",
    "conversational",
    "llama",
    "qwen",
    "instruct",
    "gguf",
    "text generation",
)
_HEAVY += ("qwen 3", "qwen instruct", "llama 3", "en", "unsloth", "lora", "mistral", "safetensors")
_LIGHT: tuple[str, ...] = (
    "mixtral 8x7b",
    "biomistral",
    "qwen2.5 coder 7b",
    "mistral 7b instruct",
    "smollm",
    "olmo",
)
_LIGHT += ("falcon 7b", "gemma 2b", "phi 3 mini", "pythia", "medical llama", "deepseek math")
_LIGHT += ("mixtrall", "granite code", "llama 2 13b chat", "german", "nemotron", "gemma 3 27b it")
_FILTERS: tuple[tuple[dict[str, Any], ...], ...] = (
    ({"tasks": ("text-generation",)}, {"tasks": ("image-text-to-text",)}, {"openness": "weights"}),
    ({"may": ("commercial",)}, {"licences": ("apache-2.0",)}, {"may": ("commercial", "host")}),
    (
        {"languages": ("en",)},
        {"parameters": (1_000_000_000, 8_000_000_000)},
        {"fits": 24_000_000_000},
        {"languages": ("de",)},
        {"parameters": (3_000_000_000, 14_000_000_000)},
    ),
)
# What issue and design promise, on two cores.
_TARGETS = {"p50": 0.015, "p99": 0.060, "load": 300.0, "increment": 5.0, "memory": 1.5e9}


def reader() -> Source:
    """The installed reader of hub-stats, or the bench's own."""
    own: Source = HubShape()
    return source("hub-stats") if "hub-stats" in plugins.names("sources") else own


def queries(count: int) -> list[Query]:
    """Searches with text, three filters, counts and the top 20; the same at every start."""
    random = Random(5)
    found = []
    for _ in range(count):
        words = _HEAVY if random.random() < _HEAVY_SHARE else _LIGHT
        filters: dict[str, Any] = {}
        for kind in _FILTERS:
            filters |= random.choice(kind)
        sort = random.choice(("relevance", "relevance", "relevance", "downloads", "updated"))
        found.append(Query(text=random.choice(words), sort=sort, limit=20, **filters))
    return found


def generate(args: argparse.Namespace) -> dict[str, Any]:
    """The files, unless they are there."""
    began = perf_counter()
    real, whole, more = real_records(args.records), parquet(args), increment_file(args)
    if not whole.exists():
        write(whole, rows(real, args.count, seed=args.seed))
    if not more.exists():
        write(more, changed_rows(real, _INCREMENT, args.count, seed=args.seed))
    return {"seconds": perf_counter() - began, "bytes": whole.stat().st_size}


def load(args: argparse.Namespace) -> dict[str, Any]:
    """The first load: from the file onto an empty shelf, and from there into an empty index."""
    for path in args.folder.glob("catalog.*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return take_in(args, parquet(args), partial=False)


def increment(args: argparse.Namespace) -> dict[str, Any]:
    """Half new cards, half changed ones, on top of all."""
    return take_in(args, increment_file(args), partial=True)


def take_in(args: argparse.Namespace, path: Path, *, partial: bool) -> dict[str, Any]:
    """What a sync of `path` takes, and the index's catching up."""
    began = perf_counter()
    own = reader()
    sources = {own.name: own}
    with Shelf.open(args.folder / "catalog.db", sources, today=_DATE) as shelf:
        options = SyncOptions(today=_DATE, partial=partial)
        synced = shelf.sync(own, Place(path=path), options)
        on_shelf = perf_counter()
        index = SearchIndex(args.folder / "catalog.index")
        followed = follow(index, shelf, Following(sources=sources, threads=args.threads))
    return {
        "seconds": perf_counter() - began,
        "shelf": on_shelf - began,
        "index": perf_counter() - on_shelf,
        "cards": index.searcher.num_docs - 1,
        "segments": index.searcher.num_segments,
        "followed": followed.changed,
        "broken": synced.broken_count,
    }


def query(args: argparse.Namespace) -> dict[str, Any]:
    """Every query once, cold caches of its own; the first few warm the files up."""
    index = SearchIndex(args.folder / "catalog.index")
    index.refresh()
    searcher = index.searcher
    asked = queries(args.queries)
    for one in asked[:5]:
        search(index, one)
    times, heavy, totals = [], 0, []
    slowest: tuple[float, Query | None, int] = (0.0, None, 0)
    for one in asked:
        began = perf_counter()
        found = search(index, one)
        seconds = perf_counter() - began
        times.append(seconds)
        totals.append(found.total)
        least = args.heavy_hits
        heavy += any(searcher.doc_freq("text", word) > least for word in one.text.split())
        slowest = max(slowest, (seconds, one, found.total), key=lambda row: row[0])
    times.sort()
    return {
        "p50": times[len(times) // 2],
        "p99": times[min(len(times) - 1, int(0.99 * len(times)))],
        "max": times[-1],
        "heavy": heavy / len(asked),
        "median total": sorted(totals)[len(totals) // 2],
        "slowest": f"{slowest[2]:,} for {_said(slowest[1])}",
    }


def _said(one: Query | None) -> str:
    if one is None:
        return ""
    fields = ("tasks", "may", "licences", "languages", "parameters", "fits", "openness", "sort")
    told = [f"{name}={getattr(one, name)}" for name in fields if getattr(one, name)]
    return f"{one.text!r} {' '.join(told)}"


STEPS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "generate": generate,
    "load": load,
    "increment": increment,
    "query": query,
}


def parquet(args: argparse.Namespace) -> Path:
    """The file of all cards."""
    folder: Path = args.folder
    return folder / file_name(args.count, args.seed)


def increment_file(args: argparse.Namespace) -> Path:
    """The file of those that change."""
    return parquet(args).with_suffix(".more.parquet")


def run_step(name: str, argv: list[str]) -> dict[str, Any]:
    """A step in a process of its own, with its peak of memory."""
    done = subprocess.run(
        [sys.executable, __file__, *argv, "--step", name], stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class Watch:
    """The most memory that this process and those it started hold at one moment.

    Looked at every fifth of a second: their peaks are at different moments, and the kernel counts
    to a child what its parent held when it was started.
    """

    def __init__(self) -> None:
        self.most = 0
        self._own = psutil.Process()
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            with suppress(psutil.Error):
                every = [self._own, *self._own.children(recursive=True)]
                self.most = max(self.most, sum(one.memory_info().rss for one in every))
            sleep(0.2)


def processor() -> float:
    """Seconds of processors that this process and those it started took."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def main() -> None:
    """Make the cards, load them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path, help="hf_models_16849.json.gz of llmfit")
    parser.add_argument("--folder", type=Path, required=True, help="where cards and index lie")
    parser.add_argument("--count", type=int, default=2_500_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2, help="that write the index")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip-load", action="store_true", help="ask the index that is there")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.heavy_hits = min(_HEAVY_HITS, args.count * _HEAVY_HITS // 2_500_000)
    args.folder.mkdir(parents=True, exist_ok=True)
    if args.step:
        watch = Watch()
        found = STEPS[args.step](args)
        found |= {"processor": processor(), "memory": watch.most}
        print(json.dumps(found))
        return
    argv = sys.argv[1:]
    steps = ["query"] if args.skip_load else list(STEPS)
    print(table({name: run_step(name, argv) for name in steps}, args))


def table(found: dict[str, dict[str, Any]], args: argparse.Namespace) -> str:
    """The figures beside what is aimed at."""
    lines = [
        f"{args.count:,} cards, {args.queries} queries: text, three filters, counts, top 20",
        "",
    ]
    for name in ("load", "increment"):
        if name in found:
            one = found[name]
            parts = f"shelf {one['shelf']:.1f} s, index {one['index']:.1f} s"
            parts += f"; processors {one['processor']:.0f} s"
            told = f"{human_seconds(one['seconds'])} ({parts}; {one['segments']} segments)"
            lines.append(_line(f"{name}", told, one["seconds"], _TARGETS[name], "s"))
    one = found["query"]
    for name in ("p50", "p99"):
        told = f"{one[name] * 1000:.1f} ms"
        lines.append(_line(name, told, one[name], _TARGETS[name], "s"))
    for name, step in found.items():
        if name != "generate":
            told = human_bytes(step["memory"])
            lines.append(_line(f"memory, {name}", told, step["memory"], _TARGETS["memory"], "B"))
    lines.append(
        f"{one['heavy']:.0%} of the queries have a word of over {args.heavy_hits:,} cards,"
    )
    lines.append(f"half find more than {one['median total']:,}; the slowest, {one['max']:.3f} s,")
    lines.append(f"found {one['slowest']}")
    return "\n".join(lines)


def _line(name: str, told: str, value: float, target: float, unit: str) -> str:
    aim = human_bytes(int(target)) if unit == "B" else f"{target:g} s"
    return f"{name:<18}{told:<76}{'ok  ' if value <= target else 'OVER'} (at most {aim})"


if __name__ == "__main__":
    main()
