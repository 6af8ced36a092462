"""Any policy text gives steps or findings, never an exception; what is read can be compiled and run."""

import asyncio
from contextlib import suppress
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from inferway.definition.api import ApiDefinition
from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.definition.targets import Target
from inferway.dialects.apim.dialect import ApiManagement
from inferway.dialects.apim.document import Element, MalformedError, read_document
from inferway.dialects.apim.named_values import put_in
from inferway.dialects.apim.policies.table import HOLDING, SERVED
from inferway.dialects.apim.reader import read
from inferway.exchange import Call, Exchange, Reply, Request
from inferway.faults import Findings, Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph
from inferway.gateway.pipeline import CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.stage import Parts
from inferway.stores.memory import MemoryCache, MemoryCounters

FEW = settings(max_examples=200, deadline=None)
PLACES = OnePlace(Place(file="test", line=1))
COMMON = {"serviceName": "svc", "apiId": "a"}

PIECES = (
    '<policies> </policies> <inbound> </inbound> <base/> @( ) @{ } " \' < > & &amp; {{x}} $" @" // /* <!-- --> '
    '<![CDATA[ ]]> <set-body> </set-body> <when condition=" /> context.Request <!DOCTYPE \u00e9 \ue000 \ud800 \x00'
)
fragments = st.sampled_from([*PIECES.split(" "), "\n", " "])
texts = st.one_of(st.text(), st.lists(fragments).map("".join))

values = st.one_of(
    st.sampled_from(["", "1", "0", "true", "x", "@(1)", '@("a")', "@(null)", "@(context.Request.Method)", "@(1/0)"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co"), exclude_characters="<&\"'"), max_size=9
    ),
)
NAMES = (
    "name value exists-action condition count interval calls renewal-period counter-key code template base-url "
    "backend-id from to action max-size timeout status-code failed-check-httpcode failed-check-error-message "
    "ignore-case source type validate-as unspecified-content-type-action size-exceeded-action schema-id delta "
    "response-variable-name"
)
attributes = st.dictionaries(st.sampled_from(NAMES.split()), values, max_size=5)
names = st.sampled_from([*SERVED, *HOLDING, "when", "otherwise", "value", "base", "content", "origin", "address", "no"])


def written(name: str, given: dict[str, str], inside: list[str]) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in given.items())
    return f"<{name}{attributes}>{''.join(inside)}</{name}>"


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(written, names, attributes, st.lists(st.one_of(children, values), max_size=3))


policies = st.lists(st.recursive(element(st.just("")), element, max_leaves=6), max_size=4).map("".join)


def api_of(policy: str) -> tuple[ApiDefinition, Findings]:
    resources = (
        Resource(type="azure-native:apimanagement:Api", name="a", places=PLACES, properties={**COMMON, "path": "p"}),
        Resource(
            type="azure-native:apimanagement:ApiOperation",
            name="o",
            places=PLACES,
            properties={**COMMON, "operationId": "o", "method": "POST", "urlTemplate": "/x"},
        ),
        Resource(
            type="azure-native:apimanagement:ApiPolicy",
            name="p",
            places=PLACES,
            properties={**COMMON, "policyId": "policy", "value": policy},
        ),
    )
    (api,), findings = read(ResourceGraph(resources=resources))
    return api, findings


class Echo:
    def invoke(self, call: Call) -> Reply:
        return Reply(status=200, headers=[(b"content-type", b"application/json")], body=call.body)


def connect(target: Target, timeout: float) -> Echo:
    return Echo()


@FEW
@given(texts)
def test_any_text_is_a_document_or_is_malformed(text: str) -> None:
    with suppress(MalformedError):
        assert isinstance(read_document(text), Element)


@FEW
@given(texts)
def test_named_values_are_put_into_any_text(text: str) -> None:
    made, missing = put_in(text, {"x": "y"})
    assert isinstance(made, str)
    assert "x" not in missing


@FEW
@given(texts)
def test_any_policy_gives_an_api(text: str) -> None:
    api, _ = api_of(text)
    assert api.routes


@FEW
@example(inbound="", backend="", outbound="", on_error='<mock-response status-code="1" />')
@given(policies, policies, policies, policies)
def test_whatever_is_read_can_be_compiled_and_run(inbound: str, backend: str, outbound: str, on_error: str) -> None:
    policy = (
        f"<policies><inbound><base />{inbound}</inbound><backend>{backend}<base /></backend>"
        f"<outbound><base />{outbound}</outbound><on-error><base />{on_error}</on-error></policies>"
    )
    api, _ = api_of(policy)
    deployment = Deployment(id="1", api=api, stage=StageSettings(name="p"))
    dialect = ApiManagement()
    scope = dialect.scope(deployment)

    def parts(route: Any) -> Parts:
        return Parts(
            deployment=deployment,
            route=route,
            scope=scope,
            counters=MemoryCounters(),
            cache=MemoryCache(),
            connect=connect,
            compile_steps=compile_steps,
            compile_pipeline=compile_pipeline,
        )

    for route in api.routes:
        compiled = CompiledRoute(parts(route), dialect.faults(deployment, scope), dialect.finish(deployment))
        request = Request(method="POST", path="/svc/p/x", headers=[(b"host", b"h")], body=b"{}", client="127.0.0.1")
        exchange = Exchange(request=request, parameters={}, route=compiled.label, id="0" * 36, started=0.0, below="/x")
        response = asyncio.run(compiled.serve(exchange))
        assert 200 <= response.status < 600
