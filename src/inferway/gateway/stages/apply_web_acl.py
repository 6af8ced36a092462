"""ApplyWebAcl: lets a web ACL allow or refuse a request.

Source: AWS WAF Developer Guide, "Customized web requests and responses in AWS WAF".
"""

import time
from collections.abc import Awaitable
from typing import Final

from inferway.caller import Firewalled
from inferway.definition.web_acl import ApplyWebAcl, Logging, Verdict
from inferway.exchange import Exchange, Response, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.waf_log_file import write_entry
from inferway.waf.counts import counter
from inferway.waf.engine import DEFAULT, CompiledAcl, CompiledRule, Decision
from inferway.waf.inspection import Inspection
from inferway.waf.log_entry import Source, is_kept, log_entry
from inferway.waf.responses import response_of, status_of

_PASSED: Final = (DEFAULT, "ALLOW")


def compile_stage(step: ApplyWebAcl, parts: Parts) -> tuple[Stage, ...]:
    """Compile the ACL. Raises ValueError, with its place, for a rule that cannot be compiled."""
    deployment = parts.deployment
    acl = CompiledAcl(step, parts.counters, f"{deployment.api.slug}/{deployment.stage.name}")
    arn = step.acl.arn
    counts = counter(arn)
    prefixes = tuple(f"/{name}/" for name in (deployment.api.slug, deployment.api.id) if name)
    logging = step.acl.logging or Logging()
    logs = bool(step.log)
    inserts = bool(step.acl.default.headers)
    passed = acl.default if step.acl.default.verdict is Verdict.ALLOW else None
    source = Source(
        dialect=deployment.api.dialect,
        account=deployment.account,
        api=deployment.api.id or deployment.api.slug,
        stage=deployment.stage.name,
    )

    def apply(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        started = time.perf_counter()
        path = exchange.request.path
        # The vendor's own path of a stage begins with the stage; what is before it is this gateway's way to the API.
        head = path[: len(path) - len(exchange.below)] + "/"
        if head.startswith(prefixes):
            path = path[head.index("/", 1) :]
        view = acl.inspection(exchange.request, path)
        decision = acl.decide(view)
        if decision is passed and view.hits is None and not logs and not inserts:
            counts[_PASSED] += 1
            exchange.firewall = Firewalled(web_acl=arn, action="ALLOW", took=(time.perf_counter() - started) * 1000)
            return None
        if isinstance(decision, Decision):
            return settle(exchange, view, decision, started)
        return when_counted(exchange, view, decision, started)

    async def when_counted(
        exchange: Exchange, view: Inspection, deciding: Awaitable[Decision], started: float
    ) -> Outcome:
        return settle(exchange, view, await deciding, started)

    def settle(exchange: Exchange, view: Inspection, decision: Decision, started: float) -> Outcome:
        action = decision.action
        for rule, verdict in _told(view, decision):
            counts[rule, verdict] += 1
        exchange.firewall = Firewalled(
            web_acl=arn,
            action=action.verdict.value,
            status=status_of(decision),
            took=(time.perf_counter() - started) * 1000,
            error=_error(decision),
        )
        if logs and is_kept(logging, decision, view):
            entry = log_entry(decision, view, logging, source, exchange.id)
            entry |= {"timestamp": time.time_ns() // 1_000_000, "webaclId": arn}
            write_entry(step.log, entry)
        if action.verdict is Verdict.ALLOW:
            if view.inserted or action.headers:
                _insert(exchange, [*(view.inserted or ()), *(action.headers if decision.rule is None else ())])
            return None
        return _refusal(decision)

    return (apply,)


def _told(view: Inspection, decision: Decision) -> list[tuple[str, str]]:
    """Give the rules that matched, those of a group after its name, and what each did."""
    told = [(_full_name(hit.rule), hit.action.value) for hit in view.hits or ()]
    if decision.rule is None or decision.undecided:
        told.append((_full_name(decision.rule), decision.action.verdict.value))
    return told


def _full_name(rule: object) -> str:
    if not isinstance(rule, CompiledRule) or rule.rule is None:
        return DEFAULT
    return f"{rule.group.name}/{rule.rule.name}" if rule.group is not None else rule.rule.name


def _error(decision: Decision) -> str:
    return f"a pattern of {decision.name} takes too long on this request" if decision.undecided else ""


def _insert(exchange: Exchange, headers: list[tuple[str, str]]) -> None:
    """Put headers on the request; one of the same name that a client sent goes."""
    request = exchange.request
    added = [(header_name(name).lower(), header_value(value)) for name, value in headers]
    names = {name for name, _ in added}
    if request.names:
        kept = [own for (name, _), own in zip(request.headers, request.names, strict=False) if name not in names]
        request.names = [*kept, *(name for name, _ in added)]
    request.headers = [*(pair for pair in request.headers if pair[0] not in names), *added]


def _refusal(decision: Decision) -> Fault | Response:
    response = response_of(decision)
    if response is not None:
        return response
    return Fault(kind=FaultKind.WAF_FILTERED, cause=_error(decision) or f"web ACL rule {decision.name}")
