"""OpenAI's own client against an OpenAI-compatible server behind the gateway: events pass as they come.

Source: OpenAI API reference, "Chat Completions", "Streaming".
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

import pytest

OPENAI: Any = import_module("openai")
CONTENT_TYPE = "integration.response.header.Content-Type"
WORDS = ("Models", " behind", " a", " gateway")


class Chat(ThreadingHTTPServer):
    """A server of chat completions that sends each word once its client has the one before."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Chat)
        self.has_word = threading.Semaphore(1)
        self.seen: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Chat(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Chat

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({"path": self.path, "key": self.headers["Authorization"], **asked})
        if asked["model"] == "none":
            self._whole(404, {"error": {"message": "no model none", "type": "invalid_request_error", "code": None}})
        elif asked.get("stream"):
            self._events(asked["model"])
        else:
            message = {"role": "assistant", "content": "".join(WORDS)}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            self._whole(200, self._completion("chat.completion", asked["model"], choice))

    def _events(self, model: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for word in WORDS:
            assert self.server.has_word.acquire(timeout=20), "the client has not got the word before"
            delta = {"index": 0, "finish_reason": None, "delta": {"content": word}}
            self._event(json.dumps(self._completion("chat.completion.chunk", model, delta)))
        if model == "dying":
            self.close_connection = True
            return
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, data: str) -> None:
        piece = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.flush()

    def _completion(self, kind: str, model: str, choice: dict[str, Any]) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": model, "choices": [choice]}

    def _whole(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def chat() -> Iterator[Chat]:
    server = Chat()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(gateway: Any, proxy: Any, chat: Chat) -> Iterator[Any]:
    url = gateway({"/v1/{proxy+}": proxy(f"{chat.url}/v1", responseTransferMode="STREAM", timeoutInMillis=60_000)})
    with OPENAI.OpenAI(base_url=f"{url}/v1", api_key="sk-own", max_retries=0) as made:
        yield made


def http(url: str, **case: Any) -> dict[str, Any]:
    """Give the path item of an HTTP integration that is no proxy: its response is mapped, here to what came."""
    case = {"statusCode": "200", "responseParameters": {"method.response.header.Content-Type": CONTENT_TYPE}, **case}
    made = {"type": "http", "httpMethod": "POST", "uri": url, "responses": {"default": case}}
    declared = {"200": {"description": "", "headers": {"Content-Type": {"schema": {"type": "string"}}}}}
    headers = {"requestParameters": {"integration.request.header.Authorization": "method.request.header.Authorization"}}
    parameters = [{"name": "Authorization", "in": "header", "schema": {"type": "string"}}]
    post = {"parameters": parameters, "responses": declared, "x-amazon-apigateway-integration": made | headers}
    return {"post": post}


def mapped(gateway: Any, chat: Chat, bindings: str, **case: Any) -> Any:
    """Give a client of an HTTP integration, with these bindings."""
    paths = {"/v1/chat/completions": http("http://llm.example/v1/chat/completions", **case)}
    urls = f'[urls]\n"http://llm.example" = "{chat.url}"\n'
    url = gateway(paths, f"{bindings}\n{urls}")
    return OPENAI.OpenAI(base_url=f"{url}/v1", api_key="sk-own", max_retries=0)


def test_bindings_pass_the_events_of_an_http_integration_on(gateway: Any, chat: Chat) -> None:
    words = []
    with mapped(gateway, chat, 'event_streams = ["http://llm.example/v1"]') as client:
        with ask(client, "small", stream=True) as stream:
            for chunk in stream:
                words.append(chunk.choices[0].delta.content)
                chat.has_word.release()
        assert ask(client, "small").choices[0].message.content == "".join(WORDS)
    assert tuple(words) == WORDS


def test_events_that_are_passed_on_are_called_events(gateway: Any, chat: Chat) -> None:
    """A browser reads no others (WHATWG HTML, "Server-sent events")."""
    for _ in WORDS:
        chat.has_word.release()
    with mapped(gateway, chat, 'event_streams = ["http://llm.example/v1"]') as client:
        raw = client.chat.completions.with_raw_response.create
        answer = raw(model="small", messages=[{"role": "user", "content": "?"}], stream=True)
        assert answer.headers["content-type"].startswith("text/event-stream")
        for _ in answer.parse():
            pass


@pytest.mark.parametrize(
    ("bindings", "case"),
    [
        ("", {}),
        (
            'event_streams = ["http://llm.example"]',
            {"responseTemplates": {"application/json": "$input.body"}},
        ),
    ],
    ids=["not bound", "template"],
)
def test_events_that_are_not_passed_on_come_at_once(
    gateway: Any, chat: Chat, bindings: str, case: dict[str, Any]
) -> None:
    """A template works on the whole body."""
    for _ in WORDS:
        chat.has_word.release()
    with mapped(gateway, chat, bindings, **case) as client, ask(client, "small", stream=True) as stream:
        assert tuple(chunk.choices[0].delta.content for chunk in stream) == WORDS


def ask(client: Any, model: str, **more: Any) -> Any:
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": "?"}], **more)


def test_each_word_comes_before_the_next_is_sent(client: Any, chat: Chat) -> None:
    words = []
    with ask(client, "small", stream=True) as stream:
        for chunk in stream:
            words.append(chunk.choices[0].delta.content)
            chat.has_word.release()
    assert tuple(words) == WORDS
    (seen,) = chat.seen
    assert (seen["path"], seen["key"], seen["stream"]) == ("/v1/chat/completions", "Bearer sk-own", True)


def test_whole_answers_and_refusals_pass_too(client: Any) -> None:
    assert ask(client, "small").choices[0].message.content == "".join(WORDS)
    with pytest.raises(OPENAI.NotFoundError, match="no model none"):
        ask(client, "none")


def test_a_stream_that_dies_is_an_error_to_the_client(client: Any, chat: Chat) -> None:
    words = []

    def read() -> None:
        with ask(client, "dying", stream=True) as stream:
            for chunk in stream:
                words.append(chunk.choices[0].delta.content)
                chat.has_word.release()

    with pytest.raises(OPENAI.APIConnectionError):
        read()
    assert tuple(words) == WORDS
