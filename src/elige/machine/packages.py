"""Which engines and extras are installed, and the line that installs each."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

# What each extra of elige brings, by distribution; the first decides what works.
EXTRAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "torch": (
        "models on this machine (the torch engine)",
        (
            "torch",
            "transformers",
            "accelerate",
            "peft",
            "safetensors",
            "gguf",
            "sentencepiece",
            "protobuf",
        ),
    ),
    "report": ("charts in reports", ("altair", "vl-convert-python")),
    "data": ("Parquet files and data frames", ("pandas", "pyarrow")),
    "metrics": (
        "the scorers bleu, chrf, rouge and json_schema",
        ("sacrebleu", "rouge-score", "jsonschema"),
    ),
    "harness": ("tasks of lm-evaluation-harness", ("lm-eval", "datasets")),
    "postgres": ("a store on PostgreSQL", ("psycopg",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """One extra: what it is for, the versions that are there, what is missing."""

    name: str
    purpose: str
    versions: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def is_installed(self) -> bool:
        """Whether all of it is there."""
        return not self.missing

    @property
    def install_line(self) -> str:
        """The command that installs it."""
        return f"pip install 'elige[{self.name}]'"


def extras() -> tuple[Extra, ...]:
    """Every extra of elige as it stands here; nothing is imported."""
    return tuple(_extra(name, *about) for name, about in EXTRAS.items())


def extra(name: str) -> Extra:
    """The extra `name` as it stands here."""
    return _extra(name, *EXTRAS[name])


def installed_version(distribution: str) -> str:
    """The version of an installed distribution, '' when it is not there."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _extra(name: str, purpose: str, distributions: tuple[str, ...]) -> Extra:
    versions = {item: installed_version(item) for item in distributions}
    return Extra(
        name=name,
        purpose=purpose,
        versions={item: version for item, version in versions.items() if version},
        missing=tuple(item for item, version in versions.items() if not version),
    )
