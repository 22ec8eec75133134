"""What a search found, as a table with its counts, or as JSON."""

from typing import TYPE_CHECKING, Any  # JSON-like values have no better static type

from rich.console import Console

from elige.cli.screen import Column, Row, print_rows, shortened_name

if TYPE_CHECKING:
    from decimal import Decimal

    from elige.catalog.search import Hit
    from elige.workbench.models_search import Searched

_NAME_WIDTH = 44
_LICENCE_WIDTH, _VALUE_WIDTH = 18, 40
_MARKS = {"yes": "✓", "conditions": "~", "unknown": "?", "no": "✗"}
_LEGEND = "Licence: ✓ commercial use, ~ under conditions, ✗ not, ? unknown; no legal advice."
_PRICE = "Price: $ per million tokens, cheapest paid offer, 3 of input to 1 of output."
_SHOWN_VALUES = 6


def print_found(console: Console, searched: "Searched") -> None:
    """The table, what its marks mean, and the counts of all that was found."""
    found = searched.found
    for note in found.notes:
        console.print(note, markup=False, soft_wrap=True)
    if not found.hits:
        line = "No model matches." if not found.total else "There is nothing after these."
        console.print(line, markup=False)
        return
    score = found.scored
    columns = [
        Column("model", right=False),
        Column("size"),
        Column("licence", right=False),
        Column("open", right=False, optional=True),
        Column("context", optional=True),
        Column("price"),
        Column(score or _sorted_by(searched)),
    ]
    print_rows(console, columns, [_row(hit, searched, score) for hit in found.hits])
    first = searched.query.offset
    shown = (
        f"{first + 1:,}-{first + len(found.hits):,} of " if found.total > len(found.hits) else ""
    )
    console.print(f"\n{shown}{_models(found.total)} in {found.seconds * 1000:.0f} ms", markup=False)
    _print_facets(console, searched)
    told = [_LEGEND, *([_PRICE] if any(hit.price is not None for hit in found.hits) else [])]
    if searched.query.fits is not None:
        told.append("Memory is estimated: weights at 4.84 bits, 4,096 tokens of cache, 0.5 GB.")
    console.print(" ".join(told), markup=False, style="dim")


def search_facts(searched: "Searched") -> dict[str, Any]:
    """Everything found, for programs."""
    from elige.catalog.licence_terms import USES

    found = searched.found
    return {
        "total": found.total,
        "seconds": round(found.seconds, 4),
        "notes": list(found.notes),
        "notices": list(searched.notices),
        "relaxed": found.relaxed,
        "models": [
            {"model": hit.model}
            | {
                name: value
                for name, value in hit.facts.items()
                if name not in {"may", "may_own", "kv"}
            }
            | {"may": {use: hit.may(use) for use in USES}}
            | {"may_is_inherited": "may_own" in hit.facts}
            for hit in found.hits
        ],
        "facets": {name: dict(values) for name, values in found.facets.items()},
        "facets_estimated": found.estimated,
        "estimated": {"memory": _memory_formula()},
    }


def _memory_formula() -> str:
    from elige.catalog.search.described import FIT_FORMULA, FIT_PRECISIONS

    return f"{FIT_FORMULA}; bytes, weights in {FIT_PRECISIONS[0]}"


def _models(count: int) -> str:
    return "1 model" if count == 1 else f"{count:,} models"


def _sorted_by(searched: "Searched") -> str:
    name = searched.query.sort.partition(":")[0]
    return name if name in {"likes", "updated", "released"} else "downloads"


def _row(hit: "Hit", searched: "Searched", score: str) -> Row:
    name = shortened_name(hit.model, _NAME_WIDTH)
    is_old = hit.facts.get("deprecated") is True
    last = _score(hit, score) if score else _last(hit, _sorted_by(searched))
    return Row(
        (
            name,
            human_count(hit.number("parameters")),
            f"{_MARKS[hit.may('commercial')]} {_licence(hit)}",
            hit.openness or "?",
            human_count(hit.number("context"), binary=True),
            human_price(hit.price),
            last,
        ),
        style="dim" if is_old else "",
        below="deprecated" if is_old else "",
    )


def _licence(hit: "Hit") -> str:
    return shortened_name(str(hit.facts.get("licence", "unknown")), _LICENCE_WIDTH)


def _last(hit: "Hit", name: str) -> str:
    number = hit.number(name)
    if name in {"updated", "released"} and number:
        text = str(number)
        return "-".join(part for part in (text[:4], text[4:6], text[6:8]) if part != "00")
    return human_count(number)


def _score(hit: "Hit", key: str) -> str:
    value = hit.facts.get("scores", {}).get(key)
    return "?" if value is None else f"{value:.4g}"


def human_count(count: int | None, *, binary: bool = False) -> str:
    """A count as people say it: 7.24B, 135M, 32K; '?' where it is not known."""
    if count is None:
        return "?"
    if binary and count >= 1024 and count % 1024 == 0:
        thousands = count // 1024
        return f"{thousands // 1024}M" if thousands % 1024 == 0 else f"{thousands}K"
    for letter, size in (("T", 10**12), ("B", 10**9), ("M", 10**6), ("K", 10**3)):
        if count >= size:
            return f"{count / size:.3g}{letter}"
    return str(count)


def human_price(price: "Decimal | None") -> str:
    """Dollars, as exact as prices are said; '?' where none is known."""
    if price is None:
        return "?"
    return f"${price:.2f}" if price >= 1 else f"${price:.3f}"


def _print_facets(console: Console, searched: "Searched") -> None:
    for name, values in searched.found.facets.items():
        if values and not (len(values) == 1 and values[0][1] == searched.found.total):
            about = "≈" if searched.found.estimated else ""
            shown = values[:_SHOWN_VALUES]
            told = "  ".join(
                f"{shortened_name(value, _VALUE_WIDTH)} {about}{count:,}" for value, count in shown
            )
            more = " ..." if len(values) > _SHOWN_VALUES else ""
            console.print(f"  {name:<9}{told}{more}", markup=False, soft_wrap=True)
