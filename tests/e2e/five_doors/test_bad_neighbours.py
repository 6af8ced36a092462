"""What goes wrong behind one door, or is sent through it, is answered there, and the other doors stay open."""

import contextlib
import json
import runpy
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SLOWEST = 3
"""Seconds that the bad function may take."""

ITEMS = [101, 131, 162]
EXITS, HANGS, NONSENSE, FORKS, TALKS, RAISES, LOOPS = range(1, 8)

HANDLER = """
import os, sys, threading, time
from pathlib import Path

def handler(event, context):
    return {1: exits, 2: hangs, 3: nonsense, 4: forks, 5: talks, 6: raises, 7: loops}.get(event["user"], well)(event)

def well(event):
    return [float(item) for item in event["items"]]

def exits(event):
    os._exit(3)

def hangs(event):
    time.sleep(3600)

def nonsense(event):
    return {"ratings": {1, 2}, "object": object()}

def forks(event):
    children = []
    for _ in range(20):
        child = os.fork()
        if child == 0:
            time.sleep(3600)
        children.append(child)
    with Path(os.environ["FORKED"]).open("a") as file:
        file.writelines(f"{child}\\n" for child in children)
    return well(event)

def talks(event):
    for _ in range(64):
        sys.stdout.write("x" * 65536)
    print()
    return well(event)

def raises(event):
    raise KeyError("no such user")

def loops(event):
    ratings = []
    ratings.append(ratings)
    return ratings
"""

RATINGS = "query ($user: Int!) { predictedRatings(user: $user, items: [101, 131, 162]) }"
DEEP = 20_000


@pytest.fixture(scope="module")
def project(copy: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the five doors with a bad function behind the third, and the second from its template alone."""
    made = copy(tmp_path_factory.mktemp("neighbours") / "five-doors")
    (made / "appsync" / "ratings" / "handler.py").write_text(HANDLER)
    bindings = made / "appsync" / "inferway.toml"
    text = bindings.read_text().replace("timeout = 10", f"timeout = {SLOWEST}")
    assert "environment = { " in text
    bindings.write_text(text.replace("environment = { ", f'environment = {{ FORKED = "{made}/forked", '))
    program = made / "construct" / "patterns.py"
    template = runpy.run_path(str(program))["api"].to_cloudformation()
    (made / "construct" / "template.json").write_text(json.dumps(template, indent=2))
    program.unlink()
    return made


@pytest.fixture(scope="module")
def gateway(project: Path, begin: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give the project, served, with edits served as they are saved."""
    gateway = begin(project, tmp_path_factory.mktemp("neighbours-state"), "--reload")
    yield gateway
    assert gateway.stop() == 0
    forked = project / "forked"
    left = [int(line) for line in forked.read_text().split()] if forked.exists() else []
    assert [process for process in left if is_running(process)] == []


@pytest.fixture(autouse=True)
def _others_stay_open(gateway: Any) -> Iterator[None]:
    """Ask every other door after each test."""
    yield
    wanted = gateway.article(321, ITEMS)
    assert len(wanted) == len(ITEMS)
    assert gateway.construct(321, ITEMS) == gateway.management(321, ITEMS) == gateway.azure(321, ITEMS) == wanted
    assert gateway.labels(RATINGS, user=321) == {"data": {"predictedRatings": [101.0, 131.0, 162.0]}}


def is_running(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.parametrize("user", [EXITS, HANGS, NONSENSE, RAISES, LOOPS])
def test_a_function_that_fails_is_its_field_s_error(gateway: Any, user: int) -> None:
    """The program's response template turns any error of its function into this one."""
    answer = gateway.labels(RATINGS, user=user)
    assert answer["data"] == {"predictedRatings": None}
    (error,) = answer["errors"]
    assert (error["errorType"], error["message"]) == ("ModelError", "The model gave no ratings")
    assert error["path"] == ["predictedRatings"]


@pytest.mark.parametrize("user", [FORKS, TALKS])
def test_a_function_that_misbehaves_and_answers(gateway: Any, user: int) -> None:
    assert gateway.labels(RATINGS, user=user) == {"data": {"predictedRatings": [101.0, 131.0, 162.0]}}


def test_the_others_answer_while_a_function_hangs(gateway: Any) -> None:
    answers: list[Any] = []
    hanging = threading.Thread(target=lambda: answers.append(gateway.labels(RATINGS, user=HANGS)))
    hanging.start()
    for door in (gateway.article, gateway.construct, gateway.management, gateway.azure):
        assert len(door(321, ITEMS)) == len(ITEMS)
    assert answers == []
    hanging.join(60)
    assert answers[0]["data"] == {"predictedRatings": None}


@pytest.mark.parametrize(
    "query",
    [
        "{ predictedRatings(user: 321, items: [101]",
        "}",
        "{ nothing }",
        '{ predictedRatings(user: "x", items: [101]) }',
        "{ predictedRatings(user: 321) }",
        "{ predictedRatings(user: 99999999999, items: [101]) }",
        "{ predictedRatings(user: 321, items: [1]) { stars } }",
        "query Q { ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ " * DEEP,
        "{ " * DEEP + "}" * DEEP,
        "{ predictedRatings(user: 321, items: " + "[" * DEEP + "]" * DEEP + ") }",
        "{ __schema { types " + "{ fields { type " * 300 + "{ name }" + "} }" * 300 + " } }",
        " ".join(f"a{number}: __typename" for number in range(DEEP)).join("{}"),
    ],
    ids=lambda query: query[:40],
)
def test_a_query_that_is_malformed_too_deep_or_of_the_wrong_type(gateway: Any, query: str) -> None:
    answer = gateway.labels(query)
    assert answer["errors"]
    assert all(error["message"] for error in answer["errors"])


@pytest.mark.parametrize("variables", [{"user": "321"}, {"user": None}, {}, {"user": {"a": [1]}}, {"user": 1e30}])
def test_variables_of_the_wrong_type(gateway: Any, variables: dict[str, Any]) -> None:
    answer = gateway.labels(RATINGS, **variables)
    assert answer.get("data") is None
    assert answer["errors"]


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{", '{"query": 1}', '{"query": ' + "[" * DEEP, "[" * DEEP + "]" * DEEP]
)
def test_a_body_that_is_no_query(gateway: Any, body: str) -> None:
    headers = {"x-api-key": "da2-fivedoorsexamplekey000000"}
    answer = gateway.post("/example-api/graphql", headers, body)
    assert 400 <= answer.status < 500
    assert answer.json["errors"]


def test_a_template_with_a_circle_is_not_served(gateway: Any, project: Path) -> None:
    template = project / "construct" / "template.json"
    good = template.read_text()
    document = json.loads(good)
    first = next(name for name, made in document["Resources"].items() if made["Type"] == "AWS::ApiGateway::RestApi")
    document["Resources"][first]["Properties"]["Description"] = {"Ref": "Other"}
    document["Resources"]["Other"] = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": first}}}
    template.write_text(json.dumps(document, indent=2))
    gateway.said("[circular-reference]")
    (line,) = {text for text in gateway.errors if "[circular-reference]" in text}
    assert "template.json:" in line
    assert "Other" in line
    assert len(gateway.construct(321, ITEMS)) == len(ITEMS)
    template.write_text(good)
    gateway.served_again()


def test_a_policy_that_is_not_well_formed_is_not_served(gateway: Any, project: Path) -> None:
    policy, program = project / "apim" / "predict-policy.xml", project / "apim" / "extended.py"
    good = policy.read_text()
    policy.write_text(good.replace("</inbound>", "</inbond>"))
    program.write_text(program.read_text() + "\n")
    gateway.said("[bad-policy]")
    assert any("predict-policy.xml:" in line for line in gateway.errors if "[bad-policy]" in line)
    assert len(gateway.azure(321, ITEMS)) == len(ITEMS)
    policy.write_text(good)
    program.write_text(program.read_text() + "\n")
    gateway.served_again()
