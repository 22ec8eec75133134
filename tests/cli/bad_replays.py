"""What `elige replay` cannot use, and what must be told."""

from pathlib import Path
from typing import Any

from cli.bad_inputs import Bad, Content, Make


def replay(name: str, *rest: str) -> tuple[str, ...]:
    return ("replay", name, "--models", "2", "--draws", "2", *rest)


def table(*rows: str) -> dict[str, Content]:
    return {"m.csv": "\n".join(["model,q1,q2", *rows]) + "\n"}


def arrays(**named: object) -> Make:
    """An m.npz with these arrays."""

    def make(here: Path) -> None:
        import numpy as np

        made: dict[str, Any] = {name: np.array(one) for name, one in named.items()}
        np.savez(here / "m.npz", **made)

    return make


FINE = table("a,1,0", "b,0.5,1")
TWO_ROWS = [[1.0, 0.0], [0.5, 1.0]]

REPLAYS = [
    Bad(id="no matrix", arguments=replay("none.npz"), value="none.npz", step="ex.csv"),
    Bad(
        id="empty matrix",
        arguments=replay("m.csv"),
        files={"m.csv": ""},
        value="m.csv is empty",
        step="rows",
    ),
    Bad(
        id="matrix of a header",
        arguments=replay("m.csv"),
        files=table(),
        value="no rows",
        step="Add rows",
    ),
    Bad(
        id="matrix of one model",
        arguments=replay("m.csv"),
        files=table("a,1,0"),
        value="1 model",
        step="at least two models",
    ),
    Bad(
        id="matrix without samples",
        arguments=replay("m.csv"),
        files={"m.csv": "model\na\nb\n"},
        value="0 samples",
        step="a column for each sample",
    ),
    Bad(
        id="ragged matrix",
        arguments=replay("m.csv"),
        files=table("a,1,0", "b,1"),
        value="line 3: 2 fields",
        step="quotes",
    ),
    Bad(
        id="matrix with a hole",
        arguments=replay("m.csv"),
        files=table("a,1,0", "b,,1"),
        value="line 3: there is no score in column 'q1'",
        step="leave out",
    ),
    Bad(
        id="matrix with NaN",
        arguments=replay("m.csv"),
        files=table("a,1,0", "b,nan,1"),
        value="'nan' in column 'q1'",
        step="from 0 to 1",
    ),
    Bad(
        id="matrix with words",
        arguments=replay("m.csv"),
        files=table("a,1,0", "b,good,1"),
        value="'good'",
        step="from 0 to 1",
    ),
    Bad(
        id="matrix of percentages",
        arguments=replay("m.csv"),
        files=table("a,1,0", "b,1,55.5"),
        value="'b' on sample 2 is 55.5",
        step="Divide percentages by 100",
    ),
    Bad(
        id="one model twice in a matrix",
        arguments=replay("m.csv"),
        files=table("a,1,0", "a,1,1"),
        value="2 models called 'a'",
        step="a name of its own",
    ),
    Bad(
        id="more models than there are",
        arguments=replay("m.csv", "--models", "3"),
        files=FINE,
        value="2 models; 3",
        step="--models 2",
    ),
    Bad(
        id="a race of one",
        arguments=replay("m.csv", "--models", "1"),
        files=FINE,
        value="--models is 1",
        step="--models 10",
    ),
    Bad(
        id="no draws",
        arguments=replay("m.csv", "--draws", "0"),
        files=FINE,
        value="--draws is 0",
        step="--draws 100",
    ),
    Bad(
        id="unknown method",
        arguments=replay("m.csv", "--method", "hoefding"),
        files=FINE,
        value="'hoefding'",
        step="hoeffding",
    ),
    Bad(
        id="negative seed",
        arguments=replay("m.csv", "--seed", "-1"),
        files=FINE,
        value="--seed is -1",
        step="--seed",
    ),
    Bad(
        id="cost preferred without costs",
        arguments=replay("m.csv", "--prefer", "cost"),
        files=FINE,
        value="--prefer cost",
        step="--cost FILE",
    ),
    Bad(
        id="no file of costs",
        arguments=replay("m.csv", "--cost", "none.csv"),
        files=FINE,
        value="none.csv",
        step="ex.csv",
    ),
    Bad(
        id="costs of other models",
        arguments=replay("m.csv", "--cost", "c.csv"),
        files=FINE | {"c.csv": "model,cost\nz,1\n"},
        value="None of the 2 models",
        step="a, b",
    ),
    Bad(
        id="a cost in words",
        arguments=replay("m.csv", "--cost", "c.csv"),
        files=FINE | {"c.csv": "model,cost\na,much\nb,1\n"},
        value="'much'",
        step="a number from 0",
    ),
    Bad(
        id="npz without X",
        arguments=replay("m.npz"),
        make=arrays(scores=TWO_ROWS, models=["a", "b"]),
        value="no X; it holds scores, models",
        step="An .npz file holds X",
    ),
    Bad(
        id="npz without models",
        arguments=replay("m.npz"),
        make=arrays(X=TWO_ROWS),
        value="no models; it holds X",
        step="An .npz file holds X",
    ),
    Bad(
        id="npz with too many names",
        arguments=replay("m.npz"),
        make=arrays(X=TWO_ROWS, models=["a", "b", "c"]),
        value="X is 2 x 2, models 3",
        step="a row for each",
    ),
    Bad(
        id="npz of words",
        arguments=replay("m.npz"),
        make=arrays(X=[["x", "y"], ["x", "y"]], models=["a", "b"]),
        value="X holds no numbers",
        step="An .npz file holds X",
    ),
    Bad(
        id="npz with NaN",
        arguments=replay("m.npz"),
        make=arrays(X=[[1.0, float("nan")], [0.5, 1.0]], models=["a", "b"]),
        value="'a' on sample 2 is nan",
        step="leave out",
    ),
    Bad(
        id="npz that is text",
        arguments=replay("m.npz"),
        files={"m.npz": "X,models\n"},
        value="called .npz",
        step="X and models",
    ),
]
