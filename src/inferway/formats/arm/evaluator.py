"""Evaluates expressions with the names of one deployment."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from inferway.formats.arm.expression import Access, Call, Expression, ExpressionError, Literal, parse
from inferway.formats.arm.frame import Budget, Frame, Lambda
from inferway.formats.arm.functions.arguments import wrong
from inferway.formats.arm.functions.dates import utc_now
from inferway.formats.arm.functions.table import FUNCTIONS, TAKING_APART, UNSERVED
from inferway.formats.arm.identifiers import (
    extension_resource_id,
    management_group_resource_id,
    resource_id,
    subscription_resource_id,
    tenant_resource_id,
)
from inferway.formats.arm.values import Unknown, Unresolved, Value, access, find_key, is_placeholder, kind, unknown
from inferway.formats.report import nearest

_IDENTIFIERS: Final[dict[str, Callable[..., Value]]] = {
    "resourceid": resource_id,
    "subscriptionresourceid": subscription_resource_id,
    "tenantresourceid": tenant_resource_id,
    "managementgroupresourceid": management_group_resource_id,
    "extensionresourceid": extension_resource_id,
}
_SURROUNDINGS: Final = (
    "deployment", "deployer", "environment", "managementgroup", "resourcegroup", "subscription", "tenant",
)  # fmt: skip
_NAMES: Final = (
    "and", "coalesce", "copyIndex", "deployment", "environment", "extensionResourceId", "if", "lambda",
    "lambdaVariables", "listKeys", "listSecrets", "managementGroup", "managementGroupResourceId", "newGuid", "or",
    "parameters", "reference", "references", "resourceGroup", "resourceId", "subscription", "subscriptionResourceId",
    "tenant", "tenantResourceId", "utcNow", "variables",
)  # fmt: skip


_SEARCH: Final = 8
"""Characters that an item of a list counts for which a function is given: it may look at each."""


class Modelled(dict[str, Value]):
    """What a resource was provisioned with: what is not in it may exist all the same, only nobody models it.

    `name` is the resource's, `secrets` are the keys that are not to be shown.
    """

    name = ""
    secrets: frozenset[str] = frozenset()


class Names(Protocol):
    """What the names in an expression stand for; each method raises Unresolved.

    `secret` is set where something is asked for that is not to be shown.
    """

    secret: bool

    def parameter(self, name: str) -> Value:
        """Give a parameter's value."""
        ...

    def variable(self, name: str) -> Value:
        """Give a variable's value."""
        ...

    def own(self, namespace: str, name: str, values: tuple[Value, ...]) -> Value:
        """Call one of the template's own functions."""
        ...

    def reference(self, which: Value, whole: bool) -> Value:
        """Give the outputs of a resource, or with `whole` the resource."""
        ...

    def references(self, which: Value, whole: bool) -> Value:
        """Give the outputs of each resource of a loop."""
        ...

    def listed(self, which: Value) -> Value:
        """Give the secrets of a resource."""
        ...

    def surroundings(self, name: str) -> Value:
        """Give what `deployment`, `environment`, `resourceGroup`, `subscription` and `tenant` give."""
        ...

    def is_default(self) -> bool:
        """Whether what is evaluated is the default of a parameter."""
        ...

    def fresh(self) -> Value:
        """Give `newGuid`."""
        ...


class Evaluator:
    """Evaluates with the names of one scope, within a budget; `notes` are what is to be said of what it gave."""

    def __init__(self, names: Names, budget: Budget) -> None:
        self.notes: list[str] = []
        self._names = names
        self._budget = budget

    def evaluate(self, text: str, frame: Frame) -> Value:
        """Evaluate `[…]`; raises Unresolved, past the bounds SyntaxFault."""
        try:
            expression = parse(text)
        except ExpressionError as error:
            raise Unresolved("bad-expression", f"{error}: {text[:200]}") from None
        try:
            return self._value(expression, frame)
        except RecursionError:
            raise Unresolved("too-deep", "what this refers to leads on without end, or too deep") from None

    def _value(self, expression: Expression, frame: Frame) -> Value:
        if isinstance(expression, Literal):
            return expression.value
        if isinstance(expression, Access):
            return self._access(expression, frame)
        return self._call(expression, frame)

    def _access(self, expression: Access, frame: Frame) -> Value:
        target, key = self._value(expression.target, frame), self._value(expression.key, frame)
        if target is None and expression.safe:
            return None
        if isinstance(target, Modelled) and not expression.safe and isinstance(key, str) and not find_key(target, key):
            placeholder = unknown(target.name, key)
            text = f"the property {key} of {target.name} is not modelled; {placeholder} stands for it"
            self.notes.append(text)
            return placeholder
        if isinstance(target, Modelled) and key in target.secrets:
            self._names.secret = True
        return access(target, key, expression.safe)

    def _call(self, call: Call, frame: Frame) -> Value:
        self._budget.call()
        name = call.name.lower()
        if call.namespace and call.namespace.lower() != "sys":
            values = tuple(self._value(argument, frame) for argument in call.arguments)
            return self._names.own(call.namespace, call.name, values)
        special = self._special.get(name)
        if special is not None:
            return special(self, call, frame)
        function = FUNCTIONS.get(name)
        if function is None:
            return self._other(call, frame)
        count = len(call.arguments)
        if not function.least <= count <= function.most:
            takes = f"{function.least}" if function.least == function.most else f"{function.least} to {function.most}"
            raise Unresolved("bad-argument", f"{function.name} takes {takes} arguments, not {count}")
        values = tuple(self._value(argument, frame) for argument in call.arguments)
        if name in TAKING_APART and is_placeholder(values[0]):
            return Unknown(values[0]).of(function.name)
        self._budget.spend(_SEARCH * sum(len(value) for value in values if isinstance(value, list | Mapping)))
        try:
            return self._budget.made(function.run(*values))
        except Unresolved as unresolved:
            if unresolved.code != "bad-argument" or unresolved.text.startswith(f"{function.name}: "):
                raise
            raise Unresolved("bad-argument", f"{function.name}: {unresolved.text}") from None

    def _other(self, call: Call, frame: Frame) -> Value:
        name = call.name.lower()
        if name.startswith("list") and call.arguments:
            return self._names.listed(self._value(call.arguments[0], frame))
        if name in UNSERVED:
            raise Unresolved("unserved-function", f"the function {call.name} is not served")
        known = nearest(call.name, [*(each.name for each in FUNCTIONS.values()), *_NAMES])
        raise Unresolved("unknown-function", f"there is no function {call.name}{known}")

    def _values(self, call: Call, frame: Frame, least: int, most: int) -> tuple[Value, ...]:
        if not least <= len(call.arguments) <= most:
            raise Unresolved(
                "bad-argument", f"{call.name} takes {least} to {most} arguments, not {len(call.arguments)}"
            )
        return tuple(self._value(argument, frame) for argument in call.arguments)

    def _one_text(self, call: Call, frame: Frame) -> str:
        (value,) = self._values(call, frame, 1, 1)
        if not isinstance(value, str):
            raise Unresolved("bad-argument", f"{call.name} takes a name, not a value of the type {kind(value)}")
        return value

    def _parameters(self, call: Call, frame: Frame) -> Value:
        name = self._one_text(call, frame)
        if frame.arguments is None:
            return self._names.parameter(name)
        key = find_key(frame.arguments, name)
        if key is None:
            raise Unresolved(
                "undefined-name", f"the function has no parameter {name!r}{nearest(name, frame.arguments)}"
            )
        return frame.arguments[key]

    def _variables(self, call: Call, frame: Frame) -> Value:
        return self._names.variable(self._one_text(call, frame))

    def _locals(self, call: Call, frame: Frame) -> Value:
        name = self._one_text(call, frame)
        if name not in frame.locals:
            raise Unresolved("undefined-name", f"no lambda around has a variable {name!r}{nearest(name, frame.locals)}")
        return frame.locals[name]

    def _lambda(self, call: Call, frame: Frame) -> Value:
        *heads, body = call.arguments or (Literal(value=""),)
        names = tuple(str(head.value) for head in heads if isinstance(head, Literal))
        if len(names) != len(heads) or not names:
            raise Unresolved("bad-argument", "lambda takes names and an expression")

        def run(given: Mapping[str, Value]) -> Value:
            inner = {**frame.locals, **given}
            return self._value(body, Frame(copies=frame.copies, arguments=frame.arguments, locals=inner))

        return Lambda(names=names, run=run)

    def _if(self, call: Call, frame: Frame) -> Value:
        if len(call.arguments) != 3:
            raise Unresolved("bad-argument", f"if takes 3 arguments, not {len(call.arguments)}")
        condition = self._value(call.arguments[0], frame)
        if not isinstance(condition, bool):
            raise Unresolved("bad-argument", f"if: a bool expected, a value of the type {kind(condition)} found")
        return self._value(call.arguments[1 if condition else 2], frame)

    def _copy_index(self, call: Call, frame: Frame) -> Value:
        values = self._values(call, frame, 0, 2)
        names = [value for value in values if isinstance(value, str)]
        offsets = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
        if len(names) + len(offsets) != len(values) or len(names) > 1 or len(offsets) > 1:
            raise Unresolved("bad-argument", "copyIndex takes the name of a loop and an offset")
        wanted = [copy for copy in frame.copies if not names or copy[0].lower() == names[0].lower()]
        if not wanted:
            around = ", ".join(name for name, _ in frame.copies) or "none"
            raise Unresolved("undefined-name", f"copyIndex stands in no such loop; loops around it: {around}")
        return wanted[-1][1] + (offsets[0] if offsets else 0)

    def _reference(self, call: Call, frame: Frame) -> Value:
        which, *more = self._values(call, frame, 1, 3)
        return self._names.reference(which, len(more) == 2 and str(more[1]).lower() == "full")

    def _references(self, call: Call, frame: Frame) -> Value:
        which, *more = self._values(call, frame, 1, 2)
        return self._names.references(which, bool(more) and str(more[0]).lower() == "full")

    def _surroundings(self, call: Call, frame: Frame) -> Value:
        self._values(call, frame, 0, 1)
        return self._names.surroundings(call.name.lower())

    def _fresh(self, call: Call, frame: Frame) -> Value:
        self._values(call, frame, 0, 0)
        self._check_default(call)
        return self._names.fresh()

    def _now(self, call: Call, frame: Frame) -> Value:
        values = self._values(call, frame, 0, 1)
        self._check_default(call)
        return utc_now(*values)

    def _check_default(self, call: Call) -> None:
        """Raise Unresolved where a parameter's default is not what is evaluated ("newGuid", "utcNow", remarks)."""
        if not self._names.is_default():
            raise Unresolved("misplaced-function", f"{call.name} may stand in the default of a parameter only")

    def _truths(self, call: Call, frame: Frame) -> Value:
        """Give `and` and `or`, which go on only as far as they must (Azure/PSRule.Rules.Azure, issue 1026)."""
        if not call.arguments:
            raise Unresolved("bad-argument", f"{call.name} takes at least 1 argument")
        ends = call.name.lower() == "or"
        for argument in call.arguments:
            value = self._value(argument, frame)
            if not isinstance(value, bool):
                raise Unresolved("bad-argument", f"{call.name}: {wrong('a bool', value).text}")
            if value is ends:
                return ends
        return not ends

    def _coalesce(self, call: Call, frame: Frame) -> Value:
        """Give `coalesce`: the first that is not null; what stands behind it is not asked for."""
        if not call.arguments:
            raise Unresolved("bad-argument", f"{call.name} takes at least 1 argument")
        values = (self._value(argument, frame) for argument in call.arguments)
        return next((value for value in values if value is not None), None)

    def _identifier(self, call: Call, frame: Frame) -> Value:
        return _IDENTIFIERS[call.name.lower()](*self._values(call, frame, 1, 40))

    _special: Final[dict[str, Callable[["Evaluator", Call, Frame], Value]]] = {
        "parameters": _parameters,
        "variables": _variables,
        "lambda": _lambda,
        "lambdavariables": _locals,
        "if": _if,
        "copyindex": _copy_index,
        "reference": _reference,
        "references": _references,
        "newguid": _fresh,
        "utcnow": _now,
        "and": _truths,
        "or": _truths,
        "coalesce": _coalesce,
        **dict.fromkeys(_SURROUNDINGS, _surroundings),
        **dict.fromkeys(_IDENTIFIERS, _identifier),
    }
