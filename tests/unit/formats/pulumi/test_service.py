"""The services called directly, without a program, a process or a socket."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from inferway.faults import Severity
from inferway.formats.pulumi.collected import Collected
from inferway.formats.pulumi.messages import Ask, Job, Limits
from inferway.formats.pulumi.protocol import empty, engine, grpc, resource
from inferway.formats.pulumi.sdk import Sdk
from inferway.formats.pulumi.service import Engine, Monitor
from inferway.formats.pulumi.services import Services, Talk
from inferway.formats.pulumi.wire import Unwrapped, wired
from inferway.formats.resources import Provisioned

FOLDER = "/program"


class AbortedError(Exception):
    """What gRPC's context raises."""


class Context:
    def abort(self, code: Any, text: str) -> None:
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        raise AbortedError(text)


def job(limits: Limits | None = None) -> Job:
    return Job(
        runtime="python",
        main=f"{FOLDER}/__main__.py",
        program="__main__.py",
        folder=FOLDER,
        root=FOLDER,
        options={},
        secret_keys=(),
        project="shop",
        stack="dev",
        python="",
        configuration={},
        stack_references={"org/infra/prod": {"endpoint": "e"}},
        region="eu-west-1",
        account="123456789012",
        limits=limits or Limits(),
    )


def nothing(ask: Ask) -> Provisioned | None:
    return None


def services(ask: Callable[[Ask], Provisioned | None] = nothing, limits: Limits | None = None) -> Services:
    run = job(limits)
    return Services(run, lambda: Sdk(tuple(sys.path)), Talk(ask=ask, say=print), Collected(run.limits))


def request(token: str, name: str, properties: Mapping[str, object] | None = None, **fields: Any) -> Any:
    made = resource.RegisterResourceRequest(type=token, name=name, custom=fields.pop("custom", True), **fields)
    made.object.CopyFrom(wired(properties or {}).struct_value)
    made.sourcePosition.uri = f"file://{FOLDER}/__main__.py"
    made.sourcePosition.line = 7
    return made


def test_a_resource_is_asked_for_made_and_kept() -> None:
    asked: list[Ask] = []

    def ask(question: Ask) -> Provisioned | None:
        asked.append(question)
        return Provisioned(id="user-1", attributes={"arn": "arn:aws:iam::1:user/u"})

    held = services(ask)
    answer = Monitor(held).RegisterResource(request("aws:iam/user:User", "u", {"path": "/"}), Context())
    assert answer.urn == "urn:pulumi:dev::shop::aws:iam/user:User::u"
    assert answer.id == "user-1"
    given = Unwrapped(Path(FOLDER)).bag(answer.object)
    assert given["arn"] == "arn:aws:iam::1:user/u"
    assert given["uniqueId"] == "local::u::uniqueId"
    assert [(each.type, each.properties, each.line) for each in asked] == [("aws:iam/user:User", {"path": "/"}, 7)]
    (made,) = held.collected.resources
    assert (made.name, made.id, made.file, made.line) == ("u", "user-1", f"{FOLDER}/__main__.py", 7)


def test_what_lies_within_a_component_has_its_type_in_its_urn() -> None:
    monitor = Monitor(services())
    parent = monitor.RegisterResource(request("my:index:Two", "two", custom=False), Context()).urn
    inner = monitor.RegisterResource(request("aws:iam/user:User", "u", parent=parent), Context()).urn
    assert inner == "urn:pulumi:dev::shop::my:index:Two$aws:iam/user:User::u"
    stack = monitor.RegisterResource(request("pulumi:pulumi:Stack", "shop-dev", custom=False), Context()).urn
    top = monitor.RegisterResource(request("aws:iam/user:User", "v", parent=stack), Context()).urn
    assert top == "urn:pulumi:dev::shop::aws:iam/user:User::v"


def test_the_innermost_line_of_the_program_is_the_place() -> None:
    held = services()
    made = request("aws:iam/user:User", "u")
    made.sourcePosition.uri = f"file://{FOLDER}/venv/site-packages/lib.py"
    for file, line in (("/usr/lib/python3/other.py", 1), (f"{FOLDER}/parts/my%20part.py", 5), (f"{FOLDER}/a.py", 9)):
        frame = made.stackTrace.frames.add()
        frame.pc.uri, frame.pc.line = f"file://{file}", line
    place = held.place(made)
    assert (place.file, place.line) == (f"{FOLDER}/parts/my part.py", 5)


def test_exports_are_the_stacks_outputs() -> None:
    held = services()
    outputs = {"a": 1, "b": [{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s"}]}
    told = resource.RegisterResourceOutputsRequest(urn="urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev")
    told.outputs.CopyFrom(wired(outputs).struct_value)
    Monitor(held).RegisterResourceOutputs(told, Context())
    assert [(each.name, each.value, each.secret) for each in held.collected.outputs] == [
        ("a", 1, False),
        ("b", ["s"], True),
    ]


def test_a_required_property_that_vanished_is_noted() -> None:
    held = services()
    Monitor(held).RegisterResource(request("aws:appsync/apiKey:ApiKey", "k", {"apiId": None}), Context())
    assert [(each.resource, each.property, each.place.line) for each in held.collected.vanished] == [("k", "apiId", 7)]


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (
            lambda m: m.RegisterResource(request("x:index:Y", "y", remote=True, custom=False), Context()),
            "remote-component",
        ),
        (lambda m: m.Call(resource.ResourceCallRequest(tok="a:b:C/d"), Context()), "unknown-call"),
        (lambda m: m.ExistsResource(resource.ExistsResourceRequest(id="i"), Context()), "unknown-resource"),
        (
            lambda m: m.ReadResource(
                resource.ReadResourceRequest(type="pulumi:pulumi:StackReference", name="other", id="other"), Context()
            ),
            "unknown-stack",
        ),
    ],
)
def test_what_is_not_done_is_refused_and_told(ask: Callable[[Monitor], Any], code: str) -> None:
    held = services()
    with pytest.raises(AbortedError) as refused:
        ask(Monitor(held))
    (finding,) = held.collected.findings
    assert (finding.severity, finding.code, finding.text) == (Severity.ERROR, code, str(refused.value))


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda m: m.RegisterResourceHook(resource.RegisterResourceHookRequest(name="h"), Context()), "resource-hook"),
        (lambda m: m.Invoke(resource.ResourceInvokeRequest(tok="aws:ec2/getAmi:getAmi"), Context()), "unknown-invoke"),
        (lambda m: m.RegisterResource(request("aws:iam/user:User", "u", importId="u-1"), Context()), "import"),
        (
            lambda m: m.RegisterResource(request("pulumi-python:dynamic:Resource", "d", {"a": 1}), Context()),
            "dynamic-provider",
        ),
        (
            lambda m: m.RegisterResource(request("pulumi:providers:aws", "p", {"endpoints": [{}]}), Context()),
            "provider-settings",
        ),
        (
            lambda m: m.ReadResource(resource.ReadResourceRequest(type="aws:ec2/vpc:Vpc", id="r"), Context()),
            "read-resource",
        ),
    ],
)
def test_what_is_left_out_is_a_warning(ask: Callable[[Monitor], Any], code: str) -> None:
    held = services()
    ask(Monitor(held))
    assert [(each.severity, each.code) for each in held.collected.findings] == [(Severity.WARNING, code)]


def test_the_outputs_of_another_stack() -> None:
    asked = resource.ReadResourceRequest(type="pulumi:pulumi:StackReference", name="infra", id="org/infra/prod")
    answer = Monitor(services()).ReadResource(asked, Context())
    assert Unwrapped(Path(FOLDER)).bag(answer.properties)["outputs"] == {"endpoint": "e"}


def test_functions_are_answered() -> None:
    asked = resource.ResourceInvokeRequest(tok="aws:index/getRegion:getRegion")
    answer = Monitor(services()).Invoke(asked, Context())
    assert getattr(answer, "return").fields["region"].string_value == "eu-west-1"


def test_features_are_told_both_ways() -> None:
    monitor = Monitor(services())
    told = set(monitor.GetDeploymentInfo(empty.Empty(), Context()).supportedFeatures)
    assert resource.RESOURCE_MONITOR_FEATURE_SECRETS in told
    assert resource.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES in told
    assert monitor.SupportsFeature(resource.SupportsFeatureRequest(id="secrets"), Context()).hasSupport
    assert not monitor.SupportsFeature(resource.SupportsFeatureRequest(id="telepathy"), Context()).hasSupport


def test_warnings_and_errors_of_the_log_are_kept() -> None:
    held = services()
    for severity in (engine.DEBUG, engine.INFO, engine.WARNING, engine.ERROR):
        Engine(held).Log(engine.LogRequest(severity=severity, message="said"), Context())
    assert [each.severity for each in held.collected.findings] == [Severity.WARNING, Severity.ERROR]


def test_resources_stand_in_the_order_of_their_lines() -> None:
    held = services()
    for name, line in (("late", 9), ("early", 2), ("twin-b", 5), ("twin-a", 5)):
        made = request("aws:iam/user:User", name)
        made.sourcePosition.line = line
        Monitor(held).RegisterResource(made, Context())
    assert [each.name for each in held.collected.resources] == ["early", "twin-a", "twin-b", "late"]


def stage_of(ask: Ask) -> Provisioned | None:
    if ask.type == "aws:apigateway/restApi:RestApi":
        return Provisioned(id="api-1", attributes={"executionArn": "arn:api-1"})
    if ask.type == "aws:apigateway/stage:Stage":
        named = f"http://gateway/{ask.properties['restApi']}/{ask.properties['stageName']}"
        return Provisioned(id="stage-1", attributes={"invokeUrl": named})
    return None


def test_a_rest_api_of_another_package_is_made_of_its_resources() -> None:
    """https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/: its outputs are resources."""
    held = services(stage_of)
    routes = [{"path": "/", "method": "GET", "eventHandler": "films"}]
    asked = request("aws-apigateway:index:RestAPI", "api", {"routes": routes}, custom=False, remote=True)
    answer = Monitor(held).RegisterResource(asked, Context())
    assert [(made.type, made.name, made.line) for made in held.collected.resources] == [
        ("aws:apigateway/deployment:Deployment", "api", 7),
        ("aws:apigateway/restApi:RestApi", "api", 7),
        ("aws:apigateway/stage:Stage", "api", 7),
    ]
    body = str(held.collected.resources[1].properties["body"])
    assert "arn:aws:lambda:eu-west-1:123456789012:function:films/invocations" in body
    made = Unwrapped(Path("/")).bag(answer.object)
    assert (made["url"], made["api"]) == ("http://gateway/api-1/stage/", "api-1")
    wanted = resource.ResourceInvokeRequest(tok="pulumi:pulumi:getResource")
    wanted.args["urn"] = answer.object["api"]["urn"]
    given = getattr(Monitor(held).Invoke(wanted, Context()), "return")
    assert given["state"]["executionArn"] == "arn:api-1"


def test_a_component_that_its_provider_refuses_is_an_error() -> None:
    held = services()
    with pytest.raises(AbortedError, match="api needs swaggerString or routes"):
        Monitor(held).RegisterResource(
            request("aws-apigateway:index:RestAPI", "api", custom=False, remote=True), Context()
        )
    assert [each.code for each in held.collected.findings] == ["bad-component"]
