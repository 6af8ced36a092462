"""What programs use of Pulumi beyond resources, each from its page under https://www.pulumi.com/docs/iac/concepts/."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.faults import Findings, Severity
from inferway.formats.pulumi.reader import read
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

Run = Callable[..., tuple[ResourceGraph, Findings]]

AWS = "import pulumi\nimport pulumi_aws as aws\n"
COMPONENT = (
    AWS
    + """\
class Two(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("my:index:Two", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.user = aws.iam.User(f"{name}-user", opts=inside)
        self.register_outputs({"user": self.user.name})
"""
)


def outputs(graph: ResourceGraph) -> dict[str, object]:
    return {output.name: output.value for output in graph.outputs}


def test_components(run: Run) -> None:
    graph, findings = run(COMPONENT + "a = Two('a')\nb = Two('b')\npulumi.export('a', a.urn)\n")
    assert findings == ()
    assert [(each.name, each.places.find().line) for each in graph.resources] == [("a-user", 7), ("b-user", 7)]
    assert outputs(graph) == {"a": "urn:pulumi:dev::program::my:index:Two::a"}


def test_transforms_of_the_stack_and_of_a_resource(run: Run) -> None:
    text = (
        AWS
        + """\
def mark(key):
    def transform(args):
        tags = {**args.props.get("tags", {}), key: "1"}
        return pulumi.ResourceTransformResult({**args.props, "tags": tags}, args.opts)
    return transform
pulumi.runtime.register_resource_transform(mark("stack"))
aws.iam.User("u", opts=pulumi.ResourceOptions(transforms=[mark("own")]))
"""
    )
    graph, findings = run(text)
    assert findings == ()
    assert graph.resources[0].properties["tags"] == {"own": "1", "stack": "1"}


def test_a_transform_that_fails_has_the_resources_line(run: Run) -> None:
    text = AWS + "def no(args):\n    raise ValueError('not this one')\npulumi.runtime.register_resource_transform(no)\n"
    _, findings = run(text + "aws.iam.User('u')\n")
    assert [(each.code, each.place.line) for each in findings] == [("transform-failed", 6)]
    assert "not this one" in findings[0].text


def test_hooks_are_not_run_and_that_is_told(run: Run) -> None:
    text = (
        AWS
        + """\
def hook(args):
    raise ValueError("never")
hooks = pulumi.ResourceHookBinding(after_create=[pulumi.ResourceHook("after", hook)])
aws.iam.User("u", opts=pulumi.ResourceOptions(hooks=hooks))
"""
    )
    graph, findings = run(text)
    assert [each.code for each in findings] == ["resource-hook"]
    assert len(graph.resources) == 1


def test_options_that_need_a_state_change_nothing(run: Run) -> None:
    text = (
        AWS
        + """\
u = aws.iam.User("u", opts=pulumi.ResourceOptions(protect=True, aliases=[pulumi.Alias(name="old")]))
aws.iam.User("v", opts=pulumi.ResourceOptions(
    depends_on=[u], ignore_changes=["tags"], retain_on_delete=True, delete_before_replace=True, deleted_with=u,
    replace_on_changes=["path"], custom_timeouts=pulumi.CustomTimeouts(create="5m"), version="7.0.0"))
"""
    )
    graph, findings = run(text)
    assert findings == ()
    assert [each.name for each in graph.resources] == ["u", "v"]


def test_stack_references(run: Run) -> None:
    text = "import pulumi\nother = pulumi.StackReference('org/infra/prod')\n"
    text += "pulumi.export('a', other.require_output('arn'))\npulumi.export('b', other.get_output('list')[1])\n"
    environment = Environment(stack_references={"org/infra/prod": {"arn": "arn:x", "list": [1, 2]}})
    graph, findings = run(text, environment)
    assert findings == ()
    assert outputs(graph) == {"a": "arn:x", "b": 2}
    _, findings = run(text)
    assert [(each.code, each.place.line) for each in findings] == [("unknown-stack", 2)]


def test_provider_functions(run: Run) -> None:
    text = (
        AWS
        + """\
pulumi.export("region", aws.get_region().region)
pulumi.export("account", aws.get_caller_identity_output().account_id)
pulumi.export("policy", aws.iam.get_policy_document_output(
    statements=[aws.iam.GetPolicyDocumentStatementArgs(actions=["s3:*"], resources=[aws.sqs.Queue("q").arn])]
).minified_json)
"""
    )
    graph, findings = run(text, Environment(region="eu-west-1", account="123456789012"))
    shown = outputs(graph)
    assert (shown["region"], shown["account"]) == ("eu-west-1", "123456789012")
    assert '"Resource":"local::q::arn"' in str(shown["policy"])
    assert [each.code for each in findings] == ["stand-in-output"]


def test_an_unknown_function_is_named_with_its_line(run: Run) -> None:
    _, findings = run(AWS + "x = 1\naws.ec2.get_ami(owners=['self'])\n")
    assert [(each.code, each.place.line) for each in findings] == [("unknown-invoke", 4)]
    assert "aws:ec2/getAmi:getAmi" in findings[0].text


def test_files_and_archives_have_whole_paths(run: Run, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    text = AWS + "aws.lambda_.Function('f', role='r', code=pulumi.FileArchive('./code'))\n"
    graph, findings = run(text)
    assert findings == ()
    folder = graph.files[0].parent
    assert graph.resources[0].properties["code"] == {"pulumi:archive": {"path": str(folder / "code")}}


def test_an_asynchronous_program(run: Run) -> None:
    text = (
        "import asyncio, pulumi\nasync def main():\n    await asyncio.sleep(0)\n    return {'a': 1}\npulumi.run(main)\n"
    )
    graph, findings = run(text)
    assert findings == ()
    assert outputs(graph) == {"a": 1}


def test_local_modules_are_among_the_files(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("")
    (tmp_path / "parts" / "users.py").write_text(
        "import pulumi_aws as aws\ndef make():\n    return aws.iam.User('u')\n"
    )
    (tmp_path / "__main__.py").write_text("from parts.users import make\nmake()\n")
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")

    def nothing(resource: Resource, environment: Environment) -> Provisioned | None:
        return None

    graph, findings = read(tmp_path, Environment(), nothing)
    assert findings == ()
    assert [each.places.find().file for each in graph.resources] == [str(tmp_path / "parts" / "users.py")]
    named = {str(file.relative_to(tmp_path)) for file in graph.files}
    assert named == {"__main__.py", "Pulumi.yaml", "parts/__init__.py", "parts/users.py"}


def test_a_clean_run_disproves_what_the_text_suggests(run: Run) -> None:
    text = AWS + "try:\n    aws.iam.Rolle('r')\nexcept AttributeError:\n    pass\naws.iam.User('u')\n"
    graph, findings = run(text)
    assert findings == ()
    assert len(graph.resources) == 1


def test_what_vanishes_at_run_time_is_told(run: Run) -> None:
    text = AWS + "aws.appsync.ApiKey(\n    'k',\n    api_id=pulumi.Output.from_input(None),\n)\n"
    _, findings = run(text)
    assert [(each.code, each.place.line) for each in findings] == [("missing-property", 5)]


def test_a_placeholder_from_the_configuration_is_told(run: Run) -> None:
    text = AWS + "aws.lambda_.Function('f', role=pulumi.Config().require('role'))\n"
    _, findings = run(text, Environment(parameters={"role": "<your role>"}))
    assert [(each.code, each.place.line) for each in findings] == [("placeholder", 3)]


def test_places_are_shown_as_the_path_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "shop.py").write_text(AWS + "u = aws.iam.User('u')\nu.surname\n")
    # a file of the working folder that has the name of a standard module
    (tmp_path / "queue.py").write_text("raise ImportError('not this one')\n")
    monkeypatch.chdir(tmp_path)
    graph, findings = read(Path("app/shop.py"), Environment(), lambda resource, environment: None)
    assert [str(each.place) for each in findings] == ["app/shop.py:4:1"]
    assert str(graph.resources[0].places.find()) == "app/shop.py:3:5"


def test_explicit_providers_say_where_their_resources_are(run: Run) -> None:
    text = (
        AWS
        + """\
west = aws.Provider("west", region="us-west-2", allowed_account_ids=["111122223333"])
pulumi.export("there", aws.cloudwatch.LogGroup("r", opts=pulumi.ResourceOptions(provider=west)).arn)
pulumi.export("own", aws.cloudwatch.LogGroup("s").arn)
pulumi.export("region", aws.get_region(opts=pulumi.InvokeOptions(provider=west)).region)
"""
    )
    graph, findings = run(text, Environment(parameters={"aws:region": "eu-west-1"}))
    assert findings == ()
    assert outputs(graph) == {
        "there": "arn:aws:logs:us-west-2:111122223333:log-group:r",
        "own": "arn:aws:logs:eu-west-1:000000000000:log-group:s",
        "region": "us-west-2",
    }


def test_settings_of_providers_without_effect_are_told(run: Run) -> None:
    text = AWS + "aws.Provider('p', region='eu-west-1', access_key='a', endpoints=[{'iam': 'http://127.0.0.1'}])\n"
    _, findings = run(text)
    assert [(each.code, each.place.line) for each in findings] == [("provider-settings", 3)]
    assert findings[0].text.endswith(": endpoints")


def test_resources_are_looked_up_by_their_id(run: Run) -> None:
    text = (
        AWS
        + """\
mine = aws.cloudwatch.LogGroup("mine", name="first")
pulumi.export("mine", mine.id.apply(lambda held: aws.cloudwatch.LogGroup.get("again", held).arn))
pulumi.export("other", aws.cloudwatch.LogGroup.get("other", "second").arn)
pulumi.export("looked", aws.cloudwatch.get_log_group(name="third").arn)
"""
    )
    graph, findings = run(text)
    arn = "arn:aws:logs:us-east-1:000000000000:log-group:"
    assert outputs(graph) == {"mine": f"{arn}first", "other": f"{arn}second", "looked": f"{arn}third"}
    assert [(each.severity, each.code, each.place.line) for each in findings] == [(Severity.NOTE, "read-resource", 5)]
    assert [each.name for each in graph.resources] == ["mine"]


def test_transforms_of_functions(run: Run) -> None:
    text = (
        AWS
        + """\
def north(args):
    return pulumi.InvokeTransformResult({**args.args, "region": "eu-north-1"}, args.opts)
pulumi.runtime.register_invoke_transform(north)
pulumi.export("region", aws.get_region_output().region)
"""
    )
    graph, findings = run(text)
    assert findings == ()
    assert outputs(graph) == {"region": "eu-north-1"}


def test_transforms_of_a_component_hold_within_it(run: Run) -> None:
    text = COMPONENT + (
        "def mark(args):\n    return pulumi.ResourceTransformResult({**args.props, 'path': '/t/'}, args.opts)\n"
        "Two('a', opts=pulumi.ResourceOptions(transforms=[mark]))\nTwo('b')\n"
    )
    graph, findings = run(text)
    assert findings == ()
    assert {each.name: dict(each.properties) for each in graph.resources} == {"a-user": {"path": "/t/"}, "b-user": {}}


def test_remote_and_missing_files(run: Run) -> None:
    text = AWS + (
        "aws.lambda_.Function('f', role='r', code=pulumi.RemoteArchive('https://example.com/a.zip'))\n"
        "aws.lambda_.Function('g', role='r', code=pulumi.FileArchive('./nosuch'))\n"
    )
    _, findings = run(text)
    assert sorted((each.place.line, each.severity, each.code) for each in findings) == [
        (3, Severity.WARNING, "remote-asset"),
        (4, Severity.ERROR, "missing-file"),
    ]


def test_what_a_program_says_is_shown_while_it_runs(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    run("import pulumi, sys\nprint('one')\nprint('two', file=sys.stderr)\npulumi.log.info('three')\n")
    shown = capfd.readouterr()
    assert shown.out == ""
    assert set(shown.err.splitlines()) == {"program | one", "program | two", "program | three"}


def test_a_traceback_is_the_programs_own(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    run("import pulumi\ndef divide():\n    return 1 / 0\ndivide()\n")
    lines = [line.removeprefix("program | ") for line in capfd.readouterr().err.splitlines()]
    assert lines[0] == "Traceback (most recent call last):"
    assert [line.rpartition("line ")[2] for line in lines if line.startswith("  File")] == [
        "4, in <module>",
        "3, in divide",
    ]
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_no_secrets_of_the_gateway_in_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "ARM_CLIENT_SECRET", "GATEWAY_TOKEN", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, "hidden")
    text = "import os, pulumi\npulumi.export('found', [k for k, v in os.environ.items() if v == 'hidden'])\n"
    text += "pulumi.export('asked', os.environ['MODEL'])\n"
    graph, findings = run(text, Environment(parameters={"env:MODEL": "m1"}))
    assert findings == ()
    assert outputs(graph) == {"found": [], "asked": "m1"}
    _, findings = run(text)
    assert [(each.code, each.place.line) for each in findings] == [("missing-variable", 3)]
    assert "env:MODEL" in findings[0].text


def test_a_random_value_that_cannot_be_is_told(run: Run) -> None:
    """The package for Python is not installed here; the resource is registered as that would."""
    text = "import pulumi\npulumi.CustomResource('random:index/randomString:RandomString', 'r', {'length': -1})\n"
    graph, findings = run(text)
    assert graph.resources == ()
    assert [each.code for each in findings] == ["bad-random"]


def test_a_resource_stands_for_its_id(run: Run) -> None:
    text = AWS + (
        "user = aws.iam.User('u', name='first')\n"
        "held = aws.iam.UserPolicyAttachment('a', user=user, policy_arn='p')\n"
        "pulumi.export('held', held.user)\n"
    )
    graph, findings = run(text)
    assert findings == ()
    assert {each.name: each.properties.get("user") for each in graph.resources} == {"u": None, "a": "first"}
    assert outputs(graph) == {"held": "first"}


def test_an_output_in_a_text_is_told_where_it_went_and_a_deprecated_one_where_it_is_read(run: Run) -> None:
    """https://www.pulumi.com/docs/iac/concepts/inputs-outputs/all/#outputs-and-strings"""
    text = """\
user = aws.iam.User("u")
aws.iam.User(
    "v",
    path=f"/{user.name}/",
)
print(f"made {user.arn}")
aws.get_region().name
"""
    _, findings = run(AWS + text)
    assert sorted((each.code, each.place.line, each.place.column) for each in findings) == [
        ("output-as-text", 6, 10),
        ("program-log", 8, 0),
        ("program-log", 9, 0),
    ]
    assert all("\n" not in each.text for each in findings)


def test_a_rest_api_of_another_package(run: Run) -> None:
    """https://www.pulumi.com/registry/packages/aws-apigateway/: as its Python SDK declares the component."""
    text = """\
class RestAPI(pulumi.ComponentResource):
    def __init__(self, name, routes):
        outputs = dict.fromkeys(("url", "api", "stage", "deployment"))
        super().__init__("aws-apigateway:index:RestAPI", name, {"routes": routes, **outputs}, remote=True)
fn = aws.lambda_.Function("fn", role="r", runtime="python3.12", handler="a.b", code=pulumi.AssetArchive({}))
made = RestAPI("api", [{"path": "/", "method": "GET", "eventHandler": fn}])
pulumi.export("name", made.api.name)
"""
    graph, findings = run(AWS + text)
    assert [each.code for each in findings] == []
    made = sorted(each.type.rpartition(":")[2] for each in graph.resources)
    assert made == ["Deployment", "Function", "RestApi", "Stage"]
    assert outputs(graph) == {"name": "api"}


def test_an_input_of_another_kind_has_its_line(run: Run) -> None:
    """sdk/python/lib/pulumi/runtime/rpc.py: the SDK's own check of what is given against what is declared."""
    text = """\
settings = aws.apigateway.DomainNameEndpointConfigurationArgs(types=["REGIONAL"])
aws.apigateway.DomainName(
    "films",
    domain_name="films.example.com",
    endpoint_configuration=settings,
)
"""
    _, findings = run(AWS + text)
    assert [(each.code, each.place.line, each.place.column) for each in findings] == [("wrong-kind", 7, 28)]
