"""Opens a candidate: reference, engine, precision and keys become one loaded engine."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from elige import plugins
from elige.config import Settings
from elige.engines import echo
from elige.errors import BadInput, MissingExtra
from elige.loader.combinations import Combinations, open_combined
from elige.loader.digests import DigestCache, JsonDigests, digest_of
from elige.loader.endpoint import remote_spec
from elige.loader.identity import distinct
from elige.loader.local import LocalModel, LocalModels
from elige.loader.versions import engine_version
from elige.machine.facts import Gpu, cuda_gpus, memory_bytes, usable_cores
from elige.machine.memory import MemoryNeed, check_fits, together
from elige.machine.need import Sizes, Use, need_of
from elige.machine.packages import extra, installed_version
from elige.machine.precision import Precision, precision
from elige.records import (
    Candidate,
    Engine,
    EngineFactory,
    EngineInfo,
    EngineSpec,
    Fact,
    Identity,
    ModelRef,
    RefKind,
)
from elige.text import digest

_NEEDED_BY_TORCH = frozenset({"torch", "transformers", "safetensors", "gguf"})
_BUILT_IN = frozenset({"echo", "remote", "torch"})
_USUAL_CONTEXT = 2048
# Questions that are worth handing over in one call: to the torch engine (as in its own `info`),
# and to one that says nothing of it.
_AT_ONCE_CPU, _AT_ONCE_CUDA, _AT_ONCE = 64, 256, 8


def _at_once(engine: str, *, on_gpu: bool) -> int:
    if engine != "torch":
        return _AT_ONCE
    return _AT_ONCE_CUDA if on_gpu else _AT_ONCE_CPU


def _silent(_: str) -> None:
    """Say nothing."""


def weights_alone(model: LocalModel) -> Sizes:
    """The sizes of a model of whose layers nothing is asked."""
    return Sizes(parameters=model.parameters or 0)


class Loader:
    """From candidates to engines; downloads, joins and converts what is needed, once.

    `sizes` reads the sizes of a model at hand, from which its memory is estimated.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        digests: DigestCache | None = None,
        say: Callable[[str], None] = _silent,
        sizes: Callable[[LocalModel], Sizes] = weights_alone,
    ) -> None:
        self._settings = settings
        self._sizes = sizes
        self._digests = digests or JsonDigests(settings.home / "digests.json")
        self.combinations = Combinations(settings.home)
        self.models = LocalModels(settings, self._digests, say)
        self._gpus: tuple[Gpu, ...] | None = None
        self._guard = threading.Lock()

    def describe(self, candidate: Candidate) -> EngineInfo:
        """What the candidate's engine will say of itself; no weights are loaded.

        Its identity equals the opened engine's, so that answers already paid for are found.
        Raises `EligeError` of the kind that `open` would raise, as far as files tell.
        """
        if candidate.ref.kind is RefKind.COMBO:
            saved = self.combinations.of(candidate)
            return saved.info([self.describe(one) for one in saved.members])
        engine = self._engine_name(candidate)
        if candidate.ref.kind in {RefKind.ECHO, RefKind.ENDPOINT}:
            opened = self._factory(engine)(self._spec(candidate, engine))
            try:
                return opened.describe()
            finally:
                opened.close()
        model = self._local(candidate, engine)
        return self._info(candidate, engine, model)

    def open(self, candidate: Candidate) -> Engine:
        """The candidate's engine, its weights loaded.

        Raises `DoesNotFit` before anything is loaded when the memory is too small.
        """
        if candidate.ref.kind is RefKind.COMBO:
            saved = self.combinations.of(candidate)
            return open_combined(saved, self.describe(candidate), self.open)
        engine = self._engine_name(candidate)
        if candidate.ref.kind not in {RefKind.ECHO, RefKind.ENDPOINT}:
            self._check_memory(candidate)
        return self._factory(engine)(self._spec(candidate, engine))

    def spec(self, candidate: Candidate) -> tuple[EngineSpec, EngineInfo]:
        """What the candidate's engine would be opened with and say of itself.

        Raises what `open` raises before the weights are read.
        """
        self._check_memory(candidate)
        return self._spec(candidate, self._engine_name(candidate)), self.describe(candidate)

    def licence(self, ref: ModelRef) -> Fact | None:
        """The licence that the model's package, card or file declares, None for none."""
        if ref.kind in {RefKind.ECHO, RefKind.ENDPOINT, RefKind.COMBO}:
            return None
        return self.models.look(ref).licence

    def memory(self, candidate: Candidate, *, context: int = _USUAL_CONTEXT) -> MemoryNeed | None:
        """Peak memory for one question of `context` tokens, estimated; None for no weights."""
        if candidate.ref.kind is RefKind.COMBO:
            members = self.combinations.of(candidate).members
            return together(self.memory(one, context=context) for one in distinct(members))
        engine = self._engine_name(candidate)
        if candidate.ref.kind in {RefKind.ECHO, RefKind.ENDPOINT}:
            return None
        model = self._local(candidate, engine)
        kind = precision(self._precision(candidate, model))
        sizes = self._sizes(model)
        if not sizes.parameters:
            sizes = replace(sizes, parameters=int(8 * model.stored_bytes // kind.bits))
        return self._need(sizes, kind, min(context, model.context_length or context))

    def memory_of(self, sizes: Sizes, *, context: int = _USUAL_CONTEXT) -> MemoryNeed:
        """The same of a model that is not here, as its half-precision weights would be kept."""
        return self._need(sizes, precision(self._usual(half=True)), context)

    def free_bytes(self) -> int:
        """What a model may take now: memory of the GPU where there is one, else of the machine."""
        gpus = self._cuda()
        return gpus[0].free_bytes if gpus else memory_bytes()[1]

    def close(self) -> None:
        """Let go of converted models. Safe to call twice."""
        self.models.close()

    def _engine_name(self, candidate: Candidate) -> str:
        kind = candidate.ref.kind
        own = {RefKind.ECHO: "echo", RefKind.ENDPOINT: "remote"}.get(kind, "torch")
        engine = own if candidate.engine == "auto" else candidate.engine
        if engine in _BUILT_IN and engine != own:
            raise BadInput(
                f"The engine {engine!r} cannot run {candidate.ref.text!r}.",
                hint=f"Leave engine= out, or name the engine {own!r}.",
            )
        return engine

    def _factory(self, engine: str) -> EngineFactory:
        factory: EngineFactory = plugins.load("engines", engine)
        return factory

    def _local(self, candidate: Candidate, engine: str) -> LocalModel:
        if engine == "torch" and _NEEDED_BY_TORCH & set(extra("torch").missing):
            raise MissingExtra(f"Running {candidate.ref.text} on this machine", extra="torch")
        return self.models.look(candidate.ref)

    def _spec(self, candidate: Candidate, engine: str) -> EngineSpec:
        prices = candidate.prices
        if candidate.ref.kind is RefKind.ECHO:
            return EngineSpec(candidate=candidate, identity=echo.identity(candidate), prices=prices)
        if candidate.ref.kind is RefKind.ENDPOINT:
            return remote_spec(candidate, engine, self._settings, prices)
        model = self._local(candidate, engine)
        identity = self._identity(candidate, engine, model)
        return EngineSpec(
            candidate=replace(candidate, dtype=identity.precision),
            identity=identity,
            folder=model.folder(),
            prices=prices,
            threads=usable_cores(),
        )

    def _info(self, candidate: Candidate, engine: str, model: LocalModel) -> EngineInfo:
        identity = self._identity(candidate, engine, model)
        kind = precision(identity.precision)
        values = sum(layer.token for layer in self._sizes(model).layers)
        return EngineInfo(
            identity=identity,
            context_length=model.context_length,
            device="cuda" if self._cuda() else "cpu",
            has_template=bool(model.template),
            parameters=model.parameters,
            weight_bytes=kind.bytes_of(model.parameters or 0) or model.stored_bytes,
            kv_bytes_per_token=kind.bytes_of(values) or None,
            notices=model.notices,
            concurrency=_at_once(engine, on_gpu=bool(self._cuda())),
        )

    def _identity(self, candidate: Candidate, engine: str, model: LocalModel) -> Identity:
        weights = model.weights
        if candidate.adapter:
            weights = digest({"weights": weights, "adapter": self._adapter_hash(candidate)})
        return Identity(
            weights=weights,
            tokenizer=model.tokenizer,
            template=model.template,
            precision=self._precision(candidate, model),
            engine=engine,
            engine_version=engine_version(engine),
        )

    def _adapter_hash(self, candidate: Candidate) -> list[str]:
        folder = Path(candidate.adapter).expanduser()
        files = [folder / name for name in ("adapter_config.json", "adapter_model.safetensors")]
        for path in files:
            if not path.is_file():
                raise BadInput(
                    f"{folder} is no adapter: it holds no {path.name}.",
                    hint="Give the folder that PEFT saved, with its weights as safetensors.",
                )
        return [digest_of(path, self._digests) for path in files]

    def _precision(self, candidate: Candidate, model: LocalModel) -> str:
        """fp32 or bf16: 'auto' is bf16 for half-precision weights on a GPU that computes it."""
        return self._usual(half=model.half) if candidate.dtype == "auto" else candidate.dtype

    def _usual(self, *, half: bool) -> str:
        able = [gpu for gpu in self._cuda() if gpu.computes_bf16]
        return "bf16" if half and able else "fp32"

    def _need(self, sizes: Sizes, kind: Precision, context: int) -> MemoryNeed:
        use = Use(context=context, users=1, cache=kind)
        return need_of(sizes, kind, use, on_cpu=not self._cuda())

    def _cuda(self) -> tuple[Gpu, ...]:
        """The GPUs that the installed torch can use."""
        with self._guard:
            if self._gpus is None:
                self._gpus = usable_gpus(self._settings)
            return self._gpus

    def _check_memory(self, candidate: Candidate) -> None:
        need = self.memory(candidate)
        if need is not None:
            check_fits(candidate.ref.text, need, available_bytes=self.free_bytes())


def usable_gpus(settings: Settings) -> tuple[Gpu, ...]:
    """The GPUs that the installed torch can use; none where it was built for processors alone."""
    if installed_version("torch").endswith("+cpu"):
        return ()
    return cuda_gpus(settings.environment.get("CUDA_VISIBLE_DEVICES"))
