"""The engine where counts are another process's: it waits, and goes on where it was."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from inferway.definition.web_acl import Action, ApplyWebAcl, Rule, RuleGroup, Verdict, WebAcl
from inferway.definition.web_acl_statements import (
    ByteMatch,
    Field,
    FieldKind,
    Position,
    RateKey,
    RateKeyKind,
    RateMatch,
    Statement,
)
from inferway.exchange import Request
from inferway.faults import Place
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.stores.shared import SharedStore, StoreOwner
from inferway.waf.engine import CompiledAcl, Decision, Seen

HERE = Place(file="acl.json", line=3)
BLOCK, COUNT = Action(verdict=Verdict.BLOCK), Action(verdict=Verdict.COUNT)
BY_ADDRESS = (RateKey(kind=RateKeyKind.IP),)


def rule(name: str, statement: Statement, action: Action = BLOCK) -> Rule:
    return Rule(name=name, statement=statement, action=action, place=HERE)


def contains(text: str, *transformations: str) -> ByteMatch:
    field = Field(kind=FieldKind.QUERY_STRING, transformations=transformations)
    return ByteMatch(field=field, search=text, position=Position.CONTAINS)


def acl(*rules: Rule | RuleGroup) -> ApplyWebAcl:
    return ApplyWebAcl(acl=WebAcl(name="a", arn="a", rules=rules, default=Action(verdict=Verdict.ALLOW), place=HERE))


async def settle(deciding: Decision | Awaitable[Decision]) -> Decision:
    return deciding if isinstance(deciding, Decision) else await deciding


def test_workers_count_together(tmp_path: Path) -> None:
    step = acl(
        rule("seen", contains("a"), COUNT),
        rule("rate", RateMatch(limit=10, window=60, keys=BY_ADDRESS)),
        rule("query", contains("bad")),
    )

    async def main() -> tuple[list[str], int]:
        def ignore(topic: str, value: object) -> None:
            del topic, value

        owner = StoreOwner(MemoryCounters(), MemoryCache(), ignore)
        await owner.listen(tmp_path / "s")
        workers = [CompiledAcl(step, await SharedStore.connect(tmp_path / "s", ignore)) for _ in range(3)]
        names = []
        for index in range(13):
            query = "abad" if index == 4 else "a"
            worker = workers[index % 3]
            seen: Seen = []
            view = worker.inspection(Request(method="GET", path="/", query=query, client="192.0.2.1"), "/")
            decision = await settle(worker.decide(view, seen))
            names.append(decision.name)
        await owner.close()
        return names, len(seen)

    names, tried = asyncio.run(main())
    assert names == ["Default_Action"] * 4 + ["query"] + ["Default_Action"] * 5 + ["rate"] * 3
    assert tried == 2


def test_a_transformed_text_is_made_once_for_all_rules() -> None:
    compiled = CompiledAcl(
        acl(
            rule("one", contains("x", "URL_DECODE", "LOWERCASE")),
            rule("two", contains("y", "NONE", "URL_DECODE", "LOWERCASE")),
            rule("three", contains("z", "URL_DECODE")),
        ),
        MemoryCounters(),
    )
    view = compiled.inspection(Request(method="GET", path="/", query="%41"), "/")
    compiled.decide(view)
    assert view.slots == [["%41"], ["A"], ["a"]]


def test_what_cannot_be_compiled_is_told_with_its_place() -> None:
    nested = RateMatch(limit=10, keys=BY_ADDRESS, within=RateMatch(limit=10, keys=BY_ADDRESS))
    with pytest.raises(ValueError, match=r"acl.json:3: rule rate: a rate-based statement cannot stand within"):
        CompiledAcl(acl(rule("rate", nested)), MemoryCounters())


def test_a_group_s_scope_is_asked_once_and_skips_it_whole() -> None:
    inner = tuple(rule(name, contains("a"), COUNT) for name in ("one", "two"))
    group = RuleGroup(name="group", id="g", rules=inner, within=contains("scope"), place=HERE)
    compiled = CompiledAcl(acl(group, rule("last", contains("a"))), MemoryCounters())
    tried: list[list[str]] = []
    for query in ("a", "a-scope"):
        seen: Seen = []
        compiled.decide(compiled.inspection(Request(method="GET", path="/", query=query), "/"), seen)
        tried.append([each.rule.name for each, _ in seen if each.rule is not None])
    assert tried == [["last"], ["one", "two", "last"]]


@pytest.mark.parametrize("query", ["q=%00", "q=%6Eo%20address"])
def test_no_text_of_a_client_stands_for_an_address_that_is_none(query: str) -> None:
    """Such an address may match at once; a client's own value is counted as any other."""
    keys = (RateKey(kind=RateKeyKind.QUERY_ARGUMENT, name="q", transformations=("URL_DECODE",)),)
    compiled = CompiledAcl(acl(rule("rate", RateMatch(limit=10, keys=keys))), MemoryCounters())
    view = compiled.inspection(Request(method="GET", path="/", query=query), "/")
    decision = compiled.decide(view)
    assert isinstance(decision, Decision)
    assert decision.name == "Default_Action"
