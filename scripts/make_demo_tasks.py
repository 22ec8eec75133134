"""Make the data of the built-in tasks; the same every time.

python scripts/make_demo_tasks.py [FOLDER]

Facts and sentiment come from the hand-written tables in scripts/demo_tasks, arithmetic from a
seeded generator. Choices are shuffled so that every position is right equally often.
"""

import csv
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE / "demo_tasks"
TARGET = HERE.parent / "src" / "elige" / "evaluate" / "builtin" / "data"
SEED = 20260

Row = dict[str, object]

# Facts kept as examples, by their English question; their Spanish twins too.
EXAMPLE_FACTS = frozenset(
    {
        "What is the capital of Norway?",
        "What is a young sheep called?",
        "Which month comes after March?",
        "What color is snow?",
        "What is the opposite of wet?",
        "Which animal gives us wool?",
    }
)
# Distractors that somebody could call right: a young cat is now and then a "cachorro".
ARGUABLE = {
    "duckling": {"chick"},
    "patito": {"pollito"},
    "gatito": {"cachorro"},
    "potro": {"cachorro"},
    "ternero": {"cachorro"},
    "cordero": {"cachorro"},
}
EXAMPLES_A_LABEL = 3
LABELS = {"en": ("positive", "negative"), "es": ("positivo", "negativo")}
# The words around a question and around a review, in each language.
FRAMES = {"en": ("Question", "Answer"), "es": ("Pregunta", "Respuesta")}
REVIEWS = {"en": ("Review", "Sentiment"), "es": ("Reseña", "Sentimiento")}
# How a conversation asks about a review.
REQUESTS = {
    "en": "Is the sentiment of this review positive or negative?\n\n{text}",
    "es": "¿El sentimiento de esta reseña es positivo o negativo?\n\n{text}",
}
# (expression, English, Spanish); {a}, {b}, {c} are numbers from two up.
SUMS = (
    ("{a} + {b}", "What is {a} + {b}?", "¿Cuánto es {a} + {b}?"),
    ("{a} - {b}", "What is {a} - {b}?", "¿Cuánto es {a} - {b}?"),
    ("{a} * {b}", "What is {a} times {b}?", "¿Cuánto es {a} por {b}?"),
    (
        "{a} + {b}",
        "Ana has {a} apples and buys {b} more. How many apples does she have now?",
        "Ana tiene {a} manzanas y compra {b} más. ¿Cuántas manzanas tiene ahora?",
    ),
    (
        "{a} - {b}",
        "There were {a} birds in a tree and {b} flew away. How many birds are left?",
        "Había {a} pájaros en un árbol y {b} se fueron. ¿Cuántos pájaros quedan?",
    ),
    (
        "{a} * {b}",
        "A box holds {a} eggs. How many eggs do {b} boxes hold?",
        "En una caja caben {a} huevos. ¿Cuántos huevos caben en {b} cajas?",
    ),
    (
        "{a} + {b} - {c}",
        "A bus carries {a} people. At a stop {b} get on and {c} get off. How many are on it now?",
        "Un autobús lleva {a} personas. En una parada suben {b} y bajan {c}. "
        "¿Cuántas personas lleva ahora?",
    ),
)
SUMS_EACH = 6
ORDER = (
    "id", "group", "language", "split", "cue", "reply", "question",
    "request", "label", "expression", "target", "choices", "right",
)  # fmt: skip


def main(folder: Path = TARGET) -> None:
    """Write the three files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (("facts", facts), ("arithmetic", arithmetic), ("sentiment", sentiment)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in made(name, make)]
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8", newline="\n")


def made(name: str, make: Callable[[random.Random], Iterator[Row]]) -> list[Row]:
    """The rows of one task, numbered; every language draws from its own seed."""
    rows = list(make(random.Random(f"{SEED}-{name}")))
    numbers: dict[str, int] = {}
    for row in rows:
        group = f"{name}-{row['language']}"
        numbers[group] = numbers.get(group, 0) + 1
        row["id"], row["group"] = f"{group}-{numbers[group]:03}", group
    return [{key: row[key] for key in ORDER if key in row} for row in rows]


def facts(dice: random.Random) -> Iterator[Row]:
    """Every fact of the table in both languages, with three wrong answers of its own kind."""
    table = read("facts.tsv")
    for language in LABELS:
        rows = []
        places = balanced(len(table), 4, dice)
        for row, place in zip(table, places, strict=True):
            right = row[f"answer_{language}"]
            others = {one[f"answer_{language}"] for one in table if one["kind"] == row["kind"]}
            others -= {right} | ARGUABLE.get(right, set())
            wrong = dice.sample(sorted(others), 3)
            is_example = row["question_en"] in EXAMPLE_FACTS
            rows.append(
                framed(FRAMES, language, is_example, row[f"question_{language}"])
                | chosen(right, wrong, place)
            )
        yield from rows


def arithmetic(dice: random.Random) -> Iterator[Row]:
    """Sums and short stories, the same numbers never asked twice in one language."""
    for language, column in (("en", 1), ("es", 2)):
        count = len(SUMS) * SUMS_EACH
        places = iter(balanced(count, 4, dice))
        for kind, forms in enumerate(SUMS):
            for number, values in enumerate(numbers_for(forms[0], SUMS_EACH, dice)):
                expression = forms[0].format(**values)
                result = evaluated(forms[0], values)
                is_example = number == 0 and kind % 3 == 0
                yield (
                    framed(FRAMES, language, is_example, forms[column].format(**values))
                    | {"expression": expression}
                    | chosen(str(result), near(result, dice), next(places))
                )


def sentiment(dice: random.Random) -> Iterator[Row]:
    """The hand-written reviews, the labels in turns."""
    table = read("sentiment.tsv")
    for language, labels in LABELS.items():
        columns = []
        for label in LABELS["en"]:
            own = [row for row in table if row["language"] == language and row["label"] == label]
            columns.append(dice.sample(own, len(own)))
        texts = [row for pair in zip(*columns, strict=True) for row in pair]
        places = balanced(len(texts), 2, dice)
        names = dict(zip(LABELS["en"], labels, strict=True))
        for number, (row, place) in enumerate(zip(texts, places, strict=True)):
            label, text = row["label"], row["text"]
            wrong = [name for other, name in names.items() if other != label]
            frame = framed(REVIEWS, language, number < 2 * EXAMPLES_A_LABEL, text)
            request = REQUESTS[language].format(text=text)
            yield frame | {"label": label, "request": request} | chosen(names[label], wrong, place)


def framed(
    frames: dict[str, tuple[str, str]], language: str, is_example: bool, question: str
) -> Row:
    """What every row begins with."""
    cue, reply = frames[language]
    split = "example" if is_example else "test"
    return {
        "language": language, "split": split, "cue": cue, "reply": reply, "question": question,
    }  # fmt: skip


def chosen(right: str, wrong: Sequence[str], place: int) -> Row:
    """The choices with the right one at `place`."""
    choices = list(wrong)
    choices.insert(place, right)
    return {"target": right, "choices": choices, "right": place}


def balanced(count: int, places: int, dice: random.Random) -> list[int]:
    """`count` places, each used equally often (as far as that goes), in random order."""
    found = [index % places for index in range(count)]
    dice.shuffle(found)
    return found


def numbers_for(form: str, count: int, dice: random.Random) -> Iterator[dict[str, int]]:
    """`count` different sets of numbers whose result is at least one."""
    seen: set[tuple[int, ...]] = set()
    while len(seen) < count:
        largest = 9 if "*" in form else 20
        values = {name: dice.randint(2, largest) for name in "abc" if f"{{{name}}}" in form}
        key = tuple(values.values())
        if key not in seen and evaluated(form, values) >= 1:
            seen.add(key)
            yield values


def evaluated(form: str, values: dict[str, int]) -> int:
    """The result of one of the four forms above."""
    first, second = values["a"], values["b"]
    if "*" in form:
        return first * second
    if "+" not in form:
        return first - second
    return first + second - values.get("c", 0)


def near(result: int, dice: random.Random) -> list[str]:
    """Three other numbers from nearby, all at least zero."""
    steps = [step for step in (-10, -3, -2, -1, 1, 2, 3, 10) if result + step >= 0]
    return [str(result + step) for step in dice.sample(steps, 3)]


def read(name: str) -> list[dict[str, str]]:
    """The rows of a hand-written table."""
    with (TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
