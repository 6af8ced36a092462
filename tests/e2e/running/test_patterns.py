"""APIs that a Python program makes, served: every kind of target answers."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

PROGRAM = """
from inferway.patterns import GraphqlApi, RestApi, endpoint, function, given, http, mock, table

ratings = table("ratings", key="user", sort="movie")
handler = function("handler", path="code")

api = RestApi("movies", stage="v1", api_key=True, cors="*")
api.get("/health", mock(200, {"status": "ok", "cost": "5$ #1"}), api_key=False)
api.get("/text", mock(201, "5$ #1"), api_key=False)
api.get("/echo/{name}", mock(200, {"name": given.path("name"), "n": given.query("n", "number")}), api_key=False)
api.any("/proxy", handler)
api.post(
    "/mapped/{id}",
    handler,
    request={"id": given.path("id"), "body": given.body(), "fail": given.query("fail")},
    response={"answer": given.answer("$.got")},
    errors={404: "no such.*"},
)
api.post("/predict", endpoint("model"), request={"instances": given.body("$.items")}, body={"required": ["items"]})
api.get("/users/{user}/ratings/{movie}", ratings.get())
api.put("/users/{user}/ratings/{movie}", ratings.put("rating:N", "comment", "seen:BOOL"))
api.delete("/users/{user}/ratings/{movie}", ratings.delete())
api.get("/users/{user}/ratings", ratings.query())
api.get("/web/{page}", http("BACKEND/pages/{page}"))

graph = GraphqlApi("films", schema='''
type Rating { user: ID! movie: ID! rating: Float }
type Movie { id: ID! title: String ratings(user: ID!): [Rating] page: AWSJSON }
type Query { movie(id: ID!): Movie  rating(user: ID!, movie: ID!): Rating  call(x: Int): AWSJSON  predict: AWSJSON }
type Mutation { rate(user: ID!, movie: ID!, rating: Float): Rating  forget(user: ID!, movie: ID!): Rating }
''')
graph.query("movie", mock(200, {"id": given.argument("id"), "title": "A $film"}))
graph.query("rating", ratings.get())
graph.query("call", handler, request={"id": given.argument("x")})
graph.query("predict", endpoint("model"), request={"instances": [1, 2]})
graph.field("Movie", "ratings", ratings.query())
graph.field("Movie", "page", http("BACKEND/pages/{id}"))
graph.mutation("rate", ratings.put())
graph.mutation("forget", ratings.delete())
"""
HANDLER = """
def handler(event, context):
    if event.get("fail"):
        raise ValueError("no such " + event["fail"])
    if "httpMethod" in event:
        return {"statusCode": 202, "body": event["httpMethod"], "headers": {"x-mine": "1"}}
    return {"got": event}
"""
KEY = "key-for-trying-the-movies-api"


class Backend(BaseHTTPRequestHandler):
    """A model and a web page: tells what it was asked."""

    def _answer(self) -> None:
        held = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        body = json.dumps({"path": self.path, "body": json.loads(held or "null")}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture(scope="module")
def backend() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, backend: str, keep: Any) -> Any:
    folder: Path = tmp_path_factory.mktemp("patterns")
    (folder / "code").mkdir()
    (folder / "code" / "index.py").write_text(HANDLER)
    (folder / "api.py").write_text(PROGRAM.replace("BACKEND", backend))
    (folder / "inferway.toml").write_text(
        f'[endpoints.model]\nurl = "{backend}/model"\n[keys]\nmovies = "{KEY}"\nfilms = "{KEY}"\n'
        '[urls]\n"https://runtime.sagemaker.us-east-1.amazonaws.com" = "control:sagemaker-runtime"\n'
    )
    return keep(folder / "api.py")


def ask(served: Any, method: str, path: str, body: Any = None) -> Any:
    headers = {"x-api-key": KEY, "content-type": "application/json"}
    return served.send(method, f"/movies/v1{path}", headers, "" if body is None else json.dumps(body))


def graphql(served: Any, query: str) -> Any:
    key = next(api["keys"][0] for api in served.ready["apis"] if "films" in api["url"])
    headers = {"x-api-key": key, "content-type": "application/json"}
    answer = served.send("POST", "/films/graphql", headers, json.dumps({"query": query}))
    assert answer.status == 200, answer.body
    return answer.json


def test_answers_without_a_backend(served: Any) -> None:
    answer = served.send("GET", "/movies/v1/health")
    assert (answer.status, answer.json) == (200, {"status": "ok", "cost": "5$ #1"})
    assert answer.headers["access-control-allow-origin"] == "*"
    answer = served.send("GET", "/movies/v1/text")
    assert (answer.status, answer.headers["content-type"], answer.body) == (201, "text/plain", b"5$ #1")


@pytest.mark.parametrize(
    ("asked", "name", "number"),
    [
        ("/x?n=4", "x", 4),
        ("/it's%20%22so%22?n=-1.5e3", 'it\'s "so"', -1500),
        ("/x", "x", None),
        ("/x?n=1,%20%22admin%22:true", "x", None),
        ("/x?n=007", "x", None),
    ],
)
def test_parameters_become_json_whatever_is_in_them(served: Any, asked: str, name: str, number: float | None) -> None:
    assert served.send("GET", f"/movies/v1/echo{asked}").json == {"name": name, "n": number}


def test_a_key_is_asked_for(served: Any) -> None:
    assert served.send("GET", "/movies/v1/proxy").status == 403


def test_a_function_as_a_proxy_and_mapped(served: Any) -> None:
    answer = ask(served, "PATCH", "/proxy", {})
    assert (answer.status, answer.body, answer.headers["x-mine"]) == (202, b"PATCH", "1")
    answer = ask(served, "POST", "/mapped/7", {"a": 1})
    assert (answer.status, answer.json) == (200, {"answer": {"id": "7", "body": {"a": 1}, "fail": ""}})
    answer = ask(served, "POST", "/mapped/7?fail=film", {})
    assert (answer.status, answer.json) == (404, {"message": "no such film"})


def test_a_model_gets_what_the_template_makes(served: Any) -> None:
    answer = ask(served, "POST", "/predict", {"items": [1, 2]})
    assert answer.status == 200
    assert answer.json["body"] == {"instances": [1, 2]}
    assert ask(served, "POST", "/predict", {}).status == 400


def test_a_web_address_gets_the_request(served: Any) -> None:
    assert ask(served, "GET", "/web/home?a=1").json["path"] == "/pages/home?a=1"


def test_a_table_keeps_what_is_put(served: Any) -> None:
    item = {"rating": 4.5, "comment": 'it\'s "good" for 5$', "seen": True}
    assert ask(served, "GET", "/users/u1/ratings/m1").status == 404
    assert ask(served, "PUT", "/users/u1/ratings/m1", item).status == 200
    assert ask(served, "PUT", "/users/u1/ratings/m2", {**item, "rating": "5"}).status == 400
    stored = {"user": "u1", "movie": "m1", **item}
    assert ask(served, "GET", "/users/u1/ratings/m1").json == stored
    assert ask(served, "GET", "/users/u1/ratings").json == {"items": [stored]}
    assert ask(served, "DELETE", "/users/u1/ratings/m1").status == 200
    assert ask(served, "GET", "/users/u1/ratings").json == {"items": []}


def test_a_page_at_another_origin_may_ask(served: Any) -> None:
    answer = served.send("OPTIONS", "/movies/v1/users/u1/ratings/m1", {"origin": "https://page.example"})
    assert (answer.status, answer.headers["access-control-allow-methods"]) == (204, "OPTIONS,GET,PUT,DELETE")


def test_fields_of_a_graphql_api(served: Any) -> None:
    made = graphql(served, 'mutation { rate(user: "g", movie: "m", rating: 2.5) { user movie rating } }')
    assert made == {"data": {"rate": {"user": "g", "movie": "m", "rating": 2.5}}}
    answer = graphql(
        served,
        '{ movie(id: "a\\"b") { id title ratings(user: "g") { rating } } rating(user: "g", movie: "m") { rating } '
        'none: rating(user: "g", movie: "x") { rating } call(x: 3) }',
    )
    assert answer["data"]["movie"] == {"id": 'a"b', "title": "A $film", "ratings": [{"rating": 2.5}]}
    assert (answer["data"]["rating"], answer["data"]["none"]) == ({"rating": 2.5}, None)
    assert json.loads(answer["data"]["call"]) == {"got": {"id": 3}}
    assert graphql(served, 'mutation { forget(user: "g", movie: "m") { rating } }')["data"]["forget"] == {"rating": 2.5}


def test_fields_that_call_a_model_and_a_web_address(served: Any) -> None:
    answer = graphql(served, '{ predict movie(id: "7") { page } }')
    assert "errors" not in answer, answer
    assert json.loads(answer["data"]["predict"])["body"] == {"instances": [1, 2]}
    assert json.loads(answer["data"]["movie"]["page"])["path"] == "/pages/7"
