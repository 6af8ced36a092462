import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


@pytest.fixture
def event(tmp_path: Path) -> Path:
    file = tmp_path / "event.json"
    file.write_text(
        json.dumps(
            {
                "body": {"items": ["a", "b"]},
                "params": {"path": {"id": "p"}, "querystring": {"id": "q", "size": "3"}, "header": {"Accept": "x/y"}},
                "context": {"stage": "live", "identity": {"sourceIp": "192.0.2.1"}},
                "stageVariables": {"model": "small"},
            }
        )
    )
    return file


def template(folder: Path, text: str) -> Path:
    file = folder / "template.vtl"
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # "Variables for data transformations for API Gateway": path, then query, then headers; JSON of a JSONPath
        ("$input.params('id') $input.params('size') $input.params().header.get('Accept')", "p 3 x/y"),
        ("$input.json('$.items')", '["a","b"]'),
        ("#foreach($i in $input.path('$.items'))<$i>#end", "<a><b>"),
        ("$context.stage $context.identity.sourceIp $stageVariables.model", "live 192.0.2.1 small"),
        ("one\r\ntwo\n\n", "one\r\ntwo\n\n"),
        ("no newline at the end", "no newline at the end"),
    ],
)
def test_the_result_is_printed_as_it_is(call: Call, tmp_path: Path, event: Path, text: str, result: str) -> None:
    rendered = call("render", template(tmp_path, text), "--event", event)
    assert (rendered.exit_code, rendered.stdout_bytes) == (0, result.encode())


def test_a_body_that_is_a_text_is_that_text(call: Call, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"body": "{\\"a\\": 1}"}')
    assert call("render", template(tmp_path, "$input.body"), "--event", event).stdout == '{"a": 1}'


def test_without_a_body_the_input_is_an_empty_object(call: Call, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")
    assert call("render", template(tmp_path, "$input.body"), "--event", event).stdout == "{}"


def test_the_template_may_come_from_standard_input(call: Call, event: Path) -> None:
    assert call("render", "-", "--event", event, stdin="$context.stage").stdout == "live"


@pytest.mark.parametrize(
    ("profile", "text", "result"),
    [
        # Velocity 1.7 user guide: a reference without a value prints as it is written; macros exist
        ("velocity17", "#macro(hi $n)Hi $n#end#hi($name) $none", "Hi Ada $none"),
        # AppSync developer guide, "#return": the value ends the template
        ("appsync", "a #return($name) b", "Ada"),
    ],
)
def test_other_profiles(call: Call, tmp_path: Path, profile: str, text: str, result: str) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"name": "Ada"}')
    rendered = call("render", template(tmp_path, text), "--event", event, "--profile", profile)
    assert (rendered.exit_code, rendered.stdout) == (0, result)


def test_an_error_has_its_place_and_its_line(call: Call, tmp_path: Path, event: Path) -> None:
    file = template(tmp_path, "first\n  #set($x = )\n")
    rendered = call("render", file, "--event", event)
    first, shown, caret = rendered.stderr.splitlines()
    assert (rendered.exit_code, rendered.stdout) == (1, "")
    assert first.startswith(f"{file}:2:")
    assert shown == "    #set($x = )"
    assert caret.strip() == "^"
    assert caret.index("^") == int(first.removeprefix(f"{file}:2:").partition(":")[0]) + 1


def test_an_error_as_json(call: Call, tmp_path: Path, event: Path) -> None:
    file = template(tmp_path, "#if(")
    rendered = call("render", file, "--event", event, "--json")
    error = json.loads(rendered.stdout)["error"]
    assert rendered.exit_code == 1
    assert (error["file"], error["line"]) == (str(file), 1)


def test_json(call: Call, tmp_path: Path, event: Path) -> None:
    rendered = call("render", template(tmp_path, "$context.stage\n"), "--event", event, "--json")
    assert json.loads(rendered.stdout) == {"result": "live\n"}


@pytest.mark.parametrize(
    "text", ['{"boddy": 1}', "[]", "{", '{"params": {"query": {}}}', '{"params": {"path": {"a": 1}}}']
)
def test_what_is_no_event(call: Call, tmp_path: Path, text: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(text)
    rendered = call("render", template(tmp_path, "x"), "--event", event)
    assert (rendered.exit_code, rendered.stdout) == (1, "")
    assert rendered.stderr.startswith(f"error: {event}: not an event for apigateway: ")
    assert rendered.stderr.count("\n") == 1


def test_a_template_that_is_not_there_is_wrong_usage(call: Call, event: Path) -> None:
    rendered = call("render", "nowhere.vtl", "--event", event)
    assert rendered.exit_code == 2
    assert "file 'nowhere.vtl' does not exist" in rendered.stderr


def test_a_template_that_is_no_text(call: Call, tmp_path: Path, event: Path) -> None:
    file = tmp_path / "binary.vtl"
    file.write_bytes(b"\xff\xfe\x00")
    rendered = call("render", file, "--event", event)
    assert rendered.exit_code == 1
    assert rendered.stderr.startswith(f"error: {file}: cannot be read: ")
