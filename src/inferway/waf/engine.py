"""A web ACL compiled to a flat row of rules, and a request's way along it.

Source: AWS WAF Developer Guide, "How AWS WAF processes rules and rule groups in a web ACL", "Setting rule actions".
"""

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from inferway.definition.web_acl import Action, ApplyWebAcl, Rule, RuleGroup, Verdict, WebAcl
from inferway.definition.web_acl_statements import RateKey, RateKeyKind, RateMatch
from inferway.exchange import Request
from inferway.languages.regex import RegexCostError
from inferway.stores.protocols import Counters
from inferway.waf.fields import Slots
from inferway.waf.inspection import Hit, Inspection, Values
from inferway.waf.places import Places
from inferway.waf.rate_keys import MATCH_ANYWAY, compile_keys, text_of
from inferway.waf.statements import Tools, compile_statement

Matches = Callable[[Inspection], bool | Awaitable[bool]]

_MOST_LABELS: Final = 100
"""Labels that a request can get ("Labels on web requests")."""

DEFAULT: Final = "Default_Action"


class CompiledRule:
    """A rule, or with `rule` None the start of a group.

    `otherwise` is where a request that it misses goes on, `end` where the rules behind its group begin.
    """

    __slots__ = ("end", "group", "matches", "otherwise", "rule")

    def __init__(self, rule: Rule | None, group: RuleGroup | None, matches: Matches, otherwise: int, end: int) -> None:
        self.rule = rule
        self.group = group
        self.matches = matches
        self.otherwise = otherwise
        self.end = end


class Decision(NamedTuple):
    """What becomes of a request: the action, and the rule that took it, None for the default action.

    `undecided` says that a rule's pattern took too long, so that the request is refused.
    """

    action: Action
    rule: CompiledRule | None = None
    undecided: bool = False

    @property
    def name(self) -> str:
        """Give the name under which the vendor's log has the rule: that of the ACL's own rule, be it a group."""
        if self.rule is None or self.rule.rule is None:
            return DEFAULT
        return self.rule.group.name if self.rule.group is not None else self.rule.rule.name


Seen = list[tuple[CompiledRule, bool]]
"""Rules in the order in which they were tried, and whether each matched."""

_BLOCK: Final = Action(verdict=Verdict.BLOCK)


class CompiledAcl:
    """A web ACL ready to decide. Raises ValueError for what cannot be compiled."""

    __slots__ = ("_default", "_empty", "_makers", "_rules", "acl", "body_limit")

    def __init__(self, step: ApplyWebAcl, counters: Counters, scope: str = "") -> None:
        """Compile it; counts of requests are kept under `scope` and the names of the ACL and the rule."""
        self.acl: WebAcl = step.acl
        self.body_limit = step.acl.body_limit
        compiler = _Compiler(step, counters, scope)
        self._rules = compiler.rules()
        self._makers = compiler.slots.makers
        self._empty: list[Values | None] = [None] * len(self._makers)
        self._default = Decision(step.acl.default)

    @property
    def default(self) -> Decision:
        """Give the decision on a request that no rule ends."""
        return self._default

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """Give the rules, those of groups in their place, without the starts of groups."""
        return tuple(rule for rule in self._rules if rule.rule is not None)

    def inspection(self, request: Request, uri: str) -> Inspection:
        """Begin to inspect a request."""
        return Inspection(request, uri, self._makers, self._empty, self.body_limit)

    def decide(self, view: Inspection, seen: Seen | None = None) -> Decision | Awaitable[Decision]:
        """Give what becomes of a request; an awaitable where a count is another process's."""
        return self._along(view, 0, seen)

    def _along(self, view: Inspection, at: int, seen: Seen | None) -> Decision | Awaitable[Decision]:
        rules = self._rules
        end = len(rules)
        rule = None
        try:
            while at < end:
                rule = rules[at]
                matched = rule.matches(view)
                if matched is False and seen is None:
                    at = rule.otherwise
                    continue
                if not isinstance(matched, bool):
                    return self._when_counted(matched, rule, view, at, seen)
                decision, at = _hit(rule, view, at) if matched else (None, rule.otherwise)
                if seen is not None:
                    seen.append((rule, bool(matched)))
                if decision is not None:
                    return decision
        except RegexCostError:
            return Decision(_BLOCK, rule, undecided=True)
        return self._default

    async def _when_counted(
        self, counting: Awaitable[bool], rule: CompiledRule, view: Inspection, at: int, seen: Seen | None
    ) -> Decision:
        matched = await counting
        decision, at = _hit(rule, view, at) if matched else (None, rule.otherwise)
        if seen is not None:
            seen.append((rule, matched))
        if decision is not None:
            return decision
        made = self._along(view, at, seen)
        return made if isinstance(made, Decision) else await made


def _hit(compiled: CompiledRule, view: Inspection, at: int) -> tuple[Decision | None, int]:
    """Do what a rule that matched says; give a decision, or where to go on."""
    rule = compiled.rule
    if rule is None:
        return None, at + 1
    if rule.labels and len(view.labels) < _MOST_LABELS:
        view.labels += tuple(label for label in rule.labels if label not in view.labels)
    action, group = rule.action, compiled.group
    details, view.details = view.details or [], None
    if view.hits is None:
        view.hits = []
    view.hits.append(Hit(compiled, action.verdict, details))
    if action.headers:
        view.inserted = [*(view.inserted or ()), *action.headers]
    if action.verdict is Verdict.COUNT:
        return None, at + 1
    if group is not None and group.count:
        return None, compiled.end
    return Decision(action, compiled), at


class _Compiler:
    def __init__(self, step: ApplyWebAcl, counters: Counters, scope: str) -> None:
        self.slots = Slots()
        self._acl = step.acl
        self._counters = counters
        self._scope = scope
        self._places = Places(step.countries, step.networks)

    def rules(self) -> tuple[CompiledRule, ...]:
        made: list[CompiledRule] = []
        for entry in self._acl.rules:
            if isinstance(entry, Rule):
                made.append(self._rule(entry, None, len(made), len(made) + 1))
                continue
            end = len(made) + len(entry.rules) + (entry.within is not None)
            if entry.within is not None:
                within = compile_statement(entry.within, self._tools(self._acl.prefix))
                made.append(CompiledRule(None, entry, within, end, end))
            for rule in entry.rules:
                made.append(self._rule(rule, entry, len(made), end))
        return tuple(made)

    def _tools(self, prefix: str) -> Tools:
        return Tools(slots=self.slots, prefix=prefix, places=self._places)

    def _rule(self, rule: Rule, group: RuleGroup | None, at: int, end: int) -> CompiledRule:
        tools = self._tools(self._acl.prefix if group is None else group.prefix)
        statement = rule.statement
        try:
            if isinstance(statement, RateMatch):
                matches = self._rate(statement, rule, group, tools)
            else:
                matches = compile_statement(statement, tools)
        except ValueError as error:
            raise ValueError(f"{rule.place}: rule {rule.name}: {error}") from error
        return CompiledRule(rule, group, matches, at + 1, end)

    def _rate(self, statement: RateMatch, rule: Rule, group: RuleGroup | None, tools: Tools) -> Matches:
        name = "/".join((self._scope, self._acl.name, group.name if group else "", rule.name))
        count = self._counters.rate(f"waf:{name}", statement.window).count
        within = compile_statement(statement.within, tools) if statement.within is not None else None
        limit = statement.limit
        if statement.keys == (RateKey(kind=RateKeyKind.IP),) and within is None:

            def of_client(view: Inspection) -> bool | Awaitable[bool]:
                counted = count(view.request.client)
                return counted > limit if isinstance(counted, int) else _above(counted, limit)

            return of_client
        key_of = compile_keys(statement.keys, statement.forwarded, tools.prefix, self._places)

        def of_keys(view: Inspection) -> bool | Awaitable[bool]:
            if within is not None and not within(view):
                return False
            values = key_of(view)
            if values is None or values is MATCH_ANYWAY:
                return values is not None
            view.rates = [*(view.rates or ()), (rule, values)]
            counted = count(text_of(values) if values else "")
            return counted > limit if isinstance(counted, int) else _above(counted, limit)

        return of_keys


async def _above(counting: Awaitable[int], limit: int) -> bool:
    return await counting > limit
