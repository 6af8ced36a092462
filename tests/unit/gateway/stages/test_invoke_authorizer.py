"""InvokeAuthorizer: who is refused without asking, what is asked, and under what answers are kept."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.definition.targets import LambdaFunction
from inferway.dialects.apigateway.scope import ApiGatewayScope
from inferway.exchange import Call, Exchange, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.gateway.stage import Outcome, Parts, Stage, run

Bench = Any
HERE = Place(file="test")
POLICY = {"Version": "2012-10-17", "Statement": [{"Action": "*", "Effect": "Allow", "Resource": "*"}]}
TOKEN = "method.request.multivalueheader.t"


class Function:
    """Records what it is asked, and answers with a fault, a reply, or who the token says."""

    def __init__(self, answer: Reply | Fault | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self._answer = answer

    async def invoke(self, call: Call) -> Reply | Fault:
        self.asked.append(json.loads(call.body))
        await asyncio.sleep(0)
        if self._answer is not None:
            return self._answer
        who = self.asked[-1].get("authorizationToken", "")
        body = json.dumps({"principalId": who, "policyDocument": POLICY}).encode()
        return Reply(status=200, headers=[], body=body)


def step(**fields: Any) -> InvokeAuthorizer:
    given = fields.pop("identity", (TOKEN,))
    return InvokeAuthorizer(
        **{
            "target": LambdaFunction(name="f", place=HERE),
            "event": Expression(language="header_event", text=TOKEN, place=HERE),
            "result": Expression(language="authorizer_result", text="", place=HERE),
            "identity": tuple(Expression(language="mapping", text=text, place=HERE) for text in given),
            "resource": "arn:aws:execute-api:{region}:{account}:a/{stage}/{method}/{path}",
            **fields,
        }
    )


Compile = Callable[..., tuple[Stage, ...]]


@pytest.fixture
def compiled(bench: Bench) -> Compile:
    """Compile steps of one deployment, whose functions are all the one given."""

    def compile_all(function: Function, *steps: InvokeAuthorizer) -> tuple[Stage, ...]:
        parts: Parts = bench.parts()
        deployment: Deployment = parts.deployment
        own = msgspec.structs.replace(parts, scope=ApiGatewayScope(deployment), connect=lambda _, __: function)
        return tuple(stage for one in steps for stage in own.compile_steps((one,), own))

    return compile_all


def outcome(stage: Stage, exchange: Exchange) -> Outcome:
    return asyncio.run(run((stage,), exchange))


def kind(given: Outcome) -> FaultKind | None:
    return given.kind if isinstance(given, Fault) else None


def asking(bench: Bench, *tokens: bytes, query: str = "") -> Exchange:
    made: Exchange = bench.exchange(headers=[(b"t", token) for token in tokens], query=query)
    return made


def test_what_the_function_says_of_the_caller_is_left_behind(bench: Bench, compiled: Compile) -> None:
    exchange = asking(bench, b"ada")
    assert outcome(compiled(Function(), step())[0], exchange) is None
    assert exchange.authorizer is not None
    assert exchange.authorizer.principal == "ada"
    assert exchange.reply.status == 0


def test_every_value_of_a_header_tells_callers_apart(bench: Bench, compiled: Compile) -> None:
    """The function sees the last one: a caller must not leave their own rights under another caller's token."""
    function = Function()
    stage = compiled(function, step())[0]

    async def scenario() -> list[str]:
        made = [asking(bench, b"victim", b"attacker"), asking(bench, b"victim"), asking(bench, b"attacker")]
        for exchange in made:
            await run((stage,), exchange)
        return [exchange.authorizer.principal for exchange in made if exchange.authorizer is not None]

    assert asyncio.run(scenario()) == ["attacker", "victim", "attacker"]
    assert len(function.asked) == 3


@pytest.mark.parametrize("tokens", [(), (b"",), (b"a", b""), (b"", b"a")])
def test_an_empty_value_is_none(bench: Bench, compiled: Compile, tokens: tuple[bytes, ...]) -> None:
    function = Function()
    assert kind(outcome(compiled(function, step())[0], asking(bench, *tokens))) is FaultKind.UNAUTHORIZED
    assert function.asked == []


def test_the_pattern_is_held_against_the_token_that_the_function_sees(bench: Bench, compiled: Compile) -> None:
    function = Function()
    stage = compiled(function, step(pattern="good.*"))[0]
    assert kind(outcome(stage, asking(bench, b"good", b"bad"))) is FaultKind.UNAUTHORIZED
    assert outcome(stage, asking(bench, b"bad", b"good")) is None


@pytest.mark.parametrize(
    ("pattern", "token"),
    [
        (r"(a+)+b", b"a" * 8_000),
        (r"(a|aa)+b", b"a" * 8_000),
        (r"(.*a){20}b", b"a" * 8_000),
        (r"(?=(a+))\1*b", b"a" * 8_000),
    ],
)
def test_a_catastrophic_expression_comes_to_an_end(bench: Bench, compiled: Compile, pattern: str, token: bytes) -> None:
    function = Function()
    assert kind(outcome(compiled(function, step(pattern=pattern))[0], asking(bench, token))) is FaultKind.UNAUTHORIZED
    assert function.asked == []


def test_a_token_of_a_megabyte_is_only_a_text(bench: Bench, compiled: Compile) -> None:
    function = Function()
    stage = compiled(function, step(pattern="[a-z]+"))[0]
    assert outcome(stage, asking(bench, b"x" * 1_000_000)) is None
    assert len(function.asked[0]["authorizationToken"]) == 1_000_000


def test_the_same_step_on_two_routes_asks_once(bench: Bench, compiled: Compile) -> None:
    function = Function()
    first, second, other = compiled(function, step(), step(), step(ttl=60))

    async def scenario() -> None:
        for stage in (first, second, other, first):
            await run((stage,), asking(bench, b"a"))

    asyncio.run(scenario())
    assert len(function.asked) == 2


def test_two_deployments_share_nothing(bench: Bench, compiled: Compile) -> None:
    function = Function()
    for _ in range(2):
        assert outcome(compiled(function, step())[0], asking(bench, b"a")) is None
    assert len(function.asked) == 2


def test_who_comes_at_once_is_asked_about_once(bench: Bench, compiled: Compile) -> None:
    function = Function()
    stage = compiled(function, step())[0]

    async def scenario() -> list[Outcome]:
        return await asyncio.gather(*(run((stage,), asking(bench, b"a")) for _ in range(30)))

    assert asyncio.run(scenario()) == [None] * 30
    assert len(function.asked) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (FaultKind.BACKEND_TIMEOUT, FaultKind.AUTHORIZER_FAILED),
        (FaultKind.BACKEND_UNBOUND, FaultKind.AUTHORIZER_MISCONFIGURED),
        (FaultKind.BACKEND_UNREACHABLE, FaultKind.AUTHORIZER_MISCONFIGURED),
        (FaultKind.BACKEND_BROKE_PROTOCOL, FaultKind.AUTHORIZER_MISCONFIGURED),
    ],
)
def test_a_function_that_does_not_answer(
    bench: Bench, compiled: Compile, given: FaultKind, expected: FaultKind
) -> None:
    function = Function(Fault(kind=given, cause="why"))
    made = outcome(compiled(function, step())[0], asking(bench, b"a"))
    assert isinstance(made, Fault)
    assert (made.kind, made.cause) == (expected, "why")


def test_an_arn_that_is_too_long(bench: Bench, compiled: Compile) -> None:
    assert kind(outcome(compiled(Function(), step(longest=20))[0], asking(bench, b"a"))) is FaultKind.URI_TOO_LONG
    assert outcome(compiled(Function(), step(longest=200))[0], asking(bench, b"a")) is None


@pytest.mark.parametrize(("given", "asked"), [("*", 2), ("a?", 2), ("${aws:useragent}", 2), ("a", 1)])
def test_an_answer_about_what_a_policy_would_take_for_a_pattern_is_not_kept(
    bench: Bench, compiled: Compile, given: str, asked: int
) -> None:
    """Functions allow the ARN they are told: kept, the answer to `/users/*` would be one to `/users/7`."""
    function = Function()
    stage = compiled(function, step())[0]

    async def scenario() -> list[Outcome]:
        first, second = asking(bench, b"eve"), asking(bench, b"eve")
        first.parameters, second.parameters = {"id": given}, {"id": "7"}
        # At once, since those who wait for an answer get the one that comes.
        return list(await asyncio.gather(run((stage,), first), run((stage,), second)))

    assert asyncio.run(scenario()) == [None, None]
    assert len(function.asked) == asked
