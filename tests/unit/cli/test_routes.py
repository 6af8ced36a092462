import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Call = Callable[..., Result]


def test_a_row_for_each_route(call: Call, project: Path) -> None:
    result = call("routes", project)
    assert result.exit_code == 0
    title, header, hello, predict = result.stdout.splitlines()
    assert title == "greetings:live"
    assert header.split() == ["METHOD", "PATH", "AUTH", "LIMITS", "TARGET"]
    assert [cell.strip() for cell in hello.split("  ") if cell] == [
        "GET",
        "/greetings/live/hello/{name}",
        "NONE",
        "stage: 50/s burst 5",
        "mock",
    ]
    assert [cell.strip() for cell in predict.split("  ") if cell] == [
        "POST",
        "/greetings/live/predict",
        "API key",
        "plan basic: 10/s burst 20, 1000 per day; stage: 50/s burst 5",
        "endpoint numbers -> http://127.0.0.1:9/numbers",
    ]


def test_json(call: Call, project: Path) -> None:
    (stage,) = json.loads(call("routes", project, "--json").stdout)["stages"]
    assert (stage["api"], stage["stage"], stage["address"]) == ("greetings", "live", "/greetings/live")
    assert stage["routes"][1] == {
        "method": "POST",
        "path": "/predict",
        "address": "/greetings/live/predict",
        "authorization": "NONE",
        "api_key": True,
        "limits": [
            {
                "by": "plan basic",
                "throttle": {"rate": 10.0, "burst": 20},
                "quota": {"limit": 1000, "period": "DAY", "offset": 0},
            },
            {"by": "stage", "throttle": {"rate": 50.0, "burst": 5}},
        ],
        "targets": [{"kind": "endpoint", "name": "numbers", "here": "http://127.0.0.1:9/numbers"}],
    }


def test_every_stage_is_listed(call: Call, project: Path) -> None:
    with (project / "inferway.toml").open("a") as bindings:
        bindings.write("\n[apis.greetings.stages.next]\n")
    stages = json.loads(call("routes", project, "--json").stdout)["stages"]
    assert [stage["address"] for stage in stages] == ["/greetings/live", "/greetings/next"]


def test_a_bound_url_and_an_unbound_endpoint(call: Call, project: Path) -> None:
    definition = project / "openapi.yaml"
    text = definition.read_text().replace("endpoints/numbers", "endpoints/letters")
    definition.write_text(
        text.replace("type: mock", 'type: http\n        httpMethod: GET\n        uri: "https://models.example/hello"')
    )
    with (project / "inferway.toml").open("a") as bindings:
        bindings.write('\n[urls]\n"https://models.example" = "http://127.0.0.1:9"\n')
    (stage,) = json.loads(call("routes", project, "--json").stdout)["stages"]
    assert [route["targets"] for route in stage["routes"]] == [
        [{"kind": "url", "name": "https://models.example/hello", "here": "http://127.0.0.1:9/hello"}],
        [{"kind": "endpoint", "name": "letters", "here": "not bound"}],
    ]


def test_what_cannot_be_read_is_status_1_and_nothing_on_standard_output(call: Call, project: Path) -> None:
    (project / "openapi.yaml").write_text("openapi: [")
    result = call("routes", project)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[yaml-syntax]" in result.stderr
