"""`elige export`: a model as a folder that other programs read."""

from pathlib import Path
from typing import Annotated

import typer

from elige.text import human_bytes


def export(
    model: Annotated[str, typer.Argument(metavar="REF", help="Any model with weights.")],
    folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.")],
    dtype: Annotated[str, typer.Option(help="fp32 or bf16; auto: as it is loaded.")] = "auto",
) -> None:
    """Save a model with its tokenizer as safetensors, for transformers and whatever builds on it.

    elige export smollm2-135m-instruct smollm2
    """
    from elige import workbench

    with workbench.Workbench.open() as bench:
        made = workbench.export_candidate(bench, model, folder, dtype=dtype)
    typer.echo(
        f"Saved {model} to {made.folder}: {len(made.files)} files, {human_bytes(made.size)}, "
        f"{made.precision}."
    )
