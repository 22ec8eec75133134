"""A local OpenAI-compatible server whose models behave, and misbehave, as they are told."""

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from engines.openai_model import STATUS, Fault, Received, ServedAnswer, ServedModel, refused
from engines.openai_wire import Aborted, Wire

from elige.records import Candidate, EngineSpec, Identity, ModelRef, Prices, RefKind
from elige.text import digest

__all__ = ["Fault", "OpenAIServer", "Received", "ServedModel"]


class OpenAIServer:
    """Serves `models` at `url` while it is entered as a context.

    `received` holds every request for an answer; `finished` counts, for each (model, prompt),
    the answers sent to the end; `aborted` counts clients that went away in the middle;
    `active` and `peak` are the requests being answered now and at most.
    """

    def __init__(
        self, models: Mapping[str, ServedModel] | None = None, *, api_key: str = ""
    ) -> None:
        self.models = dict(models or {"parrot": ServedModel()})
        self.api_key = api_key
        self.received: list[Received] = []
        self.finished: Counter[tuple[str, str]] = Counter()
        self.faulted: Counter[str] = Counter()
        self.aborted = 0
        self.active = 0
        self.peak = 0
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._faults: Counter[tuple[str, str]] = Counter()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The address that clients are given; it ends with /v1."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def spec(
        self, model: str, *, api_key: str = "", prices: Prices | None = None, **options: str
    ) -> EngineSpec:
        """What opens the remote engine on one of the models, impatient unless told otherwise."""
        ref = ModelRef(
            text=f"{self.url}#{model}", kind=RefKind.ENDPOINT, location=self.url, model=model
        )
        keys = {"backoff": "0.01", **options}
        return EngineSpec(
            candidate=Candidate(name=model, ref=ref, options=tuple(sorted(keys.items()))),
            identity=Identity(weights=ref.text, engine="remote"),
            base_url=self.url,
            api_key=api_key,
            prices=prices,
        )

    def asked(self, model: str) -> Counter[str]:
        """How often each prompt was sent to the model, failed attempts included."""
        return Counter(one.prompt for one in self.received if one.model == model)

    def __enter__(self) -> "OpenAIServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def begin(self, request: Received) -> Fault | None:
        """Note the request, and say which fault it meets."""
        key = (request.model, request.prompt)
        with self._lock:
            self.received.append(request)
            self._attempts[key] += 1
            fault = self._fault(request, self._attempts[key])
            if fault and self._faults[key] < self.models[request.model].fault_limit:
                self._faults[key] += 1
                self.faulted[fault] += 1
                return fault
            return None

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request as active."""
        with self._lock:
            self.active += 1
            self.peak = max(self.peak, self.active)
        try:
            yield
        except Aborted:
            with self._lock:
                self.aborted += 1
            raise
        finally:
            with self._lock:
                self.active -= 1

    def finish(self, request: Received) -> None:
        """Note that the answer went out whole."""
        with self._lock:
            self.finished[request.model, request.prompt] += 1

    def _fault(self, request: Received, attempt: int) -> Fault | None:
        model = self.models[request.model]
        drawn = int(digest([model.seed, request.prompt, attempt])[:13], 16) / 16**13
        for fault, rate in model.faults.items():
            if drawn < rate:
                return fault
            drawn -= rate
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: clients that break off are part of the game."""


class _Handler(BaseHTTPRequestHandler):
    """Checks a request and answers it as its model is told to."""

    owner: OpenAIServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            self._error(404, f"no {self.path}")
        elif self._allowed():
            listed = [{"id": name, "object": "model"} for name in self.owner.models]
            self._wire().whole({"object": "list", "data": listed})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._allowed():
            return
        if self.path not in {"/v1/chat/completions", "/v1/completions"}:
            self._error(404, f"no {self.path}")
        elif body["model"] not in self.owner.models:
            self._error(404, f"The model `{body['model']}` does not exist.")
        else:
            self._answer(body)

    def _answer(self, body: dict[str, Any]) -> None:
        chat = self.path.endswith("chat/completions")
        texts = [turn["content"] for turn in body["messages"]] if chat else [body["prompt"]]
        request = Received(
            path=self.path,
            model=body["model"],
            prompt="\n".join(texts),
            body=body,
            authorization=self.headers.get("Authorization", ""),
        )
        fault = self.owner.begin(request)
        model = self.owner.models[request.model]
        refusal = refused(model, body, chat)
        if refusal or fault in STATUS:
            status, message = refusal or (STATUS[str(fault)], model.message)
            self._error(status, message, {"Retry-After": model.retry_after} if fault else {})
            return
        with contextlib.suppress(Aborted), self.owner.busy():
            self._speak(request, model, fault)

    def _speak(self, request: Received, model: ServedModel, fault: Fault | None) -> None:
        wire = self._wire()
        wire.wait(3600 if fault == "hang" else model.delay)
        answer = ServedAnswer(request, model)
        if request.body.get("stream") and model.streams:
            wire.begin_stream()
            events = answer.events()
            for at, event in enumerate(events):
                if fault and at == 1 + len(events) // 3:
                    wire.break_off(fault)
                    return
                wire.wait(model.token_delay)
                wire.event(event)
            self.owner.finish(request)
            wire.end_stream()
        else:
            self.owner.finish(request)
            wire.whole(answer.whole())

    def _allowed(self) -> bool:
        sent = self.headers.get("Authorization", "")
        if not self.owner.api_key or sent == f"Bearer {self.owner.api_key}":
            return True
        self._error(401, f"Incorrect API key provided: {sent or 'none'}.")
        return False

    def _error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        error = {"message": message, "type": "error", "code": status}
        self._wire().whole({"error": error}, status=status, headers=headers or {})

    def _wire(self) -> Wire:
        return Wire(self, self.owner.stopping)
