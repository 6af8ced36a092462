"""The trace of a request: every step with what it made, edits that nobody else sees, and who may ask for it."""

import json
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

KEY = {"x-api-key": "demo-key-for-the-movies-api"}
RATINGS = "/movies/prod/predicted-ratings/321?items=101,131,162"
LABELS = {"x-api-key": "da2-fivedoorsexamplekey000000", "content-type": "application/json"}
AZURE = {"Ocp-Apim-Subscription-Key": "f1ed0025f1ed0025f1ed0025f1ed0025", "content-type": "application/json"}
COUNT = '{"count": $input.path("$.predictions").size()}'
PAGES = ("/_inferway/trace", "/_inferway/trace/routes", "/_inferway/trace/request")


def walked(steps: list[Any]) -> list[Any]:
    """Give steps with those inside them, in order."""
    return [each for step in steps for each in (step, *walked(step["steps"]))]


def names(seen: Any) -> list[str]:
    return [step["step"] for step in seen["steps"]]


def step(seen: Any, name: str, label: str = "") -> Any:
    """Give the first step of a name."""
    return next(each for each in walked(seen["steps"]) if each["step"] == name and label in each["label"])


def template(seen: Any, name: str, holding: str) -> Any:
    """Give the text of a step that holds some words."""
    return next(
        text
        for each in walked(seen["steps"])
        if each["step"] == name
        for text in each["texts"]
        if holding in text["text"]
    )


def test_the_steps_of_a_rest_call_in_their_order_with_their_values(movies: Any) -> None:
    """API Gateway: key, throttle, validation, integration request, the model, integration response (DESIGN.md)."""
    seen = movies.trace("GET", RATINGS, KEY)
    steps = [name for name in names(seen) if not name.startswith("Limit")]
    assert steps == ["RequireApiKey", "DecodeBody", "ValidateParameters", "MapRequest", "Invoke", "MapResponse"]
    limits = [at for at, name in enumerate(names(seen)) if name.startswith("Limit")]
    assert limits
    assert names(seen).index("RequireApiKey") < min(limits)
    assert max(limits) < names(seen).index("ValidateParameters")
    assert (seen["api"], seen["stage"], seen["parameters"]) == ("movies", "prod", {"user_id": "321"})
    asked = json.loads(step(seen, "MapRequest")["changes"]["call"]["body"])
    assert asked == {"instances": [{"in0": [321], "in1": [item]} for item in (101, 131, 162)]}
    replied = json.loads(step(seen, "Invoke")["changes"]["reply"]["body"])
    ratings = [prediction["scores"][0] for prediction in replied["predictions"]]
    assert json.loads(seen["response"]["body"]) == {"ratings": ratings}
    assert seen["response"]["status"] == 200
    assert all(earlier["at"] <= later["at"] for earlier, later in zip(seen["steps"], seen["steps"][1:], strict=False))
    assert all(0 <= each["took"] <= seen["took"] for each in seen["steps"])


def test_what_is_traced_is_what_a_client_gets(movies: Any) -> None:
    """The same status and body, with a key and without one, at a path that is there and at one that is not."""
    for path, headers in ((RATINGS, KEY), (RATINGS, {}), ("/movies/prod/nothing", KEY), ("/movies/nothing/x", KEY)):
        answer = movies.send("GET", path, headers)
        seen = movies.trace("GET", path, headers)
        assert seen["response"]["status"] == answer.status
        assert seen["response"]["body"] == answer.body.decode()


def test_a_refusal_ends_at_the_step_that_refuses(movies: Any) -> None:
    seen = movies.trace("GET", RATINGS, {})
    assert names(seen) == ["RequireApiKey"]
    assert seen["steps"][0]["outcome"].startswith("fault:")
    assert seen["fault"]["whose"] == "client"
    assert seen["response"]["status"] == 403


def test_an_edit_is_for_one_request_only(movies: Any) -> None:
    before = movies.trace("GET", RATINGS, KEY)
    edit = {f"e{template(before, 'MapResponse', 'ratings')['id']}": COUNT}
    for _ in range(2):
        assert json.loads(movies.trace("GET", RATINGS, KEY, **edit)["response"]["body"]) == {"count": 3}
    assert list(movies.send("GET", RATINGS, KEY).json) == ["ratings"]
    assert movies.trace("GET", RATINGS, KEY)["response"] | {"headers": []} == before["response"] | {"headers": []}


def test_an_edit_is_no_matter_of_the_cache(start: Any, examples: Path, tmp_path: Path) -> None:
    """What an edit makes is kept for nobody, and what is kept does not stand in for it."""
    bindings = tmp_path / "inferway.toml"
    bindings.write_text(
        f'[endpoints.movie-ratings]\nserve = "{examples}/movies/model"\n'
        '[keys]\ndemo = "demo-key-for-the-movies-api"\n[apis.movies.stages.prod]\ncache = true\n'
    )
    gateway = start(examples / "movies", "--bindings", str(bindings))
    seen = gateway.trace("GET", RATINGS, KEY)
    edit = {f"e{template(seen, 'MapResponse', 'ratings')['id']}": COUNT}
    assert gateway.stop() == 0
    gateway = start(examples / "movies", "--bindings", str(bindings))  # with nothing in its cache
    assert json.loads(gateway.trace("GET", RATINGS, KEY, **edit)["response"]["body"]) == {"count": 3}
    answer = gateway.send("GET", RATINGS, KEY)
    assert list(answer.json) == ["ratings"]
    assert gateway.trace("GET", RATINGS, KEY)["response"]["body"] == answer.body.decode()
    assert "MapResponse" not in names(gateway.trace("GET", RATINGS, KEY))
    assert json.loads(gateway.trace("GET", RATINGS, KEY, **edit)["response"]["body"]) == {"count": 3}


def test_an_edit_that_is_no_template_fails_as_on_the_service(movies: Any) -> None:
    """The service takes such a template, and every call of it is a 500; the trace says at which line and column."""
    seen = movies.trace("GET", "/movies/prod/predicted-ratings/79?items=5", KEY)
    text = template(seen, "MapRequest", "instances")
    seen = movies.trace("GET", RATINGS, KEY, **{f"e{text['id']}": "#if( $x"})
    assert seen["response"]["status"] == 500
    assert seen["steps"][-1]["step"] == "MapRequest"
    assert "line 1, column 7" in seen["steps"][-1]["outcome"]
    assert "line 1, column 7" in seen["fault"]["cause"]
    assert movies.send("GET", "/movies/prod/predicted-ratings/79?items=5", KEY).status == 200


def test_an_edit_of_nothing_changes_nothing(movies: Any) -> None:
    seen = movies.trace("GET", RATINGS, KEY, e000000000000="{}")
    assert seen["response"]["status"] == 200
    assert "ratings" in seen["response"]["body"]


def test_traces_at_once_do_not_mix(movies: Any) -> None:
    def one(user: int) -> Any:
        return movies.trace("GET", f"/movies/prod/predicted-ratings/{user}?items={user}", KEY)

    users = range(1, 41)
    with ThreadPoolExecutor(8) as pool:
        for user, seen in zip(users, pool.map(one, users), strict=True):
            asked = json.loads(step(seen, "MapRequest")["changes"]["call"]["body"])
            assert asked == {"instances": [{"in0": [user], "in1": [user]}]}
            assert names(seen).count("Invoke") == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("{", "cannot be traced"),
        ("[]", "object"),
        ({}, "path"),
        ({"path": "movies"}, "starts with /"),
        ({"path": "http://elsewhere/"}, "starts with /"),
        ({"path": "/a b\n"}, "percent-encoded"),
        ({"path": "/ä"}, "percent-encoded"),
        ({"path": "/", "method": "GET /x HTTP/1.1\r\nX:"}, "no method"),
        ({"path": "/", "headers": [["a b", "c"]]}, "header"),
        ({"path": "/", "headers": [["a", "b"]] * 101}, "100 headers"),
        ({"path": "/", "more": 1}, "more"),
        ({"path": "/", "edits": {"a": 1}}, "edits"),
    ],
)
def test_what_cannot_be_sent_is_refused(movies: Any, asked: Any, said: str) -> None:
    answer = movies.ask_trace(asked)
    assert answer.status == 400
    assert said in answer.json["message"]


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",
        "127.0.0.1.rebound.example",
        "localhost.rebound.example",
        "notlocalhost",
        "192.168.1.7",
        "[2001:db8::1]",
        "[",
        "0.0.0.0",
    ],
)
def test_a_name_of_another_site_that_points_here_is_refused(movies: Any, host: str) -> None:
    """DNS rebinding: a page of that site would read what is traced. Refused too is what is no host at all."""
    port = urlsplit(movies.url).port
    for method, page in zip(("GET", "GET", "POST"), PAGES, strict=True):
        answer = movies.send(method, page, {"host": f"{host}:{port}", "content-type": "application/json"})
        assert answer.status in (400, 403), page
        assert b"routes" not in answer.body


@pytest.mark.parametrize("name", ["localhost", "movies.localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_a_name_of_this_machine_is_answered(movies: Any, name: str) -> None:
    port = urlsplit(movies.url).port
    assert movies.send("GET", "/_inferway/trace/routes", {"host": f"{name}:{port}"}).status == 200


@pytest.mark.parametrize(
    "origin", ["http://other.example", "null", "http://127.0.0.1:1", "http://[", "", "file://", "http://localhost"]
)
def test_a_page_of_another_site_is_refused(movies: Any, origin: str) -> None:
    answer = movies.ask_trace({"path": RATINGS}, {"origin": origin})
    assert answer.status == 403
    assert "own page" in answer.json["message"]


def test_its_own_page_is_answered(movies: Any) -> None:
    assert movies.ask_trace({"path": RATINGS}, {"origin": movies.url}).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_what_a_form_of_another_site_could_send_is_refused(movies: Any, kind: str) -> None:
    """A form or a simple fetch needs no leave of the browser: only a JSON content type asks first (Fetch, 2.2.2)."""
    answer = movies.send("POST", PAGES[2], {"content-type": kind}, json.dumps({"path": RATINGS}))
    assert answer.status == 415


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_by_any_of_its_names(movies: Any, kind: str) -> None:
    answer = movies.send("POST", PAGES[2], {"content-type": kind}, json.dumps({"path": RATINGS}))
    assert answer.status == 200


def test_a_trace_can_be_traced(movies: Any) -> None:
    inner = json.dumps({"path": RATINGS, "headers": list(KEY.items())})
    seen = movies.trace("POST", PAGES[2], {"content-type": "application/json"}, inner)
    assert seen["response"]["status"] == 200
    assert seen["steps"] == []
    assert json.loads(seen["response"]["body"])["response"]["status"] == 200


def test_it_is_off_where_production_has_it_off(start: Any, examples: Path) -> None:
    for more in (("--no-trace",), ("--workers", "2"), ("--host", "0.0.0.0")):
        gateway = start(examples / "movies", *more)
        for method, page in zip(("GET", "GET", "POST"), PAGES, strict=True):
            answer = gateway.send(method, page, {"content-type": "application/json"}, "{}", host="127.0.0.1")
            assert answer.status == 404, (more, page)
        assert gateway.stop() == 0


def test_each_field_has_its_steps(labels: Any) -> None:
    query = "{ predictedRatings(user: 321, items: [101, 131]) other: predictedRatings(user: 1, items: [101]) }"
    seen = labels.trace("POST", "/example-api/graphql", LABELS, {"query": query})
    assert names(seen) == ["RequireApiKey", "ExecuteGraphql"]
    inner = step(seen, "ExecuteGraphql")["steps"]
    assert {each["label"] for each in inner if each["step"] == "EvaluateTemplate"} == {"Query.predictedRatings"}
    assert sorted(each["step"] for each in inner) == ["EvaluateTemplate"] * 4 + ["Invoke"] * 2
    calls = [each["changes"]["field call"]["payload"] for each in inner if "field call" in each["changes"]]
    assert calls == [{"user": 321, "items": [101, 131]}, {"user": 1, "items": [101]}]
    data = json.loads(seen["response"]["body"])["data"]
    results = [each["changes"]["field result"] for each in inner if "field result" in each["changes"]]
    assert sorted(results) == sorted(data.values())


def test_a_field_s_template_is_edited(labels: Any) -> None:
    body = {"query": "{ predictedRatings(user: 321, items: [101, 131]) }"}
    seen = labels.trace("POST", "/example-api/graphql", LABELS, body)
    before = labels.send("POST", "/example-api/graphql", LABELS, json.dumps(body)).json
    text = template(seen, "EvaluateTemplate", "$util.toJson($context.result)")
    edited = labels.trace("POST", "/example-api/graphql", LABELS, body, **{f"e{text['id']}": "[4.5]"})
    assert json.loads(edited["response"]["body"]) == {"data": {"predictedRatings": [4.5]}}
    assert labels.send("POST", "/example-api/graphql", LABELS, json.dumps(body)).json == before
    bad = labels.trace("POST", "/example-api/graphql", LABELS, body, **{f"e{text['id']}": "#if( $x"})
    assert json.loads(bad["response"]["body"])["errors"][0]["errorType"] == "MappingTemplate"
    assert "line 1, column 7" in step(bad, "ExecuteGraphql")["steps"][-1]["outcome"]


def test_each_policy_is_a_step(azure: Any) -> None:
    body = {"user_id": 321, "items": [101, 131]}
    seen = azure.trace("POST", "/ml-model/predict", AZURE, body)
    assert seen["response"]["status"] == 200
    labels = [each["label"].partition(" ")[0] for each in walked(seen["steps"]) if each["label"]]
    assert labels == [  # product-policy.xml, api-policy.xml, predict-policy.xml, each inside the one before it
        "rate-limit",
        "set-backend-service",
        "validate-content",
        "set-variable",
        "choose",
        "set-body",
        "rewrite-uri",
        "forward-request",
        "set-header",
        "choose",
        "set-body",
    ]
    (choose,) = [each for each in seen["steps"] if each["label"] == "choose" and each["steps"]]
    assert [each["label"] for each in choose["steps"]] == ["set-body"]
    assert json.loads(seen["response"]["body"])["user_id"] == "**1"
    assert json.loads(step(seen, "Invoke")["changes"]["reply"]["body"])["predictions"]


def test_a_policy_s_expression_is_edited(azure: Any) -> None:
    body = {"user_id": 321, "items": [101, 131]}
    seen = azure.trace("POST", "/ml-model/predict", AZURE, body)
    text = template(seen, "SetHeader", "movies; operation=")
    assert text["language"] == "csharp text"
    edited = azure.trace("POST", "/ml-model/predict", AZURE, body, **{f"e{text['id']}": '@("edited " + (1 + 1))'})
    assert ["x-model", "edited 2"] in [[name.lower(), value] for name, value in edited["response"]["headers"]]
    assert azure.send("POST", "/ml-model/predict", AZURE, json.dumps(body)).headers["x-model"].startswith("movies;")
    bad = azure.trace("POST", "/ml-model/predict", AZURE, body, **{f"e{text['id']}": "@(1 +"})
    assert bad["response"]["status"] == 500
    assert text["place"].rpartition("/")[2] in bad["fault"]["cause"]


def run(command: Path, url: str, *more: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([command, "trace", "--url", url, *more], input=data, capture_output=True, timeout=60)


def test_the_command_shows_the_steps(command: Path, movies: Any) -> None:
    shown = run(command, movies.url, "GET", RATINGS, "-H", "x-api-key: demo-key-for-the-movies-api")
    assert shown.returncode == 0
    text = shown.stdout.decode()
    places = [text.index(word) for word in ("RequireApiKey", "ValidateParameters", "MapRequest", "MapResponse", "200")]
    assert places[:-1] == sorted(places[:-1])
    assert "user_id=321" in text
    whole = run(command, movies.url, "GET", RATINGS, "-H", "x-api-key: demo-key-for-the-movies-api", "--json")
    assert json.loads(whole.stdout)["parameters"] == {"user_id": "321"}


def test_the_command_takes_a_body_from_a_file(command: Path, azure: Any, tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text('{"user_id": 321, "items": [101]}')
    headers = [word for name, value in AZURE.items() for word in ("-H", f"{name}: {value}")]
    given = run(command, azure.url, "POST", "/ml-model/predict", "-d", f"@{file}", *headers, "--json")
    assert json.loads(given.stdout)["response"]["status"] == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("GET", "/x", "-H", "no colon"), "is no header"),
        (("GET", "/x", "-d", "@/there/is/no/such/file"), "cannot be read"),
        (("GET", "x"), "starts with /"),
    ],
)
def test_the_command_says_what_is_wrong(command: Path, movies: Any, words: tuple[str, ...], said: str) -> None:
    given = run(command, movies.url, *words)
    assert given.returncode != 0
    assert said in " ".join(given.stderr.decode().split())
    assert b"Traceback" not in given.stderr


def test_the_command_where_no_gateway_is(command: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        given = run(command, f"http://127.0.0.1:{nobody.getsockname()[1]}", "GET", "/")
    assert given.returncode == 1
    assert "no gateway answers" in given.stderr.decode()
    assert "Traceback" not in given.stderr.decode()


def test_the_command_where_the_trace_is_off(command: Path, start: Any, examples: Path) -> None:
    gateway = start(examples / "movies", "--no-trace")
    given = run(command, gateway.url, "GET", RATINGS)
    assert given.returncode == 1
    assert "--no-trace" in given.stderr.decode()


def test_the_command_where_the_connection_is_closed(command: Path) -> None:
    """As an address that speaks TLS does to a request without."""
    with socket.create_server(("127.0.0.1", 0)) as closing:

        def close() -> None:
            connection, _ = closing.accept()
            connection.recv(65_536)
            connection.close()

        thread = threading.Thread(target=close)
        thread.start()
        given = run(command, f"http://127.0.0.1:{closing.getsockname()[1]}", "GET", "/")
        thread.join()
    assert given.returncode == 1
    assert "closed the connection; a gateway that runs with --tls" in given.stderr.decode()
