"""Which scorer judges a task, with its options."""

from elige import plugins
from elige.errors import BadInput, NotFound
from elige.evaluate.kinds import Kind
from elige.evaluate.options import NO_COLUMN, TaskOptions
from elige.evaluate.own_scorer import own_reference
from elige.evaluate.rows.content import near_files
from elige.evaluate.scorers.json_schema import schema_text
from elige.records import ChoiceFormat, ScorerSpec
from elige.text import file_digest, nearest

# Scorers that look at the answer alone; so may a user's own.
_WITHOUT_ANSWERS = {"json_schema"}
NORMALISATIONS = ("plain", "char", "byte", "token", "unconditional")
_WEIGHING = {"choice", "classification"}


def scorer_spec(kind: Kind, choice_format: ChoiceFormat, options: TaskOptions) -> ScorerSpec:
    """The scorer that was named, or the usual one of this kind of task.

    Letters are compared by plain log-probability; texts of different length per character, as
    lm-evaluation-harness's acc_norm does. Raises `BadInput` or `NotFound` for unknown ones.
    """
    name = options.scorer or kind.scorer
    said = dict(options.scorer_options)
    if options.normalise:
        said["normalise"] = options.normalise
    if name == "choice":
        said.setdefault("normalise", "plain" if choice_format == "letters" else "char")
    if name == "json_schema" and "schema" in said:
        said["schema"] = schema_text(said["schema"])  # its own words, so that they are hashed
    _check_normalise(name, said, options)
    if options.answer == NO_COLUMN and not (name in _WITHOUT_ANSWERS or own_reference(name)):
        raise BadInput(
            f"The scorer {name} compares with right answers, and --answer - says there are none.",
            hint="Name their column, or use a scorer that needs none: json_schema or your own.",
        )
    digest = _own_digest(name)
    if not digest and name not in plugins.names("scorers"):
        raise NotFound("scorer", name, plugins.names("scorers"))
    return ScorerSpec(name=name, options=tuple(sorted(said.items())), digest=digest)


def _check_normalise(name: str, said: dict[str, str], options: TaskOptions) -> None:
    if name not in _WEIGHING:
        if options.normalise:
            raise BadInput(
                f"normalise is for choices, but the scorer is {name!r}.", hint="Leave it out."
            )
        return
    value = said.get("normalise", "plain")
    if value not in NORMALISATIONS:
        raise BadInput(
            f"normalise is {value!r}, which is unknown.",
            hint=nearest(value, NORMALISATIONS) or f"Known: {', '.join(NORMALISATIONS)}.",
        )


def _own_digest(name: str) -> str:
    """Hash of the user's file in `file.py:function`; '' for a scorer that goes by name."""
    own = own_reference(name)
    if own is None:
        return ""
    path = own[0].expanduser()
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", hint=near_files(path))
    return file_digest(path)
