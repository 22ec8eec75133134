"""How open the models are that people ask for by name, out of the frameworks' own files."""

from collections.abc import Mapping
from functools import cache
from typing import Any  # what YAML holds has no narrower type

from elige.catalog.hostile import Tree
from elige.catalog.openness.grade import grade_tree
from elige.catalog.openness.osai import categories
from elige.catalog.openness.record import Openness
from elige.catalog.shipped import shipped

_HUB = "https://huggingface.co/"


def known_refs() -> tuple[str, ...]:
    """The hub names of which something is known."""
    return tuple(ref for row in shipped("openness/known.yaml")["models"] for ref in row["refs"])


def known_openness(name: str, *, strict: bool = False) -> Openness | None:
    """What is known of the hub model `name`, whatever its case; None when nothing is."""
    row = _by_name().get(name.lower())
    if row is None:
        return None
    framework = "mof" if "mof" in row else "osai"
    tree = _release(row) if framework == "mof" else _system(row)
    source = shipped("openness/known.yaml")["sources"][framework] + row[framework]
    return grade_tree(tree, source=source, strict=strict)


@cache
def _by_name() -> dict[str, Mapping[str, Any]]:
    rows = shipped("openness/known.yaml")["models"]
    return {ref.lower(): row for row in rows for ref in row["refs"]}


def _release(row: Mapping[str, Any]) -> dict[str, Tree]:
    """The row as the MOF file that it restates."""
    components: list[Tree] = [
        {"name": name, "license": licence}
        for licence, names in row["licences"].items()
        for name in names
    ]
    release: dict[str, Tree] = {
        "name": row["name"],
        "producer": row["producer"],
        "huggingface": _HUB + row["refs"][0],
        "repository": row.get("repository"),
        "license": {},
        "components": components,
    }
    return {"release": release}


def _system(row: Mapping[str, Any]) -> dict[str, Tree]:
    """The row as the OSAI file that it restates; its page stands for every link."""
    tree: dict[str, Tree] = {
        "system": {"name": row["name"], "type": "text", "endmodellicense": row["licence"]},
        "org": {"name": row["producer"]},
    }
    for names in categories().values():
        for name in names:
            found = next((level for level in ("open", "partial") if name in row[level]), "closed")
            link = _HUB + row["refs"][0] if found != "closed" else None
            tree[name] = {"class": found, "link": link}
    return tree
