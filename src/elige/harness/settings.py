"""What lm-eval's --model_args and generation arguments mean to elige."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any  # arguments come in any type

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from elige.errors import BadInput
from elige.records import Sampling

_DTYPES = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}
_FILTERS = ("top_p", "top_k", "repetition_penalty")
# Arguments that every greedy run may carry and that change nothing here.
_IDLE = frozenset({"do_sample", "use_cache", "num_return_sequences", "num_beams"})


class ModelArguments(BaseModel):
    """lm-eval's --model_args as elige understands them.

    `batch_size` and `max_batch_size` are taken and do nothing: batches follow from the memory.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pretrained: str = Field(min_length=1)
    dtype: str = "auto"
    adapter: str = ""
    max_length: int | None = Field(default=None, gt=0)
    max_gen_toks: int = Field(default=256, gt=0)
    add_bos_token: bool | None = None
    device: str | None = None
    batch_size: int | str | None = None
    max_batch_size: int | None = None

    @property
    def candidate(self) -> str:
        """The candidate as a user would write it."""
        dtype = _DTYPES.get(self.dtype, self.dtype)
        keys = {"dtype": "" if dtype == "auto" else dtype, "adapter": self.adapter}
        return ",".join([self.pretrained, *(f"{key}={keys[key]}" for key in keys if keys[key])])

    def check_device(self, device: str) -> None:
        """Raises `BadInput` where the CPU was asked for and elige computes on a GPU.

        lm-eval asks for a GPU by itself and takes the CPU where there is none.
        """
        if self.device == "cpu" and device == "cuda":
            raise BadInput(
                "device=cpu was asked for, and elige computes on the GPU.",
                hint="Leave --device out, or hide the GPU with CUDA_VISIBLE_DEVICES=''.",
            )


def read_arguments(arguments: Mapping[str, Any]) -> ModelArguments:
    """The arguments checked; raises `BadInput` for one that is unknown or unusable."""
    try:
        return ModelArguments(**arguments)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        known = ", ".join(ModelArguments.model_fields)
        raise BadInput(
            f"--model_args {name}={arguments.get(name, '')!r} cannot be used: {first['msg']}.",
            hint=f"Known: {known}.",
        ) from error


def sampling_of(wanted: Mapping[str, Any], said: ModelArguments, *, draw: int) -> Sampling:
    """How lm-eval's generation arguments want text drawn; `draw` seeds it where it is random.

    Raises `BadInput` for an argument that elige cannot keep.
    """
    normalise: Any = import_module("lm_eval.models.utils").normalize_gen_kwargs
    kwargs = normalise(dict(wanted), said.max_gen_toks)
    until, most = kwargs.pop("until"), kwargs.pop("max_gen_toks")
    warmth = float(kwargs.pop("temperature", 0.0))
    temperature = warmth if kwargs.get("do_sample") else 0.0
    filters = {name: kwargs.pop(name) for name in _FILTERS if name in kwargs}
    unknown = sorted(kwargs.keys() - _IDLE)
    if unknown or kwargs.get("num_beams", 1) != 1:
        name = (unknown or ["num_beams"])[0]
        raise BadInput(f"{name}={kwargs[name]!r} cannot be kept when elige writes answers.")
    return Sampling(
        temperature=temperature,
        max_tokens=int(most),
        stop=tuple(text for text in until if text),
        seed=0 if temperature == 0.0 else draw,
        **filters,
    )
