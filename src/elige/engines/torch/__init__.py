"""The engine on PyTorch and transformers: the reference for scores, for every decoder."""

from elige.config import let_idle_threads_sleep
from elige.errors import MissingExtra

let_idle_threads_sleep()
try:
    import torch as _torch  # noqa: F401 - only whether it is there
    import transformers as _transformers  # noqa: F401 - likewise
except ModuleNotFoundError as error:
    raise MissingExtra("The torch engine", extra="torch") from error

from elige.engines.torch.engine import TorchEngine  # noqa: E402 - the threads go first

__all__ = ["TorchEngine"]
