"""Each document in `sources`, and each template in `resources`, gives what stands in `expected`.

Run this file as a script to write `expected` anew, and read the difference before it is committed.
"""

from pathlib import Path

import msgspec
import pytest

from inferway.convert import load
from inferway.definition.codec import decode, encode

FOLDER = Path(__file__).parent
SOURCES = sorted([*(FOLDER / "sources").iterdir(), *(FOLDER / "resources").iterdir()])


def outcome(source: Path) -> str:
    conversion = load(source)
    made = {
        "findings": [str(finding) for finding in conversion.findings],
        "outputs": {output.name: output.value for output in conversion.outputs},
        "definitions": [msgspec.Raw(encode(definition)) for definition in conversion.definitions],
    }
    text = msgspec.json.format(msgspec.json.encode(made), indent=1).decode()
    return text.replace(str(source), source.name) + "\n"


def expected(source: Path) -> Path:
    return FOLDER / "expected" / f"{source.stem}.json"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_document_gives_its_definition_and_findings(source: Path) -> None:
    assert outcome(source) == expected(source).read_text("utf-8")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_definition_survives_the_codec(source: Path) -> None:
    for definition in load(source).definitions:
        assert decode(encode(definition)) == definition


def test_every_expectation_has_its_source() -> None:
    assert {path.stem for path in (FOLDER / "expected").iterdir()} == {source.stem for source in SOURCES}


if __name__ == "__main__":
    (FOLDER / "expected").mkdir(exist_ok=True)
    for each in SOURCES:
        expected(each).write_text(outcome(each), "utf-8")
