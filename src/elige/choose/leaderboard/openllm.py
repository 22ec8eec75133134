"""The columns of the two Open LLM Leaderboards: tasks, metrics, examples shown, normalisation.

v1: "Open LLM Leaderboard", Hugging Face, 2023 to 2024: raw scores, MMLU as the plain mean of its
57 subjects. v2: 2024 to 2025: scores rescaled so that guessing is 0 and everything right is 100,
below guessing 0, subtask by subtask for BBH and MuSR (its documentation, "Scores Normalization").
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


def _nothing(_: str) -> float:
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One column. `tasks` knows a task of it by name, `floor` what guessing scores on that task.

    `parts` is the number of tasks that it takes. `pooled` says that its samples count the same,
    whatever their task. `metrics` are averaged.
    """

    title: str
    tasks: str
    metrics: tuple[str, ...]
    shots: str
    parts: int = 1
    pooled: bool = False
    variant: str = ""
    floor: Callable[[str], float] = _nothing

    @property
    def rescaled(self) -> bool:
        """Whether guessing is moved to zero."""
        return self.floor is not _nothing

    def covers(self, task: str) -> bool:
        """Whether the task belongs to it."""
        return re.fullmatch(self.tasks, task) is not None


_BBH = {
    "boolean_expressions": 2, "causal_judgement": 2, "date_understanding": 6,
    "disambiguation_qa": 3, "formal_fallacies": 2, "geometric_shapes": 11, "hyperbaton": 2,
    "logical_deduction_five_objects": 5, "logical_deduction_seven_objects": 7,
    "logical_deduction_three_objects": 3, "movie_recommendation": 6, "navigate": 2,
    "object_counting": 19, "penguins_in_a_table": 5, "reasoning_about_colored_objects": 18,
    "ruin_names": 6, "salient_translation_error_detection": 6, "snarks": 2,
    "sports_understanding": 2, "temporal_sequences": 4, "tracking_shuffled_objects_five_objects": 5,
    "tracking_shuffled_objects_seven_objects": 7, "tracking_shuffled_objects_three_objects": 3,
    "web_of_lies": 2,
}  # fmt: skip
_MUSR = {"murder_mysteries": 2, "object_placements": 5, "team_allocation": 3}


def _bbh(task: str) -> float:
    return 1.0 / _BBH[task.removeprefix("leaderboard_bbh_")]


def _musr(task: str) -> float:
    return 1.0 / _MUSR[task.removeprefix("leaderboard_musr_")]


V1 = (
    Benchmark(title="ARC", tasks="arc[_:]challenge", metrics=("acc_norm",), shots="25"),
    Benchmark(title="HellaSwag", tasks="hellaswag", metrics=("acc_norm",), shots="10"),
    Benchmark(
        title="MMLU",
        tasks="(?:mmlu|hendrycksTest)[_-](?!pro|generative|flan|continuation|redux|prox).+",
        metrics=("acc",),
        shots="5",
        parts=57,
    ),
    Benchmark(title="TruthfulQA", tasks="truthfulqa_mc2", metrics=("acc",), shots="0"),
    Benchmark(title="WinoGrande", tasks="winogrande", metrics=("acc",), shots="5"),
    Benchmark(
        title="GSM8K", tasks="gsm8k", metrics=("exact_match",), shots="5", variant="strict-match"
    ),
)
V2 = (
    Benchmark(
        title="IFEval",
        tasks="leaderboard_ifeval",
        metrics=("prompt_level_strict_acc", "inst_level_strict_acc"),
        shots="0",
    ),
    Benchmark(
        title="BBH",
        tasks=f"leaderboard_bbh_(?:{'|'.join(_BBH)})",
        metrics=("acc_norm",),
        shots="3",
        parts=len(_BBH),
        floor=_bbh,
    ),
    Benchmark(
        title="MATH Lvl 5",
        tasks="leaderboard_math_.+_hard",
        metrics=("exact_match",),
        shots="4",
        parts=7,
        pooled=True,
    ),
    Benchmark(
        title="GPQA",
        tasks="leaderboard_gpqa_(?:diamond|extended|main)",
        metrics=("acc_norm",),
        shots="0",
        parts=3,
        pooled=True,
        floor=lambda _: 0.25,
    ),
    Benchmark(
        title="MUSR",
        tasks=f"leaderboard_musr_(?:{'|'.join(_MUSR)})",
        metrics=("acc_norm",),
        shots="0",
        parts=len(_MUSR),
        floor=_musr,
    ),
    Benchmark(
        title="MMLU-PRO",
        tasks="leaderboard_mmlu_pro",
        metrics=("acc",),
        shots="5",
        floor=lambda _: 0.1,
    ),
)
COLUMNS = {"open-llm-v1": V1, "open-llm-v2": V2}
