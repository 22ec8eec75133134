"""elige as a model of lm-evaluation-harness; importing it registers the name `elige`."""

from importlib.util import find_spec

from elige.harness.commandline import run

if find_spec("lm_eval"):
    from elige.harness.model import HarnessModel as HarnessModel

__all__ = ["run"]
