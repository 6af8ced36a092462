"""Whatever a folder of artifacts holds, reading it ends with resources and findings, and nothing is lost silently."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.convert import provision, read_graph
from inferway.faults import Finding
from inferway.formats.apiops import reader
from inferway.formats.apiops.layout import SECTIONS, SPECIFICATIONS
from inferway.formats.apiops.overrides import Overrides, merged
from inferway.formats.resources import Environment

FEW = settings(max_examples=120, deadline=None)
ENVIRONMENT = Environment(secret=b"s")

SECTION_FOLDERS = sorted({name for section in SECTIONS for name in section.folders if name != "workspaces"})
DESCRIBING = sorted({name for section in SECTIONS for name in section.files})
FILES = (*DESCRIBING, "policy.xml", *(name for name, _ in SPECIFICATIONS), "apis.json", "groups.json", "tags.json")
PARTS = st.one_of(
    st.sampled_from(SECTION_FOLDERS),
    st.sampled_from(["operations", "diagnostics", "Original", "1", "v;rev=2", "a b"]),
    st.text(alphabet="aZ9-_.;= ü名'%", min_size=1, max_size=6).filter(lambda name: not name.startswith(".")),
)
NAMES = st.builds(lambda parts, file: "/".join((*parts, file)), st.lists(PARTS, max_size=5), st.sampled_from(FILES))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(alphabet="ab{}[/<@", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "properties", "x"]), inner),
    max_leaves=8,
)
CONTENTS = st.one_of(JSON.map(json.dumps), st.text(alphabet='<>{}[]:- \n"@$ab', max_size=30))


def write(folder: Path, files: dict[str, str]) -> list[Path]:
    """Write the files that can stand beside those before them."""
    written = []
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        except OSError:
            continue
        written.append(path)
    return written


def told(folder: Path, findings: tuple[Finding, ...]) -> set[tuple[str, ...]]:
    """Give what findings name, each as the first two parts below the folder."""
    return {
        Path(finding.place.file).relative_to(folder).parts[:2]
        for finding in findings
        if finding.place.file.startswith(str(folder))
    }


@FEW
@given(st.dictionaries(NAMES, CONTENTS, max_size=8))
def test_each_file_is_read_or_told(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "artifacts"
        written = write(folder, {"apis/own/apiInformation.json": '{"properties": {"path": "own"}}', **files})
        graph, findings = reader.read(folder, ENVIRONMENT, provision)
        named = told(folder, findings)
        for path in written:
            below = path.relative_to(folder).parts
            assert path in graph.files or below[:2] in named or below[:1] in {each[:1] for each in named}
        conversion = read_graph(graph, findings)
        assert all(isinstance(finding, Finding) for finding in conversion.findings)


@FEW
@given(CONTENTS | JSON.map(json.dumps).map(lambda text: f"backends: {text}\napis: [{{name: own, properties: {text}}}]"))
def test_any_overrides_are_read_or_told(text: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder, {"apis/own/apiInformation.json": '{"properties": {"path": "own"}}'})
        (folder / "configuration.dev.yaml").write_text(text, encoding="utf-8")
        graph, _ = reader.read(folder, ENVIRONMENT, provision)
        assert graph.resources
        assert folder / "configuration.dev.yaml" in graph.files
        report: dict[Finding, None] = {}
        Overrides(folder / "configuration.dev.yaml", {}, report).check()
        assert all(finding.place.line for finding in report)


MAPS: Any = st.deferred(lambda: st.dictionaries(st.sampled_from("abc"), st.integers() | MAPS, max_size=2))


@given(MAPS, MAPS)
def test_what_overrides_is_there_and_nothing_else_is_lost(left: dict[str, Any], right: dict[str, Any]) -> None:
    made = merged(left, right)
    assert merged(made, right) == made
    assert set(made) == set(left) | set(right)
    assert all(made[key] == left[key] for key in left.keys() - right.keys())
    assert all(made[key] == right[key] for key in right if not isinstance(right[key], dict))
