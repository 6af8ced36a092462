"""Resources of the classic provider, which are Terraform's, as the newer provider would have them.

Source: Pulumi, azure (classic), apimanagement (https://www.pulumi.com/registry/packages/azure/api-docs/apimanagement/);
Terraform, azurerm_api_management* (https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs).
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Final

import msgspec

from inferway.dialects.apim import kinds
from inferway.dialects.apim.kind import Kind
from inferway.dialects.apim.other_kinds import BESIDE, RESOURCE_GROUP
from inferway.faults import Place
from inferway.formats.cursor import TextPlaces
from inferway.formats.resources import Places, Resource

PREFIX: Final = "azure:"
Properties = dict[str, object]

_EVERYWHERE: Final = {"apiManagementName": "serviceName", "apiName": "apiId"}
_RENAMED: Final[dict[Kind, dict[str, str]]] = {
    kinds.SERVICE: {"name": "serviceName"},
    RESOURCE_GROUP: {"name": "resourceGroupName"},
    kinds.BACKEND: {"name": "backendId"},
    kinds.API: {
        "name": "apiId",
        "version": "apiVersion",
        "revision": "apiRevision",
        "versionSetId": "apiVersionSetId",
    },
    kinds.VERSION_SET: {"name": "versionSetId"},
    kinds.NAMED_VALUE: {"name": "namedValueId", "valueFromKeyVault": "keyVault"},
    kinds.FRAGMENT: {"name": "id"},
    kinds.SUBSCRIPTION: {"subscriptionId": "sid"},
    kinds.GLOBAL_SCHEMA: {"type": "schemaType"},
    **{kind: {"name": "resourceName"} for kind in BESIDE},
}
"""Names of properties by those that the newer provider has for them, beside those of `_EVERYWHERE`."""

_POLICIES: Final = (kinds.POLICY, kinds.API_POLICY, kinds.OPERATION_POLICY, kinds.PRODUCT_POLICY)


class RenamedPlaces:
    """Places of properties under other names: `names` are the written ones by those that are asked for."""

    def __init__(self, places: Places, names: Mapping[str, str]) -> None:
        self._places = places
        self._names = names

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path."""
        return self._places.find(*self._written(path))

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a 1-based line and column within the text at a path."""
        written = self._written(path)
        if isinstance(self._places, TextPlaces):
            return self._places.inside(line, column, *written)
        return self._places.find(*written)

    def _written(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        return (self._names.get(path[0], path[0]), *path[1:]) if path and isinstance(path[0], str) else path


def native(resource: Resource, kind: Kind) -> Resource:
    """Give a resource as it is where it is none of the classic provider's, else as the newer one would have it."""
    if not resource.type.startswith(PREFIX):
        return resource
    renamed = {**_EVERYWHERE, **_RENAMED.get(kind, {}), **(_POLICY_NAMES if kind in _POLICIES else {})}
    made = {renamed.get(key, key): value for key, value in resource.properties.items()}
    if isinstance(manager := made.pop("apiManagementId", None), str):
        made.setdefault("serviceName", manager.rstrip("/").rpartition("/")[2])
    more = _MORE.get(kind)
    names = {new: old for old, new in renamed.items()}
    if more is not None:
        names |= more(made)
    return msgspec.structs.replace(
        resource,
        type=f"azure-native:{kind.module}:{kind.pulumi}",
        properties=made,
        places=RenamedPlaces(resource.places, names),
    )


_POLICY_NAMES: Final = {"xmlContent": "value"}


def _policy(made: Properties) -> dict[str, str]:
    """Take a policy's text for raw, as the provider sends it; its link is one."""
    made["policyId"] = "policy"
    link = made.pop("xmlLink", None)
    if link and not made.get("value"):
        made |= {"value": link, "format": "rawxml-link"}
        return {"value": "xmlLink", "format": "xmlLink"}
    made["format"] = "rawxml"
    return {}


def _api(made: Properties) -> dict[str, str]:
    """Take the document out of an API's `import`."""
    given = made.pop("import", None)
    if isinstance(given, Mapping):
        made |= {"format": given.get("contentFormat"), "value": given.get("contentValue")}
    if made.get("soapPassThrough") is True:
        made["apiType"] = "soap"
    return {"format": "import", "value": "import"}


def _operation(made: Properties) -> dict[str, str]:
    """Give examples by their names."""
    for part in ("request", "responses"):
        if part in made:
            made[part] = deepcopy(made[part])
    holders = [made.get("request"), *_list(made.get("responses"))]
    for holder in holders:
        for shown in _list(holder.get("representations")) if isinstance(holder, dict) else ():
            if isinstance(shown, dict) and isinstance(shown.get("examples"), list):
                listed = [example for example in shown["examples"] if isinstance(example, Mapping)]
                shown["examples"] = {str(example.get("name", "default")): example for example in listed}
    return {}


def _subscription(made: Properties) -> dict[str, str]:
    """Give the scope by the product or the API; without one it is all APIs."""
    made["scope"] = made.pop("productId", None) or made.pop("apiId", None) or "/apis"
    return {"scope": "productId"}


def _backend(made: Properties) -> dict[str, str]:
    """Give a header's values, which are one text with commas between, as a list."""
    credentials = made.get("credentials")
    if isinstance(credentials, Mapping):
        changed = dict(credentials)
        for name in ("header", "query"):
            if isinstance(pairs := changed.get(name), Mapping):
                changed[name] = {key: value if isinstance(value, list) else [value] for key, value in pairs.items()}
        if changed.get("certificates"):
            changed["certificate"] = changed.pop("certificates")
        made["credentials"] = changed
    return {}


def _schema(made: Properties) -> dict[str, str]:
    """Read the parts of a schema that are written as JSON texts."""
    for name in ("components", "definitions"):
        text = made.get(name)
        if isinstance(text, str):
            try:
                made[name] = msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                continue
    return {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


_MORE: Final[dict[Kind, Callable[[Properties], dict[str, str]]]] = {
    **dict.fromkeys(_POLICIES, _policy),
    kinds.API: _api,
    kinds.OPERATION: _operation,
    kinds.SUBSCRIPTION: _subscription,
    kinds.BACKEND: _backend,
    kinds.API_SCHEMA: _schema,
}
"""What changes more than names, and gives written names by those that are asked for."""
