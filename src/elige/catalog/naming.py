"""The names of models and makers that come with the package, ready to be looked up."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from elige.catalog.shipped import shipped

_PIECES = re.compile(r"[a-z]+|\d+")
_VERSION = re.compile(r"(?<![\d.])(\d)[-_](\d{1,2})(?![\d.bkmte]|[-_]\d{2}(?!\d))(?!x\d)")
_TIERS = "opus|sonnet|haiku|fable"
_OLD_CLAUDE = re.compile(rf"claude-({_TIERS})-(3(?:[.]\d)?)")
_NEW_CLAUDE = re.compile(rf"claude-([4-9](?:[.]\d)?)-({_TIERS})")
_DATE = re.compile(r"(?P<name>.+?)-(?:\d{8}|\d{4}-\d\d-\d\d|\d{4}|\d{6}|001)")


def signature(name: str) -> str:
    """What is left of a name without case and separators: letters and numbers, in their order.

    `Qwen2.5-72B` and `qwen-2-5-72b` are the same; `3.2-1b` and `3-21b` are not.
    """
    return " ".join(_PIECES.findall(name.casefold().replace("+", " plus ")))


def spelt(name: str) -> str:
    """One spelling: small letters, dashes, versions with a dot, Claude's words in order."""
    text = _VERSION.sub(r"\1.\2", name.casefold().replace("_", "-"))
    text = re.sub(r"-{2,}", "-", text)
    text = _OLD_CLAUDE.sub(r"claude-\2-\1", text)
    text = _NEW_CLAUDE.sub(r"claude-\2-\1", text)
    return re.sub(r"^(claude-[a-z]+-\d)[.]0(?!\d)", r"\1", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Makers, known models by their signature, and what names begin and end with."""

    makers: Mapping[str, str]
    families: tuple[tuple[re.Pattern[str], str], ...]
    models: Mapping[str, Mapping[str, str]]
    everywhere: Mapping[str, str]
    gateways: frozenset[str]
    republishers: frozenset[str]
    served: frozenset[str]
    served_ends: re.Pattern[str]
    bit_ends: re.Pattern[str]
    speeds: tuple[tuple[str, re.Pattern[str]], ...]
    moving: re.Pattern[str]
    one_edition: re.Pattern[str]

    @classmethod
    def shipped(cls) -> "Naming":
        """What `names.yaml` says."""
        facts = shipped("names.yaml")
        bit_ends = _ends(facts["bits"])
        models = _models(facts["known"], facts["also"], bit_ends)
        return cls(
            makers=_makers(facts["makers"], models),
            families=tuple(
                (re.compile(one, re.IGNORECASE), maker)
                for maker, beginnings in facts["families"].items()
                for one in beginnings
            ),
            models=models,
            everywhere=_everywhere(models),
            gateways=frozenset(facts["gateways"]),
            republishers=frozenset(facts["republishers"]),
            served=frozenset(facts["serving"]),
            served_ends=_ends(["free"]),
            bit_ends=bit_ends,
            speeds=tuple(
                (f"-{end}", re.compile(start, re.IGNORECASE))
                for end, start in facts["speeds"].items()
            ),
            moving=re.compile("|".join(facts["moving"]), re.IGNORECASE),
            one_edition=re.compile("|".join(facts["one_edition"])),
        )

    def maker(self, name: str) -> str:
        """The maker's name on the hub, '' for one that is not known."""
        return self.makers.get(name.strip().casefold(), "")

    def family(self, name: str) -> str:
        """Whose names begin like this one; ''."""
        return next((maker for begin, maker in self.families if begin.match(name)), "")

    def serves(self, name: str) -> bool:
        """Whether `name` is a host of others' models or a word of its paths."""
        return name.casefold() in self.gateways

    def serving(self, tag: str) -> bool:
        """Whether what stands behind ':' only says how the model is served."""
        return tag.casefold() in self.served

    def moves(self, name: str) -> bool:
        """Whether the name goes to another model from time to time."""
        return self.moving.search(name) is not None

    def known(self, name: str, maker: str) -> str:
        """The hub's id of a known model of `maker`, of any maker where that is ''; else ''."""
        sign = signature(name)
        if not maker:
            return self.everywhere.get(sign, "")
        found = self.models.get(maker.casefold(), {}).get(sign, "")
        if not found and maker.casefold() in self.republishers:
            return self.everywhere.get(sign, "")
        return found

    def has_twin(self, model: str) -> bool:
        """Whether a known base model has an instructed twin, which hosts call by the same name."""
        maker, _, name = model.partition("/")
        mine = self.models.get(maker.casefold(), {})
        return any(f"{signature(name)} {end}" in mine for end in ("instruct", "it", "chat hf"))

    def without_speed(self, name: str) -> Iterator[str]:
        """`name` without words of how fast it is served, one by one, where it is known for such."""
        for _ in range(2):
            for end, start in self.speeds:
                if name.casefold().endswith(end) and start.match(name):
                    name = self.bit_ends.sub("", name[: -len(end)])
                    yield name

    def undated(self, name: str) -> str:
        """`name` without its date where there was but one edition of the model."""
        dated = _DATE.fullmatch(name)
        if dated and self.one_edition.fullmatch(dated["name"]):
            return dated["name"]
        return name


def _ends(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(f"(?:[-_.](?:{'|'.join(map(re.escape, longest))}))+$", re.IGNORECASE)


def _models(
    known: Mapping[str, list[str]], also: Mapping[str, list[str]], bit_ends: re.Pattern[str]
) -> dict[str, dict[str, str]]:
    """Hub ids by maker and signature."""
    found: dict[str, dict[str, str]] = {}
    for maker, names in known.items():
        mine = found.setdefault(maker.casefold(), {})
        for name in names:
            mine[signature(name)] = f"{maker}/{name}"
            mine.setdefault(signature(bit_ends.sub("", name)), f"{maker}/{name}")
    for model, names in also.items():
        mine = found[model.partition("/")[0].casefold()]
        for name in names:
            mine.setdefault(signature(name), model)
    return found


def _everywhere(models: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Hub ids by signature alone, without those that two makers share."""
    found: dict[str, str] = {}
    for mine in models.values():
        for sign, model in mine.items():
            found[sign] = model if found.get(sign, model) == model else ""
    return found


def _makers(makers: Mapping[str, list[str]], models: Mapping[str, object]) -> dict[str, str]:
    found = {name.casefold(): maker for maker, names in makers.items() for name in (maker, *names)}
    for mine in models.values():
        if isinstance(mine, dict):
            for model in mine.values():
                maker = str(model).partition("/")[0]
                found.setdefault(maker.casefold(), maker)
    return found
