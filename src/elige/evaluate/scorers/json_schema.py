"""The scorer for answers that must be JSON of a certain form: valid against a JSON Schema."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any  # a schema holds anything that JSON can

from elige.errors import BadInput, MissingExtra
from elige.evaluate.scorers.json_answer import (
    LONGEST,
    Value,
    decoded,
    embedded,
    fenced_parts,
    no_constant,
)
from elige.evaluate.scorers.normalisation import own_answer, shortened
from elige.evaluate.scorers.options import flag
from elige.records import Answer, Sample, Score, Scorer

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_DECODER = json.JSONDecoder(parse_constant=no_constant)
_OPENING = re.compile(r"[{\[]")
_TYPES: dict[str, type] = {"object": dict, "array": list}
_EXAMPLE = "schema=schema.json, or in a task file: schema: {type: object, required: [name]}"


def json_schema(*, schema: str, formats: str | bool = False, alone: str | bool = False) -> Scorer:
    """Right when the JSON in the answer is valid against a JSON Schema, whatever the target is.

    `schema` is a file or the schema itself; its draft is told by its `$schema` (2020-12 without
    one). The whole answer, the last fenced block or the last value within the text is taken;
    with `alone` nothing may stand around it. `formats` checks `format` (date, email) too, as
    far as the installed packages can. An answer without JSON is unparsed. Raises `BadInput`
    for what is no schema, `MissingExtra` without jsonschema.
    """
    rules = _rules(schema)
    validator = _validator(rules, formats=flag("formats", formats))
    is_alone = flag("alone", alone)

    def score(sample: Sample, answer: Answer) -> Score:
        seen = found_json(answer.text, rules, alone=is_alone)
        if seen is None:
            around = " alone" if is_alone else ""
            return Score.unparsed(f"no JSON{around} in the answer")
        value, shown = seen
        why = _fault(validator, value, sample)
        return Score(float(not why), why or "valid", extracted=shown)

    return score


def found_json(text: str, rules: Value, *, alone: bool) -> tuple[Value, str] | None:
    """The JSON value that an answer gives, with its own text; None for none.

    Of several embedded ones the last counts that has the type the schema asks for.
    """
    whole = text.strip()
    fenced = fenced_parts(whole)
    for part in [whole, *([] if alone else reversed(fenced))]:
        value, end = decoded(part.strip(), 0, _DECODER)
        if not part.strip()[end:].strip() and (value is not None or part.strip() == "null"):
            return value, part.strip()
    if alone:
        return None
    found = list(embedded(own_answer(text)[-LONGEST:], decoder=_DECODER, opening=_OPENING))
    wanted = _TYPES.get(str(rules.get("type"))) if isinstance(rules, Mapping) else None
    fitting = [one for one in found if wanted is None or isinstance(one[0], wanted)] or found
    return fitting[-1] if fitting else None


def schema_text(schema: str, folder: Path = Path()) -> str:
    """A schema given as a file or as itself, as JSON text: what is hashed with the scorer.

    A relative path is looked for in `folder`. Raises `BadInput` when there is no such file.
    """
    said = schema.strip()
    if said.startswith(("{", "[", '"')) or said in {"true", "false"}:
        return said
    path = folder / Path(said).expanduser()
    try:
        return path.read_bytes().decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise BadInput(
            f"The schema {str(path)!r} cannot be read: {reason}.",
            hint=f"Give a file or the schema itself, for example {_EXAMPLE}",
        ) from error


def _rules(schema: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    text = schema_text(schema)
    try:
        rules = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"The schema {shortened(text, 60)!r} is no JSON: {error}.",
            hint=f"Mend it, for example {_EXAMPLE}",
        ) from error
    if isinstance(rules, (dict, bool)):
        return rules
    raise BadInput(
        f"The schema {shortened(text, 60)!r} is no object.", hint=f"For example {_EXAMPLE}"
    )


def _validator(rules: Any, *, formats: bool) -> "Validator":  # noqa: ANN401 - as above
    """The validator of the schema's own draft; it opens no address that a `$ref` names."""
    try:
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import SchemaError
        from jsonschema.validators import validator_for
        from jsonschema_specifications import REGISTRY
    except ImportError as error:
        raise MissingExtra("The scorer json_schema", extra="metrics") from error
    made = validator_for(rules, default=Draft202012Validator)
    try:
        made.check_schema(rules)
    except SchemaError as error:
        raise BadInput(
            f"The schema is no JSON Schema: {shortened(error.message, 120)} "
            f"(at {error.json_path}).",
            hint="Mend it; `$schema` names the draft that it follows.",
        ) from error
    checker = made.FORMAT_CHECKER if formats else None
    validator: Validator = made(rules, registry=REGISTRY, format_checker=checker)
    return validator


def _fault(validator: "Validator", value: Any, sample: Sample) -> str:  # noqa: ANN401
    """Where and why `value` is not valid, '' when it is."""
    from jsonschema.exceptions import best_match
    from referencing.exceptions import Unresolvable

    try:
        error = best_match(validator.iter_errors(value))
    except Unresolvable as broken:
        raise BadInput(
            f"The schema refers to {broken.ref!r}, which is not in it "
            f"(met on sample {sample.id!r}).",
            hint="Copy what it refers to into its $defs: no other file or address is opened.",
        ) from broken
    except RecursionError:
        return "the JSON is nested too deeply to be checked"
    return f"at {error.json_path}: {shortened(error.message, 120)}" if error else ""
