from pathlib import Path

import pytest

from inferway.faults import Place
from inferway.formats.pulumi.diagnosis.script_places import ScriptPlaces

PROGRAM = """\
import * as aws from "@pulumi/aws";
const name = "n";
const api = new aws.apigateway.RestApi("movies", {
    description: `a ${name} b`, // path: "/no"
    endpointConfiguration: { types: "EDGE" },
    /* body: 1 */ "body": f({ path: 1 }),
    tags: { "a-b": "c", name },
    list: [{ x: 1 }, { x: [2, 3] }],
}, { parent: other });
const user = new aws.iam.User("u");
const odd = new Made<Two>(`x-${name}`, { path: "/" });
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "index.ts"
    file.write_text(PROGRAM)
    return file


@pytest.mark.parametrize(
    ("line", "path", "place"),
    [
        (3, (), (3, 0)),
        (3, ("description",), (4, 18)),
        (3, ("endpointConfiguration", "types"), (5, 37)),
        (3, ("endpointConfiguration", "nosuch"), (5, 28)),
        (3, ("body",), (6, 27)),
        (3, ("body", "path"), (6, 27)),
        (3, ("tags", "a-b"), (7, 20)),
        (3, ("tags", "name"), (7, 25)),
        (3, ("list", 1, "x", 1), (8, 31)),
        (3, ("list", 5), (8, 11)),
        (3, ("path",), (3, 0)),
        (3, ("parent",), (3, 0)),
        (10, ("path",), (10, 0)),
        (11, ("path",), (11, 48)),
        (99, ("path",), (99, 0)),
    ],
)
def test_places(file: Path, line: int, path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    found = ScriptPlaces(Place(file=str(file), line=line)).find(*path)
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    "text", ['new A("a", {', 'new A("a", { path', "new A(", 'new A("a", "b', 'new A("a", [{{(', ""]
)
def test_half_a_program_does_no_harm(tmp_path: Path, text: str) -> None:
    file = tmp_path / "index.js"
    file.write_text(text)
    assert ScriptPlaces(Place(file=str(file), line=1)).find("path").line == 1


def test_a_file_that_is_gone() -> None:
    place = Place(file="/nowhere/index.ts", line=3)
    assert ScriptPlaces(place).find("path") == place
