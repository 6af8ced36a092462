"""What a resource is named and identified by where no dialect says so, as its provider would write it."""

import hashlib
from collections.abc import Mapping
from typing import Final

from inferway.formats.pulumi.sdk import Declaration

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
_SUFFIX: Final = 7  # hexadecimal digits: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
_AZURE_SUFFIX: Final = 8


def stand_in(declared: Declaration | None, token: str, name: str, properties: Mapping[str, object]) -> dict[str, str]:
    """Give `id` and, where the type declares that output, `name`.

    An Azure resource is named by the last part of its path, the other parts being required inputs that are no outputs;
    its id is the path (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
    """
    digits = hashlib.sha256(f"{token}\0{name}".encode()).hexdigest()
    if token.startswith("azure-native:"):
        made = _last_of_path(declared, properties) or f"{name}{digits[:_AZURE_SUFFIX]}"
        return {"id": _azure_id(token, made, properties), "name": made}
    given = properties.get("name")
    made = given if isinstance(given, str) else f"{name}-{digits[:_SUFFIX]}"
    named = declared is None or "name" in declared.outputs
    return {"id": made, "name": made} if named else {"id": made}


def placeholder(name: str, output: str) -> str:
    """Give the value of a declared output that nothing models; whoever meets it can tell where it comes from."""
    return f"local::{name}::{output}"


def _last_of_path(declared: Declaration | None, properties: Mapping[str, object]) -> str:
    if declared is None:
        return ""
    returned = {output.wire for output in declared.outputs.values()}
    path = [given for given in declared.inputs.values() if given.wire not in returned and not given.types]
    # The provider makes up a name where none is given, so the last part alone is optional.
    for given in sorted(path, key=lambda given: (given.required, given.wire == "resourceGroupName")):
        value = properties.get(given.wire)
        if given.wire.endswith(("Id", "Name")) and isinstance(value, str):
            return value
    return ""


def _azure_id(token: str, made: str, properties: Mapping[str, object]) -> str:
    module, _, last = token.removeprefix("azure-native:").partition(":")
    group = properties.get("resourceGroupName", made)
    root = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}"
    if last == "ResourceGroup":
        return root
    return f"{root}/providers/Microsoft.{module.partition('/')[0]}/{last}/{made}"
