"""Whatever stands in a template, reading it gives resources and findings, and raises nothing."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.convert import load
from inferway.definition.check import check
from inferway.definition.codec import decode, encode
from inferway.faults import Finding
from inferway.formats.cloudformation.short_forms import expand
from inferway.formats.document import parse_document
from inferway.formats.nodes import plain

SOURCES = sorted((Path(__file__).parents[1] / "golden" / "apigateway" / "resources").iterdir())
VALID = {path.name: plain(parse_document(path.read_text("utf-8"), tagged=expand)) for path in SOURCES}

FEW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = ["Api", "Stage", "Plan", "Key", "Row", "AWS::Region", "AWS::NoValue", "IsLive", "StageName", "Limits", "Nobody"]
FUNCTIONS = [
    "Ref",
    "Condition",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::ForEach::Loop",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "DefaultValue",
    "Location",
    "Name",
    "Parameters",
    "StackName",
    "Type",
    "Properties",
    "RestApiId",
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(NAMES),
    st.sampled_from(
        ["${Api}", "${Api.RootResourceId}", "${!x}", "${", "Api.RootResourceId", "AWS::ApiGateway::Method"]
    ),
    st.sampled_from(["${N}", "&{N}", "N", "{{resolve:ssm:/a:1}}", "{{resolve:secretsmanager:a:SecretString:b}}"]),
    st.sampled_from(
        [
            "AWS::Include",
            "AWS::LanguageExtensions",
            "AWS::CloudFormation::Stack",
            "child.json",
            "snippet.yaml",
            "t.json",
        ]
    ),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(1 - 10**18, 10**18 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
KEYS = st.sampled_from(FUNCTIONS) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=2))


def outcome(path: Path) -> list[Finding]:
    files = {str(path), *(str(path.parent / name) for name in ("child.json", "snippet.yaml"))}
    conversion = load(path, "cloudformation")
    for definition in conversion.definitions:
        check(definition)
        assert decode(encode(definition)) == definition
    for finding in conversion.findings:
        assert finding.place.file in files
        assert finding.place.line >= 0
    return list(conversion.findings)


def spots(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give the paths of all values in a template."""
    found = [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        found += spots(part, (*path, key))
    return found


@pytest.mark.parametrize("name", list(VALID))
@given(data=st.data())
@FEW
def test_a_template_with_any_part_replaced_or_gone_is_read(tmp_path: Path, name: str, data: st.DataObject) -> None:
    template: Any = copy.deepcopy(VALID[name])
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(spots(template)[1:] or [("x",)]))
        if last == "x":
            break
        holder: Any = template
        for step in parents:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[last] = data.draw(VALUES)
        else:
            del holder[last]
    path = tmp_path / "t.json"
    path.write_text(json.dumps(template), "utf-8")
    outcome(path)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
@given(data=st.data())
@FEW
def test_a_template_with_any_characters_changed_is_read(tmp_path: Path, path: Path, data: st.DataObject) -> None:
    text = path.read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        put = data.draw(st.text(max_size=3) | st.sampled_from(["!Ref ", "!Sub ", "!GetAtt ", "${", "&a ", "*a", "- "]))
        text = text[:at] + put + text[at + data.draw(st.integers(0, 5)) :]
    changed = tmp_path / f"t{path.suffix}"
    changed.write_bytes(text.encode("utf-8", "surrogatepass"))
    outcome(changed)


@given(values=st.dictionaries(st.sampled_from(["Parameters", "Mappings", "Conditions", "Outputs"]), VALUES, max_size=4))
@FEW
def test_any_sections_are_read(tmp_path: Path, values: dict[str, Any]) -> None:
    path = tmp_path / "t.json"
    things = {name: {"Type": "AWS::Known::Thing", "Properties": {"V": value}} for name, value in values.items()}
    path.write_text(json.dumps({**values, "Resources": things}), "utf-8")
    outcome(path)


@given(value=VALUES)
@FEW
def test_what_holds_no_function_stays_as_it_is(tmp_path: Path, value: Any) -> None:
    text = json.dumps({"Resources": {"R": {"Type": "AWS::Nobody::S", "Properties": {"V": value}}}})
    if "Ref" in text or "Fn::" in text or "{{resolve" in text:
        return
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    assert [finding.code for finding in outcome(path)] == ["unclaimed-resource"]


LOOPS = st.tuples(st.sampled_from(["N", "Api", ""]) | VALUES, st.lists(TEXTS, max_size=4) | VALUES, VALUES).map(list)
INCLUDES = st.fixed_dictionaries(
    {"Name": st.sampled_from(["AWS::Include", "Mine"]), "Parameters": st.fixed_dictionaries({"Location": VALUES})}
)


@given(data=st.data())
@FEW
def test_any_loops_includes_and_stacks_are_read(tmp_path: Path, data: st.DataObject) -> None:
    things = st.fixed_dictionaries(
        {"Type": st.sampled_from(["AWS::Known::Thing", "AWS::CloudFormation::Stack", "AWS::Lambda::Function"])},
        optional={
            "Properties": st.dictionaries(
                st.sampled_from(["TemplateURL", "Parameters", "Code", "V"]), VALUES, max_size=3
            ),
            "Condition": VALUES,
            "DependsOn": VALUES,
            "Metadata": VALUES,
        },
    )
    fragment = st.dictionaries(st.sampled_from(["R${N}", "R&{N}", "R"]), things | VALUES, max_size=2)
    loops = LOOPS.map(lambda loop: [*loop[:2], data.draw(fragment)])
    section = st.dictionaries(
        st.sampled_from(["Fn::ForEach::A", "Fn::ForEach::B", "Fn::Transform", "Api", "Row"]),
        loops | INCLUDES | things | VALUES,
        max_size=4,
    )
    for name in ("child.json", "snippet.yaml", "t.json"):
        sections = data.draw(
            st.fixed_dictionaries(
                {"Resources": section},
                optional={
                    "Transform": st.sampled_from(["AWS::LanguageExtensions"])
                    | INCLUDES
                    | st.lists(INCLUDES, max_size=2),
                    "Conditions": section | VALUES,
                    "Outputs": section | VALUES,
                    "Rules": VALUES,
                    "Mappings": section | VALUES,
                },
            )
        )
        (tmp_path / name).write_text(json.dumps(sections), "utf-8")
    outcome(tmp_path / "t.json")


@given(
    pattern=st.text(max_size=20) | st.text("a*+?()[]{}|\\^$.1", max_size=20),
    value=st.text(max_size=40) | st.text("ab", max_size=60),
    kind=st.text(max_size=10) | st.sampled_from(["String", "Number", "CommaDelimitedList", "List<Number>"]),
)
@FEW
def test_any_pattern_of_a_parameter_is_matched_in_bounded_time(
    tmp_path: Path, pattern: str, value: str, kind: str
) -> None:
    path = tmp_path / "t.json"
    parameter = {"Type": kind, "Default": value, "AllowedPattern": pattern}
    path.write_text(json.dumps({"Parameters": {"P": parameter}, "Resources": {}}), "utf-8")
    outcome(path)
