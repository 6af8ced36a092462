"""What the names in one deployment's expressions stand for."""

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from inferway.formats.arm.evaluator import Evaluator
from inferway.formats.arm.frame import OUTSIDE, Budget, Frame
from inferway.formats.arm.identifiers import GROUP, SUBSCRIPTION, TENANT, group_id
from inferway.formats.arm.parameters import Declaration, Given, declarations, value_of
from inferway.formats.arm.resolver import UNRESOLVED, Resolver
from inferway.formats.arm.template import items, part, section, word
from inferway.formats.arm.values import Unresolved, Value, access, find_key
from inferway.formats.nodes import Entry, Node, Table, sequence, table
from inferway.formats.report import Report, nearest
from inferway.formats.resources import Environment

LOCATION: Final = "eastus"
"""Where everything here is, by a name that templates take for one."""

_DEEPEST: Final = 30
"""Variables and parameters that lead to each other, one in the other."""

_AZURE: Final[Mapping[str, Value]] = {
    "name": "AzureCloud",
    "gallery": "https://gallery.azure.com/",
    "graph": "https://graph.windows.net/",
    "graphAudience": "https://graph.windows.net/",
    "portal": "https://portal.azure.com",
    "resourceManager": "https://management.azure.com/",
    "suffixes": {
        "acrLoginServer": ".azurecr.io",
        "keyvaultDns": ".vault.azure.net",
        "sqlServerHostname": ".database.windows.net",
        "storage": "core.windows.net",
    },
    "authentication": {
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "loginEndpoint": "https://login.microsoftonline.com/",
        "tenant": "common",
    },
}


class Resources(Protocol):
    """What a scope asks of the resources of its deployment; each method raises Unresolved."""

    def reference(self, which: Value, whole: bool) -> Value:
        """Give the outputs of a resource, or the resource."""
        ...

    def references(self, which: Value, whole: bool) -> Value:
        """Give the outputs of each resource of a loop."""
        ...

    def listed(self, which: Value) -> Value:
        """Give the secrets of a resource."""
        ...


class _None:
    """The resources of a deployment that has none yet."""

    def reference(self, which: Value, whole: bool) -> Value:  # noqa: ARG002 - the protocol's form
        raise Unresolved("undefined-name", "nothing can be referred to before the resources are known")

    def references(self, which: Value, whole: bool) -> Value:
        return self.reference(which, whole)

    def listed(self, which: Value) -> Value:
        return self.reference(which, whole=False)


class Scope:
    """Parameters, variables and functions of one template; each is settled when something asks for it."""

    def __init__(
        self,
        root: Table,
        path: Path,
        environment: Environment,
        given: Mapping[str, Given],
        *,
        report: Report,
        budget: Budget,
        giver: str = "",
    ) -> None:
        self.file = str(path)
        self.path = path
        self.report = report
        self.budget = budget
        self.environment = environment
        self.secret = False
        self.resources: Resources = _None()
        self.resolver = Resolver(self.file, Evaluator(self, budget), report, budget)
        self._given = given
        self._giver = giver
        self._declared: dict[str, Declaration] = declarations(
            section(root, "parameters", self.file, report),
            section(root, "definitions", self.file, report),
            self.file,
            report,
        )
        self._variables = section(root, "variables", self.file, report)
        self._functions = _functions(root)
        self.version = word(part(root, "contentVersion"))
        self._loops: set[str] = set()
        self._settled: dict[tuple[str, str], Value] = {}
        self._secrets: set[tuple[str, str]] = set()
        self._active: dict[tuple[str, str], None] = {}
        self._copied()

    def settle_all(self) -> None:
        """Settle each parameter and each variable, also those that nothing refers to."""
        for name in self._declared:
            self._guarded(self.parameter, name, self._declared[name].entry)
        for name, entry in self._variables.items():
            self._guarded(self.variable, name, entry)

    def _guarded(self, settle: Callable[[str], Value], name: str, at: Entry) -> None:
        try:
            settle(name)
        except Unresolved as unresolved:
            if unresolved.code:
                self.report.error(at, unresolved.code, unresolved.text, self.file)

    def parameter(self, name: str) -> Value:
        """Give a parameter's value."""
        key = find_key(self._declared, name)
        if key is None:
            raise Unresolved("undefined-name", f"there is no parameter {name!r}{nearest(name, self._declared)}")
        declared = self._declared[key]

        def make() -> Value:
            def default(node: Node) -> Value:
                return self.resolver.value(node, OUTSIDE)

            return value_of(declared, self._given, self.file, self.report, default, self._giver)

        self.secret = self.secret or declared.secret
        return self._once(("parameter", key), make)

    def variable(self, name: str) -> Value:
        """Give a variable's value."""
        key = find_key(self._variables, name)
        if key is None:
            raise Unresolved("undefined-name", f"there is no variable {name!r}{nearest(name, self._variables)}")
        value = self._once(("variable", key), lambda: self.resolver.value(self._variables[key].value, OUTSIDE))
        return access(value, key) if key in self._loops else value

    def _once(self, key: tuple[str, str], make: Callable[[], Value]) -> Value:
        if key in self._settled:
            self.secret = self.secret or key in self._secrets
            return self._settled[key]
        if key in self._active:
            names = [name for _, name in self._active]
            way = " → ".join([*names[names.index(key[1]) :][:10], key[1]])
            raise Unresolved("circular-reference", f"{way} refer to each other")
        if len(self._active) >= _DEEPEST:
            raise Unresolved("too-deep", f"more than {_DEEPEST} parameters and variables that lead to each other")
        self._active[key] = None
        around, self.secret = self.secret, False
        try:
            value = make()
        except Unresolved:
            self._settled[key] = UNRESOLVED
            raise
        finally:
            del self._active[key]
            if self.secret:
                self._secrets.add(key)
            self.secret = self.secret or around
        self._settled[key] = value
        return value

    def own(self, namespace: str, name: str, values: tuple[Value, ...]) -> Value:
        """Call one of the template's own functions."""
        called = f"{namespace}.{name}"
        entry = self._functions.get(called.lower())
        if entry is None:
            raise Unresolved("unknown-function", f"there is no function {called}{nearest(called, self._functions)}")
        names = [word(part(item, "name")) for item in items(part(entry, "parameters"))]
        body = part(entry, "output", "value")
        if len(values) != len(names) or body is None:
            raise Unresolved("bad-argument", f"{called} takes {len(names)} arguments, not {len(values)}")
        key = ("function", called)
        if key in self._active:
            raise Unresolved("circular-reference", f"the function {called} calls itself")
        self._active[key] = None
        try:
            return self.resolver.value(body, Frame(arguments=dict(zip(names, values, strict=True))))
        finally:
            del self._active[key]

    def reference(self, which: Value, whole: bool) -> Value:
        """Give the outputs of a resource, or the resource."""
        return self.resources.reference(which, whole)

    def references(self, which: Value, whole: bool) -> Value:
        """Give the outputs of each resource of a loop."""
        return self.resources.references(which, whole)

    def listed(self, which: Value) -> Value:
        """Give the secrets of a resource."""
        self.secret = True
        return self.resources.listed(which)

    def surroundings(self, name: str) -> Value:
        """Give what stands around the deployment: all of it names things that only the cloud has."""
        return _SURROUNDINGS[name](self)

    def is_default(self) -> bool:
        """Whether what is evaluated is the default of a parameter."""
        return next(reversed(self._active), ("", ""))[0] == "parameter"

    def fresh(self) -> Value:
        """Give `newGuid`: one for each parameter that asks, the same in every run of this node, and no other's."""
        asking = next(reversed(self._active), ("", ""))[1]
        seed = self.environment.key("arm-new-guid", f"{self.path.name}:{asking}", 64)
        return str(uuid.uuid5(uuid.NAMESPACE_OID, seed))

    def _copied(self) -> None:
        """Take the loops of the variables' own `copy` for variables."""
        listed = self._variables.pop("copy", None)
        for loop in items(listed.value) if listed is not None else ():
            name = word(part(loop, "name"))
            if not name:
                self.report.error(loop, "bad-copy", "a loop has a name, a count and an input", self.file)
                continue
            copy = Entry(line=loop.line, column=loop.column, value=sequence((loop,), loop.line, loop.column))
            holder = table({"copy": copy}, loop.line, loop.column)
            self._variables[name] = Entry(line=loop.line, column=loop.column, value=holder)
            self._loops.add(name)


def _functions(root: Table) -> dict[str, Node]:
    """Give the template's own functions by `namespace.name` in lower case."""
    return {
        f"{word(part(group, 'namespace'))}.{name}".lower(): entry.value
        for group in items(part(root, "functions"))
        if isinstance(members := part(group, "members"), Table)
        for name, entry in members.entries.items()
    }


def _deployment(scope: Scope) -> Value:
    return {
        "name": scope.path.stem,
        "location": LOCATION,
        "properties": {
            "mode": "Incremental",
            "provisioningState": "Accepted",
            "template": {"contentVersion": scope.version},
            "templateLink": {"uri": scope.path.absolute().as_uri()},
            "parameters": {},
        },
    }


def _resource_group(scope: Scope) -> Value:  # noqa: ARG001 - the table's form
    return {
        "id": group_id(),
        "name": GROUP,
        "type": "Microsoft.Resources/resourceGroups",
        "location": LOCATION,
        "tags": {},
        "properties": {"provisioningState": "Succeeded"},
    }


def _subscription(scope: Scope) -> Value:  # noqa: ARG001 - as above
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "displayName": GROUP,
    }


_SURROUNDINGS: Final[dict[str, Callable[[Scope], Value]]] = {
    "deployment": _deployment,
    "deployer": lambda scope: {"objectId": TENANT, "tenantId": TENANT, "userPrincipalName": ""},  # noqa: ARG005
    "environment": lambda scope: _AZURE,  # noqa: ARG005 - the table's form, as above
    "managementgroup": lambda scope: {"name": GROUP, "id": f"/providers/Microsoft.Management/managementGroups/{GROUP}"},  # noqa: ARG005
    "resourcegroup": _resource_group,
    "subscription": _subscription,
    "tenant": lambda scope: {"tenantId": TENANT, "id": "/", "displayName": GROUP, "countryCode": "US"},  # noqa: ARG005
}
