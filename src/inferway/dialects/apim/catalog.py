"""What one service holds, by identifier: backends, named values, schemas, products, and the policies of each scope."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from inferway.definition.usage import ApiKey, UsagePlan
from inferway.dialects.apim import kinds
from inferway.dialects.apim.backends import read_backend
from inferway.dialects.apim.kind import Kind
from inferway.dialects.apim.named_values import mentioned, put_in, unknown
from inferway.dialects.apim.policies.site import Fragment
from inferway.dialects.apim.provisioning import MASTER
from inferway.dialects.apim.resources import View
from inferway.dialects.apim.sections import Document, Source, parse, parse_fragment
from inferway.dialects.apim.sources import Nearby, policy_source
from inferway.faults import Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.report import nearest

_ACTIVE: Final = "active"
_EMPTY: Final = "the named value {} has no value, as secrets are exported; {}; give it a value"
_IN_VAULT: Final = "the named value {} is in Key Vault, which is not served; {}; give it a value"
_OF_POLICY: Final = "what needs it is refused"
_OF_BACKEND: Final = "the backend is called without what needs it"
_REVISION: Final = ";rev="
_FIRST: Final = ";rev=1"
_POLICIES: Final[dict[str, tuple[Kind, str]]] = {
    "everywhere": (kinds.POLICY, "global"),
    "product": (kinds.PRODUCT_POLICY, "product"),
    "api": (kinds.API_POLICY, "api"),
    "operation": (kinds.OPERATION_POLICY, "operation"),
}


class Catalog:
    """What one service holds."""

    def __init__(self, service: str, views: list[View], report: Report) -> None:
        self.service = service
        self.report = report
        self._by_type: dict[str, list[View]] = {}
        for view in views:
            self._by_type.setdefault(view.kind.arm, []).append(view)
        self._in_vaults: set[str] = set()
        self._nearby = Nearby()
        self._values: dict[str, str] = {}
        self._empty: dict[str, None] = {}
        for view in self.of(kinds.NAMED_VALUE):
            for name, value in self._named_value(view):
                self._values[name] = value or self._values.get(name, "")
                self._empty[name] = None
        self._empty = dict.fromkeys(name for name in self._empty if not self._values[name])
        self._in_vaults -= self._values.keys()
        # An empty text in their place could open what compares with it.
        self._values |= {name: unknown(name) for name in (*self._in_vaults, *self._empty)}
        self.backends = {
            view.name: made for view in self.of(kinds.BACKEND) if (made := read_backend(view, self._filled)) is not None
        }
        self.unserved_backends = frozenset(view.name for view in self.of(kinds.BACKEND)) - self.backends.keys()
        self.schemas = {
            view.name: schema for view in self.of(kinds.GLOBAL_SCHEMA) if (schema := _schema(view)) is not None
        }
        self.fragments = {
            view.name: one for view in self.of(kinds.FRAGMENT) if (one := self._fragment(view)) is not None
        }
        self._documents = {
            names: document
            for kind, scope in _POLICIES.values()
            for view in self.of(kind)
            for names, document in self._document(view, scope)
        }

    def of(self, kind: Kind) -> list[View]:
        """Give the resources of a kind."""
        return self._by_type.get(kind.arm, [])

    def document(self, scope: str, *names: str) -> Document | None:
        """Give the policy document of a scope: `everywhere`, `product` P, `api` A, `operation` A O."""
        return self._documents.get((_POLICIES[scope][1], *names))

    def api_schemas(self, api: str) -> dict[str, Mapping[str, Any]]:
        """Give an API's own schemas, each a document with `components` or `definitions`."""
        found: dict[str, Mapping[str, Any]] = {}
        for view in self.of(kinds.API_SCHEMA):
            if view.names[1] == api:
                document = {key: view[key].value for key in ("components", "definitions") if view[key].present}
                text = view["value"].value
                if isinstance(text, str):
                    document |= _json(view["value"], text)
                found[view.name] = document
        return found

    def products_of(self, api: str) -> list[View]:
        """Give the products that an API is in."""
        linked = {product for _, product, name in self._links() if name == api}
        return [view for view in self.of(kinds.PRODUCT) if view.name in linked]

    def current_revisions(self) -> frozenset[str]:
        """Give the names of the APIs that calls without a revision reach ("Revisions", "API releases").

        That is what a release names, else the API without `;rev=` in its name, else the revision that says so, else a
        first revision that stands alone.
        """
        views: dict[str, list[View]] = {}
        for view in self.of(kinds.API):
            views.setdefault(view.name.partition(_REVISION)[0], []).append(view)
        return frozenset(name for api, own in views.items() if (name := self._current(api, own)))

    def _current(self, api: str, views: list[View]) -> str:
        names = {view.name for view in views}
        for release in reversed(self.of(kinds.RELEASE)):
            named = release["apiId"].text().rpartition("/")[2] or release.names[1]
            if named.partition(_REVISION)[0] == api and named in names and _REVISION in named:
                return named
        said = [view.name for view in views if view["isCurrent"].value is True]
        if api in names and (api in said or next(v for v in views if v.name == api)["isCurrent"].value is not False):
            return api
        return said[0] if said else api + _FIRST if names == {api + _FIRST} else ""

    def _links(self) -> Iterator[tuple[View, str, str]]:
        """Give what puts an API into a product, with the names of both."""
        for view in self.of(kinds.PRODUCT_API):
            yield view, view.names[1], view.names[2].partition(_REVISION)[0]
        for view in self.of(kinds.PRODUCT_API_LINK):
            yield view, view.names[1], view["apiId"].text().rpartition("/")[2]

    def version_set(self, identifier: str) -> View | None:
        """Give the version set that an identifier names."""
        name = identifier.rpartition("/")[2]
        return next((view for view in self.of(kinds.VERSION_SET) if view.name == name), None)

    def plans(self, api: str) -> tuple[UsagePlan, ...]:
        """Give the products of an API as plans, each with the subscriptions to it."""
        return tuple(
            UsagePlan(
                id=product.name,
                name=product["displayName"].text() or product.name,
                keys=tuple(
                    view.name for view in self.of(kinds.SUBSCRIPTION) if _scope(view) == ("products", product.name)
                ),
                open=product["subscriptionRequired"].value is False,
            )
            for product in self.products_of(api)
        )

    def keys(self, api: str) -> tuple[ApiKey, ...]:
        """Give the keys that hold for an API: of its products, its own, of all APIs, and the service's built-in one."""
        products = {product.name for product in self.products_of(api)}
        found: list[ApiKey] = []
        for view in self.of(kinds.SUBSCRIPTION):
            kind, name = _scope(view)
            if (kind == "products" and name in products) or (kind == "apis" and name in ("", api)):
                found += _keys(view.name, view["displayName"].text(), view.resource.attributes, _is_active(view))
        for view in self.of(kinds.SERVICE):
            master = view.resource.attributes.get("masterSubscription")
            if isinstance(master, Mapping):
                given = {f"{which}Key": value for which, value in master.items()}
                found += _keys(MASTER, "Built-in all-access subscription", given, active=True)
        return tuple(found)

    def check(self) -> None:
        """Report subscriptions that nobody can use, and links that lead nowhere."""
        for view in self.of(kinds.SUBSCRIPTION):
            if not _is_active(view):
                state = view["state"].text() or "submitted"
                view["state"].warning(
                    "inactive-subscription",
                    f"the subscription {view.name} is {state}, so its keys are refused; set state",
                )
            if not _scope(view)[0]:
                view["scope"].error("bad-scope", "a subscription's scope ends in /products/NAME, /apis or /apis/NAME")
        known = {
            kinds.PRODUCT: {view.name for view in self.of(kinds.PRODUCT)},
            kinds.API: {view.name.partition(_REVISION)[0] for view in self.of(kinds.API)},
        }
        for view, product, api in self._links():
            for kind, name in ((kinds.PRODUCT, product), (kinds.API, api)):
                if name not in known[kind]:
                    view.whole.warning("dangling-link", _no_such(kind, name, known[kind]))
        for view in self.of(kinds.SUBSCRIPTION):
            of, name = _scope(view)
            kind = kinds.PRODUCT if of == "products" else kinds.API
            name = name.partition(_REVISION)[0]
            if name and name not in known[kind]:
                text = f"{_no_such(kind, name, known[kind])}, so the subscription {view.name} opens nothing"
                view["scope"].warning("dangling-link", text)

    def _named_value(self, view: View) -> list[tuple[str, str]]:
        """Give a named value under its name; none for one in a vault, which refuses where it is asked for."""
        name = view["displayName"].text() or view.name
        if view["keyVault"].present and view["keyVault"].value is not None:
            self._in_vaults.add(name)
            view["keyVault"].note("unserved-secret", f"the named value {name} is in Key Vault, which is not served")
            return []
        return [(name, view["value"].text())]

    def _filled(self, cursor: Cursor) -> str:
        """Give a text with its named values in it."""
        text, missing = put_in(cursor.text(), self._values)
        for name in dict.fromkeys(missing):
            cursor.error("unknown-named-value", self._no_value(name))
        self._report_named(cursor, _OF_BACKEND, lambda n: cursor.place if mentioned(cursor.text(), n) >= 0 else None)
        return text

    def _no_value(self, name: str) -> str:
        titles = [view["displayName"].text() for view in self.of(kinds.NAMED_VALUE) if view.name == name]
        return f"there is no named value {name}" + (f"; {name} is to be named {titles[0]}" if titles else "")

    def _report_named(self, cursor: Cursor, then: str, where: Callable[[str], Place | None]) -> None:
        """Warn where a text asks for a named value that has none here."""
        for code, form, names in (
            ("no-named-value", _EMPTY, self._empty),
            ("unserved-secret", _IN_VAULT, sorted(self._in_vaults)),
        ):
            for name in names:
                if (place := where(name)) is not None:
                    cursor.warning(code, form.format(name, then), place)

    def _document(self, view: View, scope: str) -> list[tuple[tuple[str, ...], Document]]:
        source = self._source(view)
        if source is None:
            return []
        names = view.names[1:-1]
        product = names[0] if scope == "product" else ""
        document = parse(source, scope, ":".join((scope, *names)), self.report, product)
        return [] if document is None else [((scope, *names), document)]

    def _fragment(self, view: View) -> Fragment | None:
        source = self._source(view)
        return None if source is None else parse_fragment(source, view.name, self.report)

    def _source(self, view: View) -> Source | None:
        """Give the text of a policy with its named values in it."""
        source = policy_source(view, self._nearby)
        if source is None:
            return None
        text, missing = put_in(source.text, self._values)
        for name in dict.fromkeys(missing):
            view["value"].error("unknown-named-value", self._no_value(name), _mention(source, name))
        self._report_named(view["value"], _OF_POLICY, lambda name: _mention(source, name))
        return msgspec.structs.replace(source, text=text)


def _mention(source: Source, name: str) -> Place | None:
    """Give the place where a text names a value."""
    at = mentioned(source.text, name)
    if at < 0:
        return None
    before = source.text[:at]
    return source.within(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _no_such(kind: Kind, name: str, known: set[str]) -> str:
    return f"there is no {kind.pulumi.lower()} {name or '(none named)'}{nearest(name, sorted(known))}"


def _scope(view: View) -> tuple[str, str]:
    """Give what a subscription is for: ("products", name), ("apis", name) or ("apis", ""); ("", "") for nothing.

    The built-in subscription's scope is the service itself.
    """
    parts = view["scope"].text().strip("/").split("/")
    if parts[-1] == "apis" or parts[-2:-1] == ["service"]:
        return "apis", ""
    return (parts[-2], parts[-1]) if len(parts) > 1 and parts[-2] in ("products", "apis") else ("", "")


def _is_active(view: View) -> bool:
    return view["state"].text() == _ACTIVE


def _keys(identifier: str, title: str, given: Mapping[str, object], active: bool) -> list[ApiKey]:
    """Give the two keys of a subscription."""
    return [
        ApiKey(
            id=identifier,
            name=title or identifier,
            digest=hashlib.sha256(value.encode("utf-8")).digest(),
            enabled=active,
        )
        for value in (given.get("primaryKey"), given.get("secondaryKey"))
        if isinstance(value, str) and value
    ]


def _schema(view: View) -> str | None:
    """Give a schema of the service as JSON text."""
    if view["schemaType"].text() == "xml":
        view["schemaType"].warning("unserved-schema", f"the schema {view.name} is of XML, which is not served yet")
        return None
    cursor = view["document"] if view["document"].present else view["value"]
    if isinstance(cursor.value, str):
        return cursor.value if _json(cursor, cursor.value) else None
    if isinstance(cursor.value, Mapping):
        return msgspec.json.encode(cursor.value).decode()
    cursor.error("bad-schema", f"the schema {view.name} has no JSON value")
    return None


def _json(cursor: Cursor, text: str) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        cursor.error("bad-schema", f"the schema is no JSON: {error}")
        return {}
    return document if isinstance(document, dict) else {}
