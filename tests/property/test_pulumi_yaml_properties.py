"""Whatever stands in a Pulumi program in YAML, reading it gives resources and findings, and raises nothing."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.convert import provision, read_graph
from inferway.faults import Finding
from inferway.formats.pulumi.reader import read
from inferway.formats.pulumi.yaml.interpolation import BadAccess, parts
from inferway.formats.resources import Environment

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

FUNCTIONS = [
    *("invoke", "join", "select", "split", "toJSON", "toBase64", "fromBase64", "secret", "readFile", "stringAsset"),
    *("fileAsset", "remoteAsset", "fileArchive", "assetArchive", "remoteArchive", "stackReference", "rfc3339ToUnix"),
    *("aws:getRegion", "std:join", "none"),
]
KEYS = [
    *("type", "name", "properties", "options", "get", "id", "state", "dependsOn", "parent", "provider", "a", "b"),
    *("function", "arguments", "return", "input", "separator", "default", "secret", "defaultProvider", "${a}"),
    *(f"fn::{name}" for name in FUNCTIONS),
]
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        *("${a}", "${b.id}", "${c[0].x}", "${pulumi.cwd}", "$${x}", "${", '${["a"]}', "${nobody}", "x${a}${b}"),
        *("aws:apigateway:RestApi", "aws:apigateway:Method", "aws:appsync:GraphQLApi", "aws:lambda:Function"),
        *(
            "azure-native:apimanagement:Api",
            "aws:dynamodb:Table",
            "pulumi:providers:aws",
            "pulumi:pulumi:StackReference",
            "x:y:Z",
            "std:sum",
        ),
        *("std:jsondecode", "std:file", "std:filesha1", "aws:iam:getPolicyDocument", ".", "\0", "x" * 300),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
NAMED = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), VALUES, max_size=4)
RESOURCE = st.fixed_dictionaries(
    {"type": TEXTS}, optional={"properties": VALUES, "options": VALUES, "get": VALUES, "name": LEAVES}
)
PROGRAMS = st.fixed_dictionaries(
    {},
    optional={
        "variables": NAMED,
        "resources": NAMED | st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), RESOURCE, max_size=4),
        "outputs": NAMED,
        "config": NAMED,
        "configuration": NAMED,
        "components": VALUES,
    },
)


@FEW
@given(PROGRAMS)
def test_any_program_is_read_or_refused(tmp_path: Path, program: dict[str, object]) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: movies\nruntime: yaml\n")
    (tmp_path / "Main.json").write_text(json.dumps(program), encoding="utf-8", errors="surrogatepass")
    graph, findings = read(tmp_path, Environment(), provision)
    assert all(isinstance(found, Finding) and found.text for found in findings)
    read_graph(graph, findings)
    json.dumps([resource.properties for resource in graph.resources])


@FEW
@given(st.text(alphabet='ab$${}[].\\"0-\n', max_size=40))
def test_any_text_is_cut_into_parts_or_refused(text: str) -> None:
    try:
        made = parts(text)
    except BadAccess as bad:
        made = (text[bad.at :],)
    assert all(made)
