"""Expected values: the cloud assembly's schema (aws-cdk, packages/@aws-cdk/cloud-assembly-schema); "Apps" in the guide.

The apps here write their assembly themselves, as `app.synth()` does, so that neither node nor the CDK is needed.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.faults import Finding
from inferway.formats import cdk
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

Reading = tuple[ResourceGraph, list[Finding]]


def provision(resource: Resource, environment: Environment) -> Provisioned:
    arn = f"arn:{environment.region}:{environment.account}:{environment.stack}:{resource.name}"
    return Provisioned(id=f"{environment.stack}/{resource.name}", attributes={"Arn": arn})


def read(path: Path, **environment: Any) -> Reading:
    graph, findings = cdk.read(path, Environment(**environment), provision)
    return graph, list(findings)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def stack(template: str, *after: str, environment: str = "aws://unknown-account/unknown-region", **more: Any) -> Any:
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": template, **more},
        "dependencies": list(after),
    }


def thing(value: Any = None) -> dict[str, Any]:
    return {"Type": "AWS::Known::Thing", "Properties": {"V": value}}


@pytest.fixture
def assembly(tmp_path: Path) -> Callable[..., Path]:
    """Write an assembly's manifest and other files into a folder; give the manifest."""

    def write(artifacts: Any, folder: str = "cdk.out", **files: Any) -> Path:
        here = tmp_path / folder
        here.mkdir(parents=True, exist_ok=True)
        for name, content in {"manifest.json": {"version": "55.0.0", "artifacts": artifacts}, **files}.items():
            (here / name).write_text(json.dumps(content), "utf-8")
        return here / "manifest.json"

    return write


def test_stacks_are_read_in_order_with_their_exports(assembly: Callable[..., Path]) -> None:
    manifest = assembly(
        {"B": stack("B.json", "A"), "A": stack("A.json"), "Tree": {"type": "cdk:tree"}},
        **{
            "A.json": {
                "Resources": {"R": thing()},
                "Outputs": {"O": {"Value": {"Fn::GetAtt": ["R", "Arn"]}, "Export": {"Name": "A:R"}}},
            },
            "B.json": {"Resources": {"R": thing({"Fn::ImportValue": "A:R"})}},
        },
    )
    graph, findings = read(manifest)
    assert findings == []
    assert [resource.id for resource in graph.resources] == ["A/R", "B/R"]
    assert graph.resources[1].properties == {"V": "arn:us-east-1:000000000000:A:R"}
    assert [output.name for output in graph.outputs] == ["A.O"]
    assert graph.files == (manifest, manifest.parent / "B.json", manifest.parent / "A.json")


def test_an_assembly_is_known_by_the_file_of_its_version(assembly: Callable[..., Path]) -> None:
    manifest = assembly({"S": stack("t.json")}, **{"t.json": {"Resources": {"R": thing()}}, "cdk.out": {}})
    assert (manifest.parent / cdk.NAMES[1]).is_file()
    graph, findings = read(manifest.with_name("cdk.out"))
    assert (findings, len(graph.resources)) == ([], 1)


def test_a_stack_has_its_own_name_region_account_and_parameters(assembly: Callable[..., Path]) -> None:
    template = {"Parameters": {"P": {"Type": "String"}}, "Resources": {"R": thing({"Fn::Sub": "${P} ${AWS::Region}"})}}
    artifact = stack("t.json", environment="aws://111111111111/eu-west-1", stackName="named", parameters={"P": "x"})
    graph, findings = read(assembly({"S": artifact}, **{"t.json": template}))
    assert findings == []
    assert graph.resources[0].properties == {"V": "x eu-west-1"}
    assert graph.resources[0].attributes == {"Arn": "arn:eu-west-1:111111111111:named:R"}
    graph, _ = read(assembly({"S": artifact}, **{"t.json": template}), parameters={"P": "y"})
    assert graph.resources[0].properties == {"V": "y eu-west-1"}


def test_assets_are_found_where_they_are(assembly: Callable[..., Path]) -> None:
    files = {
        "abc": {
            "source": {"path": "asset.abc", "packaging": "zip"},
            "destinations": {"here": {"bucketName": "b", "objectKey": "abc.zip"}},
        },
        "made": {"source": {"executable": ["make"]}, "destinations": {"here": {"objectKey": "made.zip"}}},
    }
    code = {"S3Bucket": {"Fn::Sub": "b-${AWS::Region}"}, "S3Key": "abc.zip"}
    for name, path in {"gone": "/tmp/no-such-folder", "nul": "nul\0", "long": "x" * 300}.items():
        files[name] = {"source": {"path": path}, "destinations": {"here": {"objectKey": f"{name}.zip"}}}
    others = [{"S3Key": f"{name}.zip"} for name in ("made", "x", "gone", "nul", "long")]
    properties = {"Code": code, "Other": [{"Bucket": "b", "Key": "abc.zip"}, *others]}
    manifest = assembly(
        {"S.assets": {"type": "cdk:asset-manifest", "properties": {"file": "S.assets.json"}}, "S": stack("t.json")},
        **{"t.json": {"Resources": {"R": thing(properties)}}, "S.assets.json": {"files": files}},
    )
    (manifest.parent / "asset.abc").mkdir()
    graph, findings = read(manifest)
    assert findings == []
    value: Any = graph.resources[0].properties["V"]
    asset = str(manifest.parent / "asset.abc")
    assert value["Code"] == {"S3Bucket": "b-us-east-1", "S3Key": "abc.zip", "LocalPath": asset}
    assert value["Other"] == [
        {"Bucket": "b", "Key": "abc.zip", "LocalPath": asset},
        *others,
    ]


def test_a_stage_is_an_assembly_in_the_assembly(assembly: Callable[..., Path]) -> None:
    assembly({"S": stack("t.json")}, "cdk.out/assembly-Prod", **{"t.json": {"Resources": {"R": thing()}}})
    manifest = assembly({"P": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}})
    graph, findings = read(manifest)
    assert (findings, len(graph.resources)) == ([], 1)


def test_an_empty_stack_is_passed_over(assembly: Callable[..., Path]) -> None:
    manifest = assembly({"E": stack("e.json")}, **{"e.json": {"Outputs": {"O": {"Value": "x"}}}})
    graph, findings = read(manifest)
    assert (findings, graph.resources) == ([], ())


@pytest.mark.parametrize(
    ("artifacts", "code"),
    [
        ({"S": stack("missing.json")}, "unreadable"),
        ({"S": {"type": 5}}, "bad-manifest"),
        ([], "bad-manifest"),
        ({}, "no-stacks"),
        ({"A": {"type": "cdk:asset-manifest", "properties": {"file": "x.json"}}}, "unreadable"),
        ({"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "x"}}}, "unreadable"),
        ({"A": stack("t.json", "B"), "B": stack("t.json", "A")}, "circular-reference"),
    ],
)
def test_an_assembly_that_cannot_be_read(assembly: Callable[..., Path], artifacts: Any, code: str) -> None:
    graph, findings = read(assembly(artifacts, **{"t.json": {"Resources": {"R": thing()}}}))
    assert codes(findings) == [code]
    assert graph.resources == ()


def test_an_assembly_that_holds_itself_ends(assembly: Callable[..., Path]) -> None:
    itself = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    graph, _ = read(assembly({"A": itself, "B": itself, "S": stack("t.json")}, **{"t.json": {"Resources": {}}}))
    assert len(graph.files) <= 300


@pytest.mark.parametrize("text", ["", "[", "nothing", "[" * 100_000, '"\ud83d"'])
def test_a_manifest_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    graph, findings = read(path)
    assert graph.resources == ()
    assert [finding.severity for finding in findings] == ["error"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("manifest.json", '{"version": "1", "artifacts": {}}', True),
        ("manifest.json", '{"name": "web app"}', False),
        ("cdk.json", "{}", True),
        ("cdk.out", '{"version": "55.0.0"}', True),
        ("app.py", "import aws_cdk as cdk\n", True),
        ("app.py", "from aws_cdk import App\n", True),
        ("app.py", "import pulumi\n# import aws_cdk\n", False),
        ("app.ts", "import * as cdk from 'aws-cdk-lib'", False),
    ],
)
def test_apps_and_assemblies_are_recognised(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert cdk.recognises(path) is expected


SYNTH = """\
import json, os, pathlib
import aws_cdk
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir(parents=True, exist_ok=True)
context = json.loads(os.environ["CDK_CONTEXT_JSON"])
template = {"Resources": {"R": {"Type": "AWS::Known::Thing", "Properties": {"V": context.get("colour")}}}}
(out / "t.json").write_text(json.dumps(template))
stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "t.json"}}
(out / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": {"S": stack}}))
"""


@pytest.fixture
def app(tmp_path: Path) -> Callable[[str], Path]:
    """Write an app beside a stand-in for the library, which only has to be there to be imported."""

    def write(text: str) -> Path:
        (tmp_path / "aws_cdk.py").write_text("", "utf-8")
        path = tmp_path / "app.py"
        path.write_text(text, "utf-8")
        return path

    return write


def test_an_app_is_run_and_what_it_synthesizes_is_read(app: Callable[[str], Path]) -> None:
    path = app(SYNTH)
    graph, findings = read(path)
    assert (findings, [resource.name for resource in graph.resources]) == ([], ["R"])
    assert graph.files == (path, path.parent / "aws_cdk.py")


def test_an_app_that_names_its_own_folder(app: Callable[[str], Path]) -> None:
    graph, findings = read(app(SYNTH.replace('os.environ["CDK_OUTDIR"]', '"cdk.out"')))
    assert (findings, len(graph.resources)) == ([], 1)


def test_cdk_json_names_the_app_and_its_context(app: Callable[[str], Path]) -> None:
    path = app(SYNTH).with_name("cdk.json")
    path.write_text(json.dumps({"app": "python3 app.py", "context": {"colour": "blue"}}), "utf-8")
    graph, findings = read(path)
    assert (findings, graph.resources[0].properties) == ([], {"V": "blue"})


def test_an_app_that_is_synthesized_already_is_not_run(
    app: Callable[[str], Path], assembly: Callable[..., Path]
) -> None:
    path = app("raise SystemExit(3)").with_name("cdk.json")
    path.write_text('{"app": "python3 app.py"}', "utf-8")
    manifest = assembly({"S": stack("t.json")}, **{"t.json": {"Resources": {"R": thing()}}})
    graph, findings = read(path)
    assert (findings, len(graph.resources)) == ([], 1)
    assert path in graph.files
    assert path.with_name("app.py") in graph.files
    os.utime(manifest, (1, 1))
    graph, findings = read(path)
    assert (codes(findings), graph.resources) == (["program-failed"], ())


def test_parameters_are_context_and_have_an_app_run_again(
    app: Callable[[str], Path], assembly: Callable[..., Path]
) -> None:
    path = app(SYNTH).with_name("cdk.json")
    path.write_text(json.dumps({"app": "python3 app.py", "context": {"colour": "blue"}}), "utf-8")
    assembly({"S": stack("t.json")}, **{"t.json": {"Resources": {"Old": thing()}}})
    graph, findings = read(path, parameters={"colour": "red"})
    assert (findings, graph.resources[0].properties) == ([], {"V": "red"})


def test_what_is_there_is_served_where_the_command_is_not(tmp_path: Path, assembly: Callable[..., Path]) -> None:
    manifest = assembly({"S": stack("t.json")}, **{"t.json": {"Resources": {"R": thing()}}})
    os.utime(manifest, (1, 1))
    path = tmp_path / "cdk.json"
    path.write_text('{"app": "no-such-command-here run"}', "utf-8")
    graph, findings = read(path)
    assert (codes(findings), len(graph.resources)) == (["stale-assembly"], 1)
    assert findings[0].severity == "warning"


def test_an_app_may_be_an_assembly(tmp_path: Path, assembly: Callable[..., Path]) -> None:
    assembly({"S": stack("t.json")}, "made", **{"t.json": {"Resources": {"R": thing()}}})
    path = tmp_path / "cdk.json"
    path.write_text('{"app": "made"}', "utf-8")
    graph, findings = read(path)
    assert (findings, len(graph.resources)) == ([], 1)


def test_a_build_comes_before_the_app(app: Callable[[str], Path]) -> None:
    path = app(SYNTH).with_name("cdk.json")
    path.write_text(json.dumps({"build": "mv app.py built.py", "app": "python3 built.py"}), "utf-8")
    graph, findings = read(path)
    assert (findings, len(graph.resources)) == ([], 1)


def test_any_command_is_run_in_a_shell(app: Callable[[str], Path]) -> None:
    path = app("").with_name("cdk.json")
    script = """\
mkdir -p "$CDK_OUTDIR" &&
echo '{"version": "1", "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties":
 {"templateFile": "t.json"}}}}' > "$CDK_OUTDIR/manifest.json" &&
echo '{"Resources": {"R": {"Type": "AWS::Known::Thing"}}}' > "$CDK_OUTDIR/t.json"
"""
    path.with_name("synth.sh").write_text(script, "utf-8")
    path.write_text(json.dumps({"app": "sh synth.sh"}), "utf-8")
    graph, findings = read(path)
    assert (findings, [resource.name for resource in graph.resources]) == ([], ["R"])


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("{", "json-syntax", ""),
        ("[]", "no-assembly", "cdk synth"),
        ('{"app": "no-such-command-here"}', "program-failed", "not found"),
        ('{"app": "\'"}', "program-failed", ""),
    ],
)
def test_an_app_that_cannot_be_run_here(tmp_path: Path, text: str, code: str, said: str) -> None:
    path = tmp_path / "cdk.json"
    path.write_text(text, "utf-8")
    _, findings = read(path)
    assert codes(findings)[0] == code
    assert said in findings[0].text


DOCKER = """\
import json, os, sys
import aws_cdk
if json.loads(os.environ["CDK_CONTEXT_JSON"]).get("aws:cdk:bundling-stacks") != []:
    sys.exit("Error: spawnSync docker ENOENT")
"""
"""What the CDK says without Docker: https://github.com/aws/aws-cdk/issues/30570."""


def test_an_app_that_bundles_with_docker_is_run_without_bundling(app: Callable[[str], Path]) -> None:
    graph, findings = read(app(DOCKER + SYNTH))
    assert (codes(findings), len(graph.resources)) == (["unbundled-assets"], 1)
    assert findings[0].severity == "warning"


def test_an_app_that_needs_docker_in_any_case(app: Callable[[str], Path]) -> None:
    _, findings = read(app("import aws_cdk, sys\nsys.exit('Error: spawnSync docker ENOENT')\n"))
    assert codes(findings) == ["program-failed"]
    assert "aws:cdk:bundling-stacks" in findings[0].text


def test_context_comes_from_three_files(app: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = app(SYNTH.replace('context.get("colour")', "context")).with_name("cdk.json")
    home = path.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    (home / ".cdk.json").write_text('{"context": {"a": "user", "b": "user", "c": "user"}}', "utf-8")
    path.with_name("cdk.context.json").write_text('{"b": "kept", "c": "kept"}', "utf-8")
    path.write_text('{"app": "python3 app.py", "context": {"c": "project"}, "pathMetadata": false}', "utf-8")
    graph, findings = read(path)
    assert findings == []
    context: Any = graph.resources[0].properties["V"]
    assert [context[key] for key in "abc"] == ["user", "kept", "project"]
    assert context["aws:cdk:enable-path-metadata"] is False
    assert context["aws:cdk:disable-asset-staging"] is True


def test_the_account_is_the_one_that_values_were_looked_up_in(app: Callable[[str], Path]) -> None:
    told = SYNTH.replace('context.get("colour")', 'os.environ["CDK_DEFAULT_ACCOUNT"] + os.environ["AWS_REGION"]')
    path = app(told).with_name("cdk.json")
    path.write_text('{"app": "python3 app.py"}', "utf-8")
    kept: dict[str, Any] = {
        "vpc-provider:account=111111111111:filter.isDefault=true:region=eu-west-1:returnAsymmetricSubnets=true": {}
    }
    path.with_name("cdk.context.json").write_text(json.dumps(kept), "utf-8")
    graph, _ = read(path)
    assert graph.resources[0].properties["V"] == "111111111111eu-west-1"
    graph, _ = read(path, account="222222222222", region="us-west-2")
    assert graph.resources[0].properties["V"] == "222222222222us-west-2"


def test_what_an_app_missed_is_said(tmp_path: Path) -> None:
    missing = {"key": "ami:account=1:region=r", "provider": "ami", "props": {"account": "1"}}
    content = {"version": "1", "artifacts": {"S": stack("t.json")}, "missing": [missing]}
    (tmp_path / "manifest.json").write_text(json.dumps(content), "utf-8")
    (tmp_path / "t.json").write_text('{"Resources": {"R": {"Type": "AWS::Known::Thing"}}}', "utf-8")
    graph, findings = read(tmp_path / "manifest.json")
    assert (codes(findings), len(graph.resources)) == (["missing-context"], 1)
    assert "ami:account=1:region=r" in findings[0].text
    assert "cdk.context.json" in findings[0].text


@pytest.mark.parametrize("own_file", [True, False])
def test_what_constructs_say_of_themselves(assembly: Callable[..., Path], own_file: bool) -> None:
    said = {
        "/S/R": [
            {"type": "aws:cdk:warning", "data": "careful"},
            {"type": "aws:cdk:error", "data": "wrong"},
            {"type": "aws:cdk:logicalId", "data": "R12345678"},
        ]
    }
    artifact = {**stack("t.json"), **({"additionalMetadataFile": "m.json"} if own_file else {"metadata": said})}
    template = {"Resources": {"R12345678": {"Type": "AWS::Known::Thing", "Properties": {"V": {"Ref": "R12345678"}}}}}
    _, findings = read(assembly({"S": artifact}, **{"t.json": template, "m.json": said}))
    annotations = [(finding.severity, finding.text) for finding in findings if finding.code == "cdk-annotation"]
    assert annotations == [("note", "S/R: careful"), ("error", "S/R: wrong")]
    (circle,) = (finding for finding in findings if finding.code == "circular-reference")
    assert circle.text.endswith("(from S/R)")


@pytest.mark.parametrize("name", ["../t.json", "/etc/hosts", "link.json", "nul\0"])
def test_a_template_outside_the_assembly_is_not_read(tmp_path: Path, assembly: Callable[..., Path], name: str) -> None:
    (tmp_path / "t.json").write_text('{"Resources": {"R": {"Type": "AWS::Known::Thing"}}}', "utf-8")
    manifest = assembly({"S": stack(name)})
    (manifest.parent / "link.json").symlink_to(tmp_path / "t.json")
    graph, findings = read(manifest)
    assert (codes(findings), graph.resources) == (["bad-manifest"], ())


def test_assets_of_a_legacy_stack_are_its_parameters(assembly: Callable[..., Path]) -> None:
    asset = {"path": "asset.abc", "id": "abc", "packaging": "zip"}
    names = {"s3BucketParameter": "B", "s3KeyParameter": "K", "artifactHashParameter": "H"}
    artifact = {**stack("t.json"), "metadata": {"/S": [{"type": "aws:cdk:asset", "data": {**asset, **names}}]}}
    part = [{"Fn::Select": [index, {"Fn::Split": ["||", {"Ref": "K"}]}]} for index in (0, 1)]
    code = {"S3Bucket": {"Ref": "B"}, "S3Key": {"Fn::Join": ["", part]}}
    parameters = {name: {"Type": "String"} for name in "BKH"}
    template = {"Parameters": parameters, "Resources": {"R": thing(code)}}
    manifest = assembly({"S": artifact}, **{"t.json": template})
    (manifest.parent / "asset.abc").mkdir()
    graph, findings = read(manifest)
    assert findings == []
    assert graph.resources[0].properties["V"] == {
        "S3Bucket": "cdk-assets",
        "S3Key": "abc.zip",
        "LocalPath": str(graph.files[0].parent / "asset.abc"),
    }


def test_a_folder_without_a_manifest_is_read_for_its_templates(tmp_path: Path) -> None:
    files = {"abc": {"source": {"path": "code"}, "destinations": {"here": {"objectKey": "abc.zip"}}}}
    for name, content in {
        "cdk.out": {"version": "1"},
        "S.template.json": {"Resources": {"R": thing({"S3Key": "abc.zip"})}},
        "S.assets.json": {"files": files},
        "SN.nested.template.json": {"Resources": {"N": thing()}},
    }.items():
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    (tmp_path / "code").mkdir()
    graph, findings = read(tmp_path / "cdk.out")
    assert (findings, [resource.id for resource in graph.resources]) == ([], ["S/R"])
    assert graph.resources[0].properties["V"] == {"S3Key": "abc.zip", "LocalPath": str(tmp_path / "code")}


@pytest.mark.parametrize(
    ("text", "code", "said", "line"),
    [
        ("import aws_cdk\n\nraise ValueError('no such user')\n", "program-failed", "ValueError: no such user", 3),
        ("import aws_cdk\ndef f(:\n", "program-failed", "SyntaxError", 2),
        ("import aws_cdk.nothing\n", "program-failed", "No module named 'aws_cdk.nothing'", 1),
        ("import aws_cdk\nraise SystemExit(3)\n", "program-failed", "ended with code 3", 0),
        ("import aws_cdk, os\nos.kill(os.getpid(), 9)\n", "program-failed", "the program failed", 0),
        ("import aws_cdk\n", "no-assembly", "app.synth()", 0),
    ],
)
def test_an_app_that_fails_is_reported_at_its_line(
    app: Callable[[str], Path], text: str, code: str, said: str, line: int
) -> None:
    path = app(text)
    _, findings = read(path)
    (finding,) = findings
    assert (finding.code, finding.place.line) == (code, line)
    assert finding.place.file == str(path)
    assert said in finding.text


def test_without_the_library_the_finding_says_what_to_install(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text("import aws_cdk\n", "utf-8")
    _, findings = read(path)
    assert "install aws-cdk-lib" in findings[0].text
