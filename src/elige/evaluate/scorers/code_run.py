"""Scorers that run an answer's code in the sandbox: against tests, or for what it prints."""

from fractions import Fraction

from elige.errors import BadInput
from elige.evaluate.sandbox import (
    Ended,
    Limits,
    Outcome,
    Trial,
    check_sandbox,
    limits_from,
    run_python,
    run_tests,
)
from elige.evaluate.scorers.code_text import (
    SampleTests,
    bare_code,
    completed,
    defines,
    fenced_code,
    is_unfinished,
    sample_tests,
)
from elige.evaluate.scorers.normalisation import Normaliser, own_answer, shortened
from elige.evaluate.scorers.numbers import NumberReader, same_number
from elige.evaluate.scorers.options import amount, flag, one_of
from elige.records import Answer, Finish, Sample, Score, Scorer, Task

_MODES = ("auto", "block", "completion")
_KEPT = 4000
_same = Normaliser(ignore_punctuation=False)


def python_tests(
    *,
    mode: str = "auto",
    tests: str = "",
    seconds: str | float = 5.0,
    memory: str | float = 512,
    packages: str | bool = False,
) -> Scorer:
    """Right when the answer's code passes the sample's tests, run in a sandbox.

    `mode` says what an answer is: a fenced `block`, or a `completion` of the prompt as in
    HumanEval; `auto` finds out. `tests` names their column. `seconds` of processor time and
    `memory` in MB bound each run; with `packages` it may import what is installed. Raises
    `NoSandbox`.
    """
    how = one_of("mode", mode, _MODES)
    limits = _limits(seconds, memory, packages)

    def score(sample: Sample, answer: Answer) -> Score:
        wanted = _tests(sample, tests)
        code = _code(sample, answer.text, wanted, how)
        if code is None:
            return Score.unparsed("no code in the answer")
        trial = Trial(
            program=code,
            tests=wanted.tests,
            entry_point=wanted.tested,
            preamble=wanted.preamble,
        )
        return _scored(run_tests(trial, limits=limits), code, answer)

    return score


def python_output(
    *,
    tolerance: str | float = 0.0,
    relative: str | float = 0.0,
    seconds: str | float = 5.0,
    memory: str | float = 512,
    packages: str | bool = False,
) -> Scorer:
    """Right when what the answer's last block of Python prints at its end is the target.

    The block is run in a sandbox; the value of a last line that is an expression is printed
    too. Numbers are compared as `last_number` does. `seconds`, `memory` and `packages` are as
    for `python_tests`. Raises `NoSandbox`.
    """
    limits = _limits(seconds, memory, packages)
    absolute, share = (
        Fraction(amount("tolerance", tolerance)),
        Fraction(amount("relative", relative)),
    )

    def score(sample: Sample, answer: Answer) -> Score:
        code = fenced_code(answer.text, last=True) or bare_code(answer.text)
        if code is None:
            return Score.unparsed("no block of code in the answer")
        outcome = run_python(code, limits=limits, show_last=True)
        if not outcome.passed:
            return _scored(outcome, code, answer)
        lines = outcome.output.strip().splitlines()
        if not lines:
            return Score.unparsed("the code prints nothing")
        right = any(_is_same(lines[-1], one, absolute, share) for one in sample.targets)
        why = f"printed {shortened(lines[-1])!r}"
        return Score(
            float(right),
            why if right else f"{why}, wanted {shortened(sample.target)!r}",
            extracted=lines[-1][:_KEPT],
        )

    return score


def check_code_task(task: Task) -> None:
    """Raise `NoSandbox` or `BadInput` before anything is asked for a task that runs code."""
    if task.scorer.name not in {"python_tests", "python_output"}:
        return
    check_sandbox()
    if task.scorer.name == "python_tests":
        for sample in task.samples:
            _tests(sample, dict(task.scorer.options).get("tests", ""))


def _limits(seconds: str | float, memory: str | float, packages: str | bool) -> Limits:
    return limits_from(
        amount("seconds", seconds), amount("memory", memory), packages=flag("packages", packages)
    )


def _tests(sample: Sample, column: str) -> SampleTests:
    found = sample_tests(sample, column)
    if found is None:
        where = f"in the column {column!r}" if column else "in a column such as test or test_list"
        raise BadInput(
            f"Sample {sample.id!r} has no tests {where}.",
            hint="Name their column with --scorer-option tests=COLUMN.",
        )
    return found


def _code(sample: Sample, text: str, tests: SampleTests, mode: str) -> str | None:
    """The whole program of an answer; None where it holds no code."""
    prompt = sample.question + "\n"
    if mode == "completion":
        return completed(prompt, text)
    block = fenced_code(text, tests.wanted())
    if block is None and mode == "auto":
        if defines(text, tests.wanted()):
            block = own_answer(text)
        elif is_unfinished(prompt, tests.entry_point):
            return completed(prompt, text)
    if block is None:
        return None
    if is_unfinished(prompt, tests.entry_point) and not defines(block, tests.wanted()):
        return completed(prompt, block)
    # A chat model takes the prompt's imports and helpers for given.
    return f"{tests.preamble}\n\n{block}" if tests.preamble else block


def _scored(outcome: Outcome, code: str, answer: Answer) -> Score:
    if outcome.passed:
        return Score(1.0, outcome.why, extracted=code[:_KEPT])
    if answer.finish is Finish.LENGTH and "SyntaxError" in outcome.why:
        return Score.unparsed(f"the code is cut off: {outcome.why}")
    why = outcome.why if outcome.ended is Ended.FAILED else f"{outcome.ended}: {outcome.why}"
    return Score(0.0, why, extracted=code[:_KEPT])


def _is_same(printed: str, target: str, absolute: Fraction, share: Fraction) -> bool:
    if _same(printed) == _same(target):
        return True
    reader = NumberReader()
    seen, wanted = reader.final(printed), reader.final(target)
    if seen is None or wanted is None:
        return False
    return same_number(seen, wanted, absolute + share * abs(wanted.value))
