"""`export`: a model as a folder that other programs read."""

from dataclasses import dataclass, replace
from pathlib import Path

from elige.customise.export import check_new, export
from elige.errors import BadInput
from elige.loader.candidate import parse_candidate
from elige.records import RefKind
from elige.workbench.bench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Where a model was saved, its files, and what its weights are kept in."""

    folder: Path
    files: tuple[str, ...]
    precision: str
    size: int


def export_candidate(
    bench: Workbench, model: str, folder: Path, *, dtype: str = "auto"
) -> Exported:
    """Save the candidate `model` to `folder`; `dtype` is fp32 or bf16, else as it is loaded.

    Raises `BadInput` for a model without weights here and for a folder that is not empty.
    """
    candidate = parse_candidate(model)
    if candidate.ref.kind in {RefKind.ECHO, RefKind.ENDPOINT, RefKind.COMBO}:
        raise BadInput(
            f"{candidate.ref.text} has no weights here that could be exported.",
            hint="Name a packaged model, a folder, a .gguf file or a model of the hub.",
        )
    if dtype not in {"auto", "fp32", "bf16"}:
        raise BadInput(f"dtype {dtype!r} cannot be written.", hint="Use fp32, bf16 or auto.")
    check_new(folder)
    if dtype != "auto":
        candidate = replace(candidate, dtype=dtype)
    spec, info = bench.loader.spec(candidate)
    files = export(spec, folder, context_length=info.context_length)
    return Exported(
        folder=folder,
        files=tuple(path.name for path in files),
        precision=info.identity.precision,
        size=sum(path.stat().st_size for path in files),
    )
