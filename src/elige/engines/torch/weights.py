"""A local folder becomes a model and a tokenizer; safetensors only, and no code from the folder."""

import json
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # models and tokenizers come in many classes

import torch
from safetensors import SafetensorError, safe_open

from elige.engines.torch.network import told
from elige.errors import BadInput, DoesNotFit, EligeError, EngineRefused, MissingExtra, NotAllowed
from elige.records import EngineSpec

PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}
_STORED = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A model ready to read, and its tokenizer."""

    model: Any
    tokenizer: Any
    device: torch.device
    precision: str


def load(spec: EngineSpec) -> Loaded:
    """The model of `spec.folder` on the best device there is.

    Raises `NotAllowed` for pickled weights and for models that bring code, `EngineRefused` for
    files that are damaged or incomplete, `DoesNotFit` when memory runs out.
    """
    folder = spec.folder
    if folder is None or not folder.is_dir():
        raise EngineRefused(
            f"The torch engine opens local folders, and {folder} is none.",
            hint="Hand over a folder in Hugging Face layout.",
        )
    if spec.threads is not None:
        torch.set_num_threads(max(1, min(spec.threads, torch.get_num_threads())))
    config = _config(folder)
    _refuse_code(folder, config)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = _dtype(_asked(spec), device, _stored_dtype(folder))
    with quiet(), _in_words(folder):
        model = _model(folder, dtype)
        tokenizer = converted_tokenizer(folder) if _is_converted(folder) else _tokenizer(folder)
        if spec.candidate.adapter:
            model = _adapted(model, Path(spec.candidate.adapter))
        with told():
            model = model.to(device)
    model.requires_grad_(False)
    names = {torch.float32: "fp32", torch.bfloat16: "bf16", torch.float16: "fp16"}
    return Loaded(
        model=model.eval(), tokenizer=tokenizer, device=device, precision=names[model.dtype]
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Neither warnings nor progress bars of transformers reach the terminal."""
    import transformers

    talk: Any = transformers.utils.logging
    talk.set_verbosity(logging.CRITICAL)
    talk.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _model(folder: Path, dtype: torch.dtype) -> Any:  # noqa: ANN401 - many classes
    from transformers import AutoModelForCausalLM

    opener: Any = AutoModelForCausalLM
    model, report = opener.from_pretrained(
        folder,
        dtype=dtype,
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
        output_loading_info=True,
    )
    missing = sorted(report["missing_keys"])
    if missing:
        # transformers fills such weights with random numbers.
        raise EngineRefused(
            f"The weights in {folder} are incomplete: {len(missing)} tensors are missing, "
            f"such as {missing[0]}.",
            hint="Download or convert the model again.",
        )
    return model


def _tokenizer(folder: Path) -> Any:  # noqa: ANN401 - many classes
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)


def converted_tokenizer(folder: Path) -> Any:  # noqa: ANN401 - many classes
    """The tokenizer of a folder that elige converted, its large file read once.

    `AutoTokenizer` reads it five times, 2 s of Gemma's 3.3; the converter checks that this one
    gives the same tokens.
    """
    from transformers import PreTrainedTokenizerFast

    opener: Any = PreTrainedTokenizerFast

    said = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    for name in ("backend", "tokenizer_class", "is_local", "local_files_only"):
        said.pop(name, None)
    template = folder / "chat_template.jinja"
    if template.is_file():
        said["chat_template"] = template.read_text("utf-8")
    return opener(tokenizer_file=str(folder / "tokenizer.json"), **said)


def _is_converted(folder: Path) -> bool:
    try:
        return "converter" in json.loads((folder / "elige.json").read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def _adapted(model: Any, adapter: Path) -> Any:  # noqa: ANN401 - many classes
    """The model with the adapter's weights merged into its own."""
    if not (adapter / "adapter_model.safetensors").is_file():
        raise NotAllowed(
            f"The adapter {adapter} holds no adapter_model.safetensors.",
            hint="Adapters in pickle files are never opened; save it as safetensors.",
        )
    try:
        from peft import PeftModel  # type: ignore[import-not-found, unused-ignore]
    except ModuleNotFoundError as error:
        raise MissingExtra("An adapter", extra="torch") from error
    return PeftModel.from_pretrained(model, adapter, is_trainable=False).merge_and_unload()


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise EngineRefused(
            f"{folder} holds no config.json, so it is no model folder.",
            hint="Name the folder that holds config.json and *.safetensors.",
        ) from error
    except (OSError, ValueError) as error:
        raise EngineRefused(f"{path} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise EngineRefused(f"{path} holds no JSON object.")
    return found


def _refuse_code(folder: Path, config: dict[str, Any]) -> None:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    kind = config.get("model_type", "")
    if kind in CONFIG_MAPPING:
        return
    if "auto_map" in config:
        raise NotAllowed(
            f"The model in {folder} ({kind or 'of no known type'}) brings its own code, "
            "and elige runs no code from a model.",
            hint="Choose a model whose architecture transformers knows.",
        )
    raise EngineRefused(
        f"The architecture {kind!r} of {folder} is unknown to transformers.",
        hint="Update it: pip install --upgrade transformers",
    )


def _stored_dtype(folder: Path) -> torch.dtype:
    """The type that most numbers of the weights are stored in; looks at every file's header."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        pickles = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
        if pickles:
            raise NotAllowed(
                f"The weights in {folder} are pickle files ({pickles[0].name}), "
                "which can run code when they are opened.",
                hint="Use a safetensors version of this model.",
            )
        raise EngineRefused(f"{folder} holds no weights (*.safetensors).")
    numbers: Counter[str] = Counter()
    for path in files:
        try:
            with safe_open(path, framework="pt") as weights:
                for name in weights.keys():  # noqa: SIM118 - no mapping
                    part = weights.get_slice(name)
                    numbers[part.get_dtype()] += torch.Size(part.get_shape()).numel()
        except (SafetensorError, OSError) as error:
            raise EngineRefused(
                f"The weights in {path} are damaged or cut off: {error}.",
                hint="Download or convert the model again.",
            ) from error
    likeliest = numbers.most_common(1)
    return _STORED.get(likeliest[0][0] if likeliest else "", torch.float32)


def _dtype(asked: str, device: torch.device, stored: torch.dtype) -> torch.dtype:
    """The precision to compute in.

    'auto' is bf16 on CUDA (fp16 on cards too old for it). On a CPU it is what the weights are
    stored in where that is sound: bf16 stays bf16 only on a CPU with instructions for it, and
    everything else is fp32, for fp16 would lose digits in bf16 and is slow on CPUs.
    """
    if asked in PRECISIONS:
        return PRECISIONS[asked]
    if asked != "auto":
        raise BadInput(
            f"The torch engine knows no dtype {asked!r}.", hint="Use dtype=fp32, bf16 or auto."
        )
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return stored if stored == torch.bfloat16 and _cpu_multiplies_bf16() else torch.float32


def _asked(spec: EngineSpec) -> str:
    """The user's precision; where that is 'auto', the one the identity names already."""
    resolved = spec.identity.precision if spec.identity.precision in PRECISIONS else "auto"
    return resolved if spec.candidate.dtype == "auto" else spec.candidate.dtype


def _cpu_multiplies_bf16() -> bool:
    able = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(able.get(name) for name in ("amx_bf16", "avx512_bf16", "bf16", "arm_bf16"))


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """Whatever the libraries raise on a folder becomes one line."""
    try:
        yield
    except EligeError:
        raise
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise DoesNotFit(
            f"The model in {folder} does not fit into memory.", hint="Try dtype=bf16."
        ) from error
    except Exception as error:  # the libraries document no bounds on what they raise
        why = " ".join(str(error).split())[:300] or type(error).__name__
        raise EngineRefused(
            f"The model in {folder} cannot be opened: {why}",
            hint="Download or convert the model again.",
        ) from error
