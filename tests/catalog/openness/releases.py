"""Small MOF and OSAI files, written as people write them."""

from pathlib import Path

CLASS_3 = (
    "Model architecture",
    "Model parameters (Final)",
    "Technical report",
    "Evaluation results",
    "Model card",
    "Data card",
)
CLASS_2 = ("Training code", "Inference code", "Evaluation code", "Evaluation data")
CLASS_1 = (
    "Datasets",
    "Data preprocessing code",
    "Research paper",
    "Model parameters (Intermediate)",
)
EVERY = (*CLASS_3, *CLASS_2, *CLASS_1)


def release(components: dict[str, str | None], **licences: str) -> str:
    """A release; a component's licence is its own, None for none of its own."""
    lines = ["framework: {name: Model Openness Framework}", "release:", "  name: m", "  license:"]
    lines += [f"    {key}: {{name: {value!r}}}" for key, value in licences.items()]
    if not licences:
        lines[-1] += " {}"
    lines.append("  components:")
    for name, licence in components.items():
        lines.append(f"    - name: {name}")
        lines += [] if licence is None else [f"      license: {licence!r}"]
    if not components:
        lines[-1] += " []"
    return "\n".join(lines) + "\n"


def system(found: dict[str, str], kind: str = "text", licence: str = "Apache-2.0") -> str:
    """A system of the OSAI index with its parameters as found."""
    lines = [f"system: {{name: S, type: '{kind}', endmodellicense: '{licence}'}}"]
    return "\n".join([*lines, *(f"{name}: {{class: {word}}}" for name, word in found.items())])


def written(folder: Path, text: str, name: str = "m.yml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path
