"""`demo`: the main job on the built-in tasks and the two packaged models."""

from elige.workbench.options import ChooseOptions

TASK = "builtin:demo"
CANDIDATES = (
    "smollm2-135m-instruct,prompt=chat",
    "smollm2-135m-instruct,prompt=plain",
    "smollm2-135m-instruct,prompt=plain,shots=4",
    "gemma-3-270m",
    "gemma-3-270m,shots=4",
)


def demo_options(*, seed: int = 0) -> ChooseOptions:
    """Two models in chat and plain prompts, without and with examples, on everything built in.

    The tolerance is two points: on a few hundred samples that can often be shown.
    """
    return ChooseOptions(candidates=CANDIDATES, tolerance=0.02, seed=seed)
