"""Task files: YAML or JSON that says what would otherwise be guessed."""

from pathlib import Path
from typing import Annotated, Any, Literal  # a schema among a scorer's options holds anything

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.evaluate.rows import is_mapping
from elige.evaluate.rows.content import near_files
from elige.evaluate.scorers.json_schema import schema_text
from elige.records import ChoiceFormat, Estimates, TaskKind
from elige.text import canonical, nearest

Texts = str | list[str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Strict):
    """Columns by role; what is left out is guessed, '-' means there is none."""

    question: str = ""
    answer: str = ""
    choices: Texts = ""
    context: str = ""
    id: str = ""
    group: str = ""
    cluster: str = ""


class ScorerChoice(_Strict):
    """A scorer with its options."""

    name: str
    options: dict[str, str | int | float | bool | dict[str, Any] | list[Any]] = Field(
        default_factory=dict
    )


class TaskFile(_Strict):
    """What a task file may say; only `data` must be there."""

    data: str
    name: str = ""
    kind: TaskKind | None = None
    columns: Columns = Columns()
    labels: list[str] = Field(default_factory=list)
    index_base: Literal[0, 1] | None = None
    scorer: Annotated[str | ScorerChoice, Field(union_mode="left_to_right")] = ""
    normalise: str = ""
    instruction: str | None = None
    question: str = ""
    answer: str = ""
    separator: str | None = None
    choice_format: ChoiceFormat | None = None
    shots_from: str = ""
    encoding: str = ""
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    stop: Texts | None = None
    estimates: Estimates | None = None
    rotations: Annotated[int, Field(ge=1)] | Literal["all"] | None = None

    def options(self, folder: Path) -> TaskOptions:
        """The same as options; paths in it are relative to `folder`."""
        columns = self.columns
        scorer = self.scorer if isinstance(self.scorer, ScorerChoice) else None
        name = scorer.name if scorer else str(self.scorer)
        return TaskOptions(
            name=self.name,
            question=columns.question,
            answer=columns.answer,
            choices=",".join(_texts(columns.choices)),
            context=columns.context,
            id=columns.id,
            group=columns.group,
            cluster=columns.cluster,
            index_base=self.index_base,
            kind=self.kind,
            labels=tuple(self.labels),
            scorer=str(folder / name) if ".py:" in name else name,
            scorer_options=_scorer_options(scorer, folder),
            normalise=self.normalise,
            instruction=self.instruction,
            question_template=self.question,
            answer_template=self.answer,
            separator=self.separator,
            choice_format=self.choice_format,
            shots_from=str(folder / self.shots_from) if self.shots_from else "",
            encoding=self.encoding,
            max_tokens=self.max_tokens,
            stop=None if self.stop is None else _texts(self.stop),
            estimates=self.estimates,
            rotations=self.rotations,
        )


def is_task_file(path: Path) -> bool:
    """Whether `path` is to be read as a task: YAML always, JSON when its `data` is a path."""
    suffix = path.suffix.lower()
    return suffix in {".yaml", ".yml"} or (suffix == ".json" and is_mapping(path))


def read_task_file(path: Path) -> tuple[Path, TaskOptions]:
    """The data file that a task file names, and its options.

    Raises `BadInput` in one line: with line and column for broken YAML, with the nearest known
    key for an unknown one, with the value for a wrong one.
    """
    value = _mapping(path)
    try:
        task = TaskFile.model_validate(value)
    except ValidationError as error:
        # Of a union that fails, the unknown key says more than the type that was not meant.
        known = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise _refused(path, known[0]) from None
    for key, template in (("question", task.question), ("answer", task.answer)):
        if template and "{" not in template:
            raise BadInput(
                f"{path}: {key} is {template!r}, a template that names no column.",
                hint=f"Write it with braces, like '{{{key}}}', or name a column: "
                f"columns: {{{key}: {template}}}",
            )
    return path.parent / Path(task.data).expanduser(), task.options(path.parent)


def _mapping(path: Path) -> dict[str, object]:
    try:
        value = yaml.safe_load(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", hint=near_files(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}.", hint="Save it as UTF-8.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise broken_yaml(path, error) from error
    if not isinstance(value, dict):
        raise BadInput(
            f"{path} is no task file: it holds no keys.",
            hint="Begin with a line such as 'data: examples.csv'.",
        )
    return {str(key): item for key, item in value.items()}


def broken_yaml(path: Path, error: Exception) -> BadInput:
    """What is wrong with the YAML in `path`, with line and column."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return BadInput(
        f"{path}{place}: broken YAML ({problem}).",
        hint="Indent with spaces, and put quotes around text that holds ': ' or begins with {.",
    )


def _refused(path: Path, error: ErrorDetails) -> BadInput:
    # A union's members stand in the place too; they are no keys.
    keys = [str(part) for part in error["loc"] if str(part) not in _MEMBERS]
    key = ".".join(keys)
    inside: dict[str, type[BaseModel]] = {"columns": Columns, "scorer": ScorerChoice}
    model = inside.get(keys[0], TaskFile) if len(keys) > 1 else TaskFile
    known = list(model.model_fields)
    if error["type"] == "extra_forbidden":
        hint = nearest(keys[-1], known) or f"Known: {', '.join(known)}."
        return BadInput(f"{path} has the unknown key {key!r}.", hint=hint)
    if error["type"] == "missing":
        hint = f"Add a line '{key}: ...'."
        return BadInput(f"{path} does not say {key!r}.", hint=hint)
    hint = _value_hint(error)
    said = error["msg"][:1].lower() + error["msg"][1:]
    return BadInput(f"{path}: {key} is {error['input']!r}, but {said}.", hint=hint)


_MEMBERS = {"str", "list[str]", "ScorerChoice", "constrained-int", "int", "literal['all']"}


def _value_hint(error: ErrorDetails) -> str:
    if error["type"] == "string_type" and isinstance(error["input"], bool):
        return "YAML reads yes, no, on and off as true and false: put quotes around it."
    if error["type"] == "string_type":
        return "Put quotes around it."
    return "Mend that line of the task file."


def _texts(value: Texts) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value)


def _scorer_options(scorer: ScorerChoice | None, folder: Path) -> tuple[tuple[str, str], ...]:
    if scorer is None:
        return ()
    pairs = {name: _option_text(value) for name, value in scorer.options.items()}
    if scorer.name == "json_schema" and "schema" in pairs:
        pairs["schema"] = schema_text(pairs["schema"], folder)
    return tuple(sorted(pairs.items()))


def _option_text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)
