"""`elige models search`: models by words and by what they are, may and cost."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any  # JSON-like values have no better static type

import typer
from rich.markup import escape
from typer.core import TyperCommand

from elige.cli.flags import AsJson, option, switch
from elige.cli.screen import print_json, stderr_console, stdout_console

if TYPE_CHECKING:
    from elige.catalog.search import Query
    from elige.workbench.models_search import Searched

_WHAT, _MAY, _SIZE, _SHOWN = (
    "What it is",
    "What it may and how open it is",
    "What it takes and how good it is",
    "What is shown",
)
_MEMORY = re.compile(r"\d[\d.]*\s*[kmgt]?i?b?", re.IGNORECASE)
Texts = list[str] | None
# What may be said several times, by its name in the query.
_SEVERAL = {
    "tasks": "task",
    "domains": "domain",
    "collections": "collection",
    "languages": "language",
    "families": "family",
    "authors": "author",
    "licences": "licence",
    "formats": "format",
    "weights": "weights",
    "may": "may",
}


class FitsMayStandAlone(TyperCommand):
    """`--fits` without a size means this machine."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """Put the value in where there is none."""
        said = list(args)
        for place, word in enumerate(said):
            if word == "--":
                break
            following = said[place + 1] if place + 1 < len(said) else ""
            if word == "--fits" and not _MEMORY.fullmatch(following):
                said[place] = "--fits=here"
        return super().parse_args(ctx, said)


def search(
    text: Annotated[
        Texts, typer.Argument(metavar="TEXT", help="Words of a name, author, tag or task.")
    ] = None,
    task: Annotated[
        Texts, option(_WHAT, "--task", metavar="T", help="text-generation, ...")
    ] = None,
    domain: Annotated[
        Texts,
        option(
            _WHAT,
            "--domain",
            metavar="D",
            help="medicine, law, mathematics, code, finance or a language.",
        ),
    ] = None,
    collection: Annotated[
        Texts, option(_WHAT, "--collection", metavar="C", help="A list of models: lesson-16.")
    ] = None,
    language: Annotated[
        Texts, option(_WHAT, "--language", metavar="L", help="A code or an English name.")
    ] = None,
    family: Annotated[
        Texts, option(_WHAT, "--family", metavar="F", help="llama, mistral, qwen3, ...")
    ] = None,
    author: Annotated[
        Texts, option(_WHAT, "--author", metavar="A", help="The organisation or person.")
    ] = None,
    format: Annotated[
        Texts, option(_WHAT, "--format", metavar="F", help="safetensors, gguf, ...")
    ] = None,
    may: Annotated[
        Texts,
        option(
            _MAY,
            "--may",
            metavar="USE",
            help="commercial, redistribute, train-others or host; repeated, all are wanted.",
        ),
    ] = None,
    licence: Annotated[
        Texts, option(_MAY, "--licence", "--license", metavar="L", help="apache-2.0, mit, ...")
    ] = None,
    openness: Annotated[
        str, option(_MAY, "--openness", metavar="HOW", help="weights, data or full.")
    ] = "",
    weights: Annotated[
        Texts, option(_MAY, "--weights", metavar="HOW", help="open, gated or closed.")
    ] = None,
    fits: Annotated[
        str,
        option(
            _SIZE,
            "--fits",
            metavar="[MEM]",
            help="At 4 bits, within 24GB, or this machine's memory.",
        ),
    ] = "",
    params: Annotated[
        str, option(_SIZE, "--params", metavar="RANGE", help="1B-8B, -8B, 70B- or about 7B.")
    ] = "",
    context: Annotated[
        str,
        option(_SIZE, "--context", metavar="N", help="Tokens of context at least, as 128K."),
    ] = "",
    max_price: Annotated[
        str,
        option(
            _SIZE,
            "--max-price",
            metavar="P",
            help="Dollars per million tokens, three of input for one of output.",
        ),
    ] = "",
    min_score: Annotated[
        Texts, option(_SIZE, "--min-score", metavar="BENCH=V", help="mmlu=0.7 or mmlu=70%.")
    ] = None,
    no_deprecated: Annotated[
        bool, switch(_WHAT, "--no-deprecated", help="Leave out what its maker gave up.")
    ] = False,
    sort: Annotated[
        str,
        option(
            _SHOWN,
            "--sort",
            metavar="BY",
            help="relevance, downloads, likes, updated, released, parameters, price or "
            "score:BENCH; turned round with :asc or :desc.",
        ),
    ] = "relevance",
    limit: Annotated[int, option(_SHOWN, "--limit", metavar="N", help="Models to list.")] = 20,
    offset: Annotated[int, option(_SHOWN, "--offset", metavar="N", help="Skip the first N.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Find models by words, and by what they are, may, take and cost.

    elige models search mistral --may commercial --params 1B-8B

    elige models search --domain medicine --fits --sort downloads --json
    """
    query = _query(locals())
    from elige.config import read_settings
    from elige.workbench import Workbench
    from elige.workbench.models_search import SearchSaid, search_models

    said = SearchSaid(
        fits=fits,
        params=params,
        context=context,
        max_price=max_price,
        min_scores=tuple(min_score or ()),
    )
    talk = stderr_console()
    with Workbench(
        read_settings(), say=lambda line: talk.print(escape(line), style="dim")
    ) as bench:
        searched = search_models(bench, query, said)
    if as_json:
        from elige.cli.models.search_table import search_facts

        print_json(search_facts(searched))
    else:
        _show(searched)


def _query(said: Mapping[str, Any]) -> "Query":
    """The query of a command's own variables."""
    from elige.catalog.search import Query

    several: dict[str, Any] = {name: tuple(said[one] or ()) for name, one in _SEVERAL.items()}
    return Query(
        **several,
        text=" ".join(said["text"] or ()),
        openness=said["openness"],
        with_deprecated=not said["no_deprecated"],
        sort=said["sort"],
        limit=said["limit"],
        offset=said["offset"],
    )


def _show(searched: "Searched") -> None:
    from elige.cli.models.search_table import print_found

    talk = stderr_console()
    for notice in searched.notices:
        talk.print(escape(notice), style="dim", soft_wrap=True)
    print_found(stdout_console(), searched)
