"""Code found in answers, with the tests of HumanEval's and MBPP's samples."""

import pytest
from evaluate.sandboxed import needs_sandbox

from elige.errors import BadInput
from elige.evaluate.scorers import python_output, python_tests
from elige.evaluate.scorers.code_text import completed, fenced_code, sample_tests
from elige.records import Answer, Finish, Outcome, Sample

PROMPT = 'from math import pi\n\ndef area(r):\n    """The area of a circle."""'
HUMANEVAL = Sample(
    id="h",
    question=PROMPT,
    target="return pi * r * r",
    fields=(
        ("test", "def check(candidate):\n    assert abs(candidate(1) - 3.14159) < 1e-4"),
        ("entry_point", "area"),
    ),
)
MBPP = Sample(
    id="m",
    question="Write a function to double a number.",
    target="def double(x): return 2 * x",
    fields=(("test_list", '["assert double(2) == 4", "assert double(0) == 0"]'),),
)
RIGHT = "def double(x):\n    return 2 * x"


def said(text: str) -> Answer:
    return Answer(text=text)


ANSWERS = {
    "a fenced block": (MBPP, f"Sure:\n```python\n{RIGHT}\n```\nDone.", 1.0),
    "a block without a language": (MBPP, f"```\n{RIGHT}\n```", 1.0),
    "a block that is not closed": (MBPP, f"```python\n{RIGHT}", 1.0),
    "a block that the prompt opened": (MBPP, f"{RIGHT}\n```\nThat is it.", 1.0),
    "code and nothing else": (MBPP, RIGHT, 1.0),
    "the block that defines it, not its use": (
        MBPP, f"```python\nprint(double(2))\n```\n```python\n{RIGHT}\n```", 1.0,
    ),
    "a block in a shell's language": (MBPP, "```bash\npip install x\n```", None),
    "no code": (MBPP, "I would multiply it by two.", None),
    "nothing": (MBPP, "", None),
    "wrong code": (MBPP, "```python\ndef double(x): return x\n```", 0.0),
    "a completion": (HUMANEVAL, "    return pi * r * r\n\ndef other():\n    broken", 1.0),
    "a completion without its first indent": (HUMANEVAL, "return pi * r * r", 1.0),
    "a whole function in a block": (
        HUMANEVAL, "```python\ndef area(r):\n    return pi * r ** 2\n```", 1.0,
    ),
    "a body in a block": (HUMANEVAL, "```python\n    return pi * r ** 2\n```", 1.0),
}  # fmt: skip


@needs_sandbox
@pytest.mark.parametrize(("sample", "text", "value"), ANSWERS.values(), ids=ANSWERS.keys())
def test_python_tests(sample: Sample, text: str, value: float | None) -> None:
    score = python_tests()(sample, said(text))
    if value is None:
        assert score.outcome is Outcome.UNPARSED
    else:
        assert (score.value, score.outcome) == (value, Outcome.SCORED), score.why


@needs_sandbox
def test_code_that_was_cut_off_is_not_called_wrong() -> None:
    answer = Answer(text="```python\ndef double(x):\n    return (2 *", finish=Finish.LENGTH)
    assert python_tests()(MBPP, answer).outcome is Outcome.UNPARSED


OUTPUTS = {
    "a printed number": ("```python\nprint(f'Total: {6 * 7:.1f}')\n```", 1.0),
    "the value of the last line": ("```python\nx = 6\nx * 7\n```", 1.0),
    "the last block": ("```python\nprint(1)\n```\n```python\nprint(42)\n```", 1.0),
    "another number": ("```python\nprint(41)\n```", 0.0),
    "an error": ("```python\nprint(42)\n1 / 0\n```", 0.0),
    "nothing printed": ("```python\nx = 42\n```", None),
    "no code": ("42", None),
}


@needs_sandbox
@pytest.mark.parametrize(("text", "value"), OUTPUTS.values(), ids=OUTPUTS.keys())
def test_python_output(text: str, value: float | None) -> None:
    score = python_output()(Sample(id="o", question="?", target="42"), said(text))
    assert score.value == (value or 0.0)
    assert (score.outcome is Outcome.UNPARSED) == (value is None)


def test_tests_are_the_answer_where_it_has_no_column_of_its_own() -> None:
    found = sample_tests(Sample(id="s", question="?", target="assert f(1) == 2"))
    assert found is not None
    assert found.wanted() == ("f",)


@needs_sandbox
def test_a_function_may_be_called_like_a_built_in() -> None:
    tests = (("test_list", '["assert sum(10, 15) == 6", "assert sum(4, 6) == 3"]'),)
    sample = Sample(id="s", question="Sum the common divisors.", target="", fields=tests)
    code = "def sum(a, b):\n    return {(10, 15): 6, (4, 6): 3}[a, b]"
    assert python_tests()(sample, said(code)).value == 1.0
    assert python_tests()(sample, said("def total(a, b): return 6")).value == 0.0


def test_a_sample_without_tests_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="Sample 's' has no tests"):
        python_tests()(Sample(id="s", question="?", target="4"), said(RIGHT))


def test_what_a_prompt_defines_is_known_to_the_tests() -> None:
    found = sample_tests(HUMANEVAL)
    assert found is not None
    assert found.preamble == "from math import pi"


def test_a_completion_ends_where_the_function_does() -> None:
    assert completed("def f():\n", "    return 1\nprint(f())") == "def f():\n    return 1\n"
    assert completed("def f():\n", "  \n") is None


def test_the_first_block_counts_where_none_defines_what_is_wanted() -> None:
    text = "```py\na = 1\n```\n```py\nb = 2\n```"
    assert fenced_code(text) == "a = 1\n"
    assert fenced_code(text, ("b",)) == "b = 2\n"


@pytest.mark.parametrize(
    ("option", "value"),
    [("seconds", "0"), ("memory", "8"), ("mode", "guess"), ("packages", "perhaps")],
    ids=["no time", "no memory", "unknown mode", "no flag"],
)
def test_options_that_cannot_be_used_are_refused(option: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"scorer option {option}"):
        python_tests(**{option: value})
