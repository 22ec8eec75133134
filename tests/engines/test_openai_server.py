import json
import urllib.request

import pytest
from engines.openai_server import OpenAIServer, ServedModel


def post(url: str, body: object) -> tuple[int, bytes]:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.status, response.read()


def test_a_stream_ends_with_its_finish_reason_and_usage() -> None:
    with OpenAIServer({"m": ServedModel(answer=lambda prompt: "one two")}) as server:
        body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}
        status, data = post(
            f"{server.url}/chat/completions", body | {"stream_options": {"include_usage": True}}
        )
        assert server.finished["m", "hi"] == 1
    lines = [line.removeprefix("data: ") for line in data.decode().split("\n\n") if line]
    assert status == 200
    assert lines[-1] == "[DONE]"
    assert json.loads(lines[-2])["usage"]["completion_tokens"] == 2
    assert json.loads(lines[-3])["choices"][0]["finish_reason"] == "stop"


def test_a_cut_stream_breaks_before_its_finish_reason() -> None:
    model = ServedModel(answer=lambda prompt: "one two three", faults={"cut": 1.0}, fault_limit=1)
    with OpenAIServer({"m": model}) as server:
        body = {"model": "m", "prompt": "hi", "stream": True}
        _, broken = post(f"{server.url}/completions", body)
        _, whole = post(f"{server.url}/completions", body)
    assert b'"stop"' not in broken
    assert b'"stop"' in whole


def test_a_reset_reaches_the_client_as_an_error() -> None:
    model = ServedModel(answer=lambda prompt: "one two three", faults={"reset": 1.0})
    with OpenAIServer({"m": model}) as server, pytest.raises(OSError):
        post(f"{server.url}/completions", {"model": "m", "prompt": "hi", "stream": True})
