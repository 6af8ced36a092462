"""Functions in both spellings: their code in every form, their settings, and what cannot be run here."""

import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from inferway.definition.bindings import BoundFunction, CodePart
from inferway.dialects.aws_resources.declared import declared
from inferway.dialects.aws_resources.functions import RUNTIMES, declared_functions
from inferway.faults import Findings, Place, Severity
from inferway.formats.resources import ARCHIVE, ASSET, LOCAL_PATH, OnePlace, Resource, ResourceGraph

PLACES = OnePlace(Place(file="f", line=7))
TEMPLATE = "AWS::Lambda::Function"
PROGRAM = "aws:lambda/function:Function"
IN_TEMPLATE: Mapping[str, object] = {"Handler": "index.handler", "Runtime": "python3.12"}
IN_PROGRAM: Mapping[str, object] = {"handler": "index.handler", "runtime": "python3.12"}


def resource(kind: str, properties: Mapping[str, object], name: str = "Logical", id: str = "made-1") -> Resource:  # noqa: A002 - the field's name
    return Resource(type=kind, name=name, properties=properties, places=PLACES, id=id)


def read(*resources: Resource) -> tuple[tuple[BoundFunction, ...], Findings]:
    declared, findings = declared_functions(ResourceGraph(resources=resources))
    of_others = (finding for found in declared.not_run.values() for finding in found)
    return declared.functions, (*findings, *of_others)


def template(**properties: object) -> Resource:
    return resource(TEMPLATE, {**IN_TEMPLATE, **properties})


def program(**properties: object) -> Resource:
    return resource(PROGRAM, {**IN_PROGRAM, **properties})


def archive(path: object) -> dict[str, object]:
    return {ARCHIVE: {"path": str(path)}}


def only(*resources: Resource) -> BoundFunction:
    (function,), findings = read(*resources)
    assert findings == ()
    return function


def problem(*resources: Resource) -> tuple[str, Severity, str]:
    functions, (finding,) = read(*resources)
    assert functions == ()
    assert finding.place.line == 7
    return finding.code, finding.severity, finding.text


@pytest.mark.parametrize(("made", "attribute"), [(template, "Arn"), (program, "arn")])
def test_a_function_keeps_the_arn_that_it_was_provisioned_with(
    made: Callable[..., Resource], attribute: str, tmp_path: Path
) -> None:
    arn = "arn:aws:lambda:us-west-2:000000000000:function:made-1"
    code = {"Code": {LOCAL_PATH: str(tmp_path)}} if made is template else {"code": archive(tmp_path)}
    assert only(msgspec.structs.replace(made(**code), attributes={attribute: arn})).arn == arn


def test_a_function_of_a_template(tmp_path: Path) -> None:
    function = only(
        template(
            Code={"S3Bucket": "b", "S3Key": "k.zip", LOCAL_PATH: str(tmp_path)},
            Timeout=30,
            MemorySize=512,
            ReservedConcurrentExecutions=5,
            Environment={"Variables": {"MODEL": "digits", "DEPTH": 3, "FAST": True}},
            VpcConfig={"SubnetIds": ["subnet-1"]},
            TracingConfig={"Mode": "Active"},
            DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:1:q"},
            Architectures=["arm64"],
            EphemeralStorage={"Size": 1024},
            SnapStart={"ApplyOn": "None"},
        )
    )
    assert function == BoundFunction(
        name="made-1",
        path=str(tmp_path),
        handler="index.handler",
        runtime="python3.12",
        environment={"MODEL": "digits", "DEPTH": "3", "FAST": "true"},
        timeout=30,
        memory=512,
        concurrency=5,
    )


def test_a_function_of_a_program(tmp_path: Path) -> None:
    function = only(
        program(
            code=archive(tmp_path),
            timeout=30,
            memorySize=512,
            reservedConcurrentExecutions=5,
            environment={"variables": {"MODEL": "digits"}},
            vpcConfig={"subnetIds": ["subnet-1"]},
            architectures=["arm64"],
        )
    )
    assert function == BoundFunction(
        name="made-1",
        path=str(tmp_path),
        handler="index.handler",
        runtime="python3.12",
        environment={"MODEL": "digits"},
        timeout=30,
        memory=512,
        concurrency=5,
    )


def test_what_is_not_stated(tmp_path: Path) -> None:
    """Lambda API reference, CreateFunction: Timeout is 3 seconds by default."""
    for function in (only(template(Code={LOCAL_PATH: str(tmp_path)})), only(program(code=archive(tmp_path)))):
        assert (function.timeout, function.concurrency, function.environment, function.layers) == (3, 10, {}, ())
        assert function.memory == BoundFunction(name="f", url="http://127.0.0.1").memory
    unreserved = only(program(code=archive(tmp_path), reservedConcurrentExecutions=-1))
    assert unreserved.concurrency == 10


@pytest.mark.parametrize(
    ("runtime", "file"), [("python3.13", "index.py"), ("nodejs22.x", "index.js"), ("nodejs20.x", "index.js")]
)
def test_inline_code_is_a_file_named_index(runtime: str, file: str) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::Function Code", ZipFile: `.js` for Node.js, so CommonJS."""
    function = only(template(Code={"ZipFile": "code"}, Runtime=runtime))
    assert (function.path, function.code) == ("", (CodePart(text="code", at=file),))


def test_inline_code_is_for_two_languages_only() -> None:
    assert problem(template(Code={"ZipFile": "code"}, Runtime="provided.al2023"))[:2] == ("inline-runtime", "error")


@pytest.mark.parametrize("text", ["import cfnresponse\n", "const response = require('cfn-response')"])
def test_the_module_that_answers_stacks_is_noted(text: str) -> None:
    (function,), (finding,) = read(template(Code={"ZipFile": text}))
    assert (function.code[0].text, finding.code, finding.severity) == (text, "response-module", "note")


def test_an_archive_of_assets(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("")
    (tmp_path / "lib").mkdir()
    assets = {
        ".": archive(tmp_path),
        "index.py": {ASSET: {"path": str(tmp_path / "app.py")}},
        "config.json": {ASSET: {"text": "{}"}},
        "lib": archive(tmp_path / "lib"),
        "deep": {ARCHIVE: {"assets": {"er": {ARCHIVE: {"assets": {"x.txt": {ASSET: {"text": "x"}}}}}}}},
    }
    function = only(program(code={ARCHIVE: {"assets": assets}}))
    assert function.path == ""
    assert function.code == (
        CodePart(path=str(tmp_path)),
        CodePart(path=str(tmp_path / "app.py"), at="index.py"),
        CodePart(text="{}", at="config.json"),
        CodePart(path=str(tmp_path / "lib"), at="lib"),
        CodePart(text="x", at="deep/er/x.txt"),
    )


@pytest.mark.parametrize("kind", ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"])
@pytest.mark.parametrize("held", ["archive", "asset"])
def test_code_in_an_object_of_the_same_program(kind: str, held: str, tmp_path: Path) -> None:
    source = archive(tmp_path) if held == "archive" else {ASSET: {"path": str(tmp_path)}}
    stored = resource(kind, {"bucket": "b", "key": "k.zip", "source": source}, "Object", "b/k.zip")
    assert only(stored, program(s3Bucket="b", s3Key="k.zip")).path == str(tmp_path)


@pytest.mark.parametrize(
    "function",
    [
        template(Code={"S3Bucket": "b", "S3Key": "k.zip"}),
        program(s3Bucket="b", s3Key="k.zip"),
    ],
)
def test_code_that_is_elsewhere_is_to_be_bound(function: Resource) -> None:
    code, severity, text = problem(function)
    assert (code, severity) == ("code-elsewhere", "warning")
    assert "s3://b/k.zip" in text
    assert '[functions."made-1"]' in text


@pytest.mark.parametrize(
    "function", [template(), program(), program(code={ARCHIVE: {"uri": "https://example.com/code.zip"}})]
)
def test_no_code_at_all_is_to_be_bound(function: Resource) -> None:
    assert problem(function)[:2] == ("code-elsewhere", "warning")


@pytest.mark.parametrize("of", ["template", "program"])
def test_code_that_is_not_there_is_an_error(of: str, tmp_path: Path) -> None:
    away = str(tmp_path / "away")
    function = template(Code={LOCAL_PATH: away}) if of == "template" else program(code=archive(away))
    code, severity, text = problem(function)
    assert (code, severity, away in text) == ("code-missing", "error", True)


@pytest.mark.parametrize(
    "function",
    [
        resource(TEMPLATE, {"PackageType": "Image", "Code": {"ImageUri": "1.dkr.ecr.us-east-1.amazonaws.com/m:1"}}),
        resource(TEMPLATE, {"Code": {"ImageUri": "1.dkr.ecr.us-east-1.amazonaws.com/m:1"}}),
        resource(PROGRAM, {"packageType": "Image", "imageUri": "1.dkr.ecr.us-east-1.amazonaws.com/m:1"}),
        resource(PROGRAM, {"packageType": "Image"}),
    ],
)
def test_container_images_are_to_be_bound(function: Resource) -> None:
    code, severity, text = problem(function)
    assert (code, severity, '[functions."made-1"] url' in text) == ("container-image", "warning", True)


@pytest.mark.parametrize("runtime", ["java21", "dotnet8", "ruby3.3", "go1.x"])
def test_other_runtimes_have_a_way_round(runtime: str, tmp_path: Path) -> None:
    code, severity, text = problem(template(Code={LOCAL_PATH: str(tmp_path)}, Runtime=runtime))
    assert (code, severity) == ("unserved-runtime", "warning")
    assert runtime in text
    assert "provided.al2023" in text
    assert "url" in text


@pytest.mark.parametrize("runtime", ["python3.9", "python3.14", "nodejs18.x", "nodejs24.x", "provided.al2", "provided"])
def test_runtimes_that_run_here(runtime: str, tmp_path: Path) -> None:
    assert only(template(Code={LOCAL_PATH: str(tmp_path)}, Runtime=runtime)).runtime == runtime


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"Timeout": 0}, "out-of-bounds"),
        ({"Timeout": 901}, "out-of-bounds"),
        ({"MemorySize": 64}, "out-of-bounds"),
        ({"MemorySize": 10_241}, "out-of-bounds"),
        ({"Timeout": "soon"}, "wrong-type"),
        ({"Handler": ""}, "no-handler"),
        ({"Runtime": ""}, "no-runtime"),
        ({"Handler": {"a": 1}}, "wrong-type"),
    ],
)
def test_bad_values_are_errors_with_their_place(properties: Mapping[str, object], code: str, tmp_path: Path) -> None:
    """Lambda API reference, CreateFunction: Timeout 1 to 900, MemorySize 128 to 10240."""
    functions, findings = read(template(Code={LOCAL_PATH: str(tmp_path)}, **properties))
    assert functions == ()
    assert (findings[0].code, findings[0].severity, findings[0].place.line) == (code, "error", 7)


def test_numbers_may_be_texts(tmp_path: Path) -> None:
    function = only(template(Code={LOCAL_PATH: str(tmp_path)}, Timeout="20", MemorySize="256"))
    assert (function.timeout, function.memory) == (20, 256)


def test_no_concurrency_is_said_to_differ(tmp_path: Path) -> None:
    (function,), (finding,) = read(template(Code={LOCAL_PATH: str(tmp_path)}, ReservedConcurrentExecutions=0))
    assert (function.concurrency, finding.code, finding.severity) == (1, "no-concurrency", "warning")


def test_a_file_system_is_noted(tmp_path: Path) -> None:
    systems = {"Arn": "arn:aws:elasticfilesystem:us-east-1:1:access-point/f", "LocalMountPath": "/mnt/models"}
    _, (finding,) = read(template(Code={LOCAL_PATH: str(tmp_path)}, FileSystemConfigs=[systems]))
    assert (finding.code, finding.severity) == ("no-file-system", "note")


ARN = "arn:aws:lambda:us-east-1:000000000000:layer:deps:1"


def test_layers_are_folders_and_archives_that_are_declared(tmp_path: Path) -> None:
    (tmp_path / "layer.zip").write_bytes(b"")
    first = resource("AWS::Lambda::LayerVersion", {"Content": {LOCAL_PATH: str(tmp_path)}}, "First", ARN)
    second = resource(
        "AWS::Lambda::LayerVersion", {"Content": {LOCAL_PATH: str(tmp_path / "layer.zip")}}, "Second", f"{ARN[:-1]}2"
    )
    function = only(first, second, template(Code={LOCAL_PATH: str(tmp_path)}, Layers=[f"{ARN[:-1]}2", ARN]))
    assert function.layers == (CodePart(path=str(tmp_path / "layer.zip")), CodePart(path=str(tmp_path)))
    layer = resource("aws:lambda/layerVersion:LayerVersion", {"code": archive(tmp_path)}, "First", ARN)
    assert only(layer, program(code=archive(tmp_path), layers=[ARN])).layers == (CodePart(path=str(tmp_path)),)


def test_a_layer_may_be_an_archive_of_assets(tmp_path: Path) -> None:
    assets = {"python": archive(tmp_path), "note.txt": {ASSET: {"text": "x"}}}
    layer = resource("aws:lambda/layerVersion:LayerVersion", {"code": {ARCHIVE: {"assets": assets}}}, "Deps", ARN)
    function = only(layer, program(code=archive(tmp_path), layers=[ARN]))
    assert function.layers == (CodePart(path=str(tmp_path), at="python"), CodePart(text="x", at="note.txt"))


def test_a_layer_that_is_elsewhere_is_said_to_be_missing(tmp_path: Path) -> None:
    (function,), (finding,) = read(template(Code={LOCAL_PATH: str(tmp_path)}, Layers=[ARN]))
    assert (function.layers, finding.code, finding.severity) == ((), "unknown-layer", "warning")
    assert ARN in finding.text
    stored = resource("AWS::Lambda::LayerVersion", {"Content": {"S3Bucket": "b", "S3Key": "k"}}, "Deps", ARN)
    (function,), (finding,) = read(stored, template(Code={LOCAL_PATH: str(tmp_path)}, Layers=[ARN]))
    assert (function.layers, finding.code, finding.severity) == ((), "unserved-layer", "warning")
    assert "s3://b/k" in finding.text


def test_functions_of_custom_resources_are_left_out_with_them(tmp_path: Path) -> None:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:made-1"
    custom = resource("Custom::LogRetention", {"ServiceToken": arn}, "Retention", "x")
    assert read(custom, template(Code={LOCAL_PATH: str(tmp_path)})) == ((), ())


def test_a_function_without_an_identifier_has_its_logical_name(tmp_path: Path) -> None:
    function = resource(TEMPLATE, {**IN_TEMPLATE, "Code": {LOCAL_PATH: str(tmp_path)}}, id="")
    assert only(function).name == "Logical"


def test_of_two_functions_with_one_name_the_first_counts(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = (template(Code={LOCAL_PATH: str(path)}) for path in (tmp_path, tmp_path / "other"))
    (function,), (finding,) = read(first, second)
    assert (function.path, finding.code, finding.severity) == (str(tmp_path), "duplicate-function", "warning")


def test_functions_and_tables_are_declared_together(tmp_path: Path) -> None:
    keys = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    table = resource("AWS::DynamoDB::Table", {**keys, "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]})
    made, findings = declared(
        ResourceGraph(resources=(table, template(Code={LOCAL_PATH: str(tmp_path)}, Role="r"), program()))
    )
    assert ([each.name for each in made.tables], [each.name for each in made.functions]) == (["made-1"], ["made-1"])
    assert findings == ()
    assert {name: [finding.code for finding in found] for name, found in made.not_run.items()} == {
        "made-1": ["code-elsewhere"]
    }


@pytest.mark.parametrize("kind", [TEMPLATE, PROGRAM])
@pytest.mark.parametrize(
    "value", [None, 0, 1.5, True, "x", [], ["x"], {}, {"x": 1}, {ARCHIVE: 1}, {ARCHIVE: {"assets": 3}}]
)
def test_values_of_any_kind_are_read_or_reported(kind: str, value: object) -> None:
    names = (
        *("Code", "Handler", "Runtime", "Timeout", "MemorySize", "Environment", "Layers", "PackageType", "ImageUri"),
        *("ReservedConcurrentExecutions", "FileSystemConfigs"),
    )
    good: dict[str, object] = {**IN_TEMPLATE, **IN_PROGRAM, "Code": {"ZipFile": "x"}, "code": archive("/")}
    for name in names:
        spelled = name if kind == TEMPLATE else f"{name[0].lower()}{name[1:]}"
        functions, findings = read(resource(kind, {**good, spelled: value}))
        assert functions or findings


@pytest.mark.parametrize(
    ("runtime", "meant"),
    [("pythn3.11", "python3.11"), ("nodejs20", "nodejs20.x"), ("Python3.13", "python3.13")],
)
@pytest.mark.parametrize("make", [template, program])
def test_a_runtime_that_lambda_never_had(make: Callable[..., Resource], runtime: str, meant: str) -> None:
    spelled = "Runtime" if make is template else "runtime"
    made, _ = declared_functions(ResourceGraph(resources=(make(**{spelled: runtime}),)))
    ((finding,),) = made.not_run.values()
    assert (finding.severity, finding.code) == ("error", "unknown-runtime")
    assert finding.text == f"Lambda has no runtime {runtime} (did you mean {meant}?)"


def test_all_runtimes_of_the_vendor_s_schema_are_known() -> None:
    linter = find_spec("cfnlint")
    assert linter is not None
    schemas = Path(linter.origin or "").parent / "data" / "schemas"
    listed = json.loads((schemas / "providers" / "us-east-1.json").read_text("utf-8"))["AWS::Lambda::Function"]
    schema = json.loads((schemas / "resources" / f"{listed}.json").read_text("utf-8"))
    assert set(schema["properties"]["Runtime"]["enum"]) - set(RUNTIMES) == set()
