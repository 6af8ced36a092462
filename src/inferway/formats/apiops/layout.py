"""Where an artifact of each type stands in a folder of artifacts.

Source: APIOps Toolkit, "Supported resources" (https://azure.github.io/apiops/) and its sample artifacts; APIOps CLI,
"Artifact Directory Format" (https://github.com/Azure/apiops-cli/blob/main/docs/reference/artifact-format.md).
"""

from typing import Final

import msgspec

SERVICE: Final = "Microsoft.ApiManagement/service"
POLICY: Final = "policy.xml"
SPECIFICATIONS: Final = (
    ("specification.yaml", "openapi"),
    ("specification.yml", "openapi"),
    ("specification.json", "openapi+json"),
    ("specification.graphql", "graphql-link"),
    ("specification.wsdl", "wsdl"),
    ("specification.wadl", "wadl-xml"),
)
"""Names of an API's document, each with its format."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of artifacts, one folder for each: `type` is the last part of their type, `key` names them in overrides.

    `folders` are the names that it goes by, `files` those of the file that describes one; one `without` such a file
    counts all the same. `policy` says whether a policy stands beside it, `lists` name files that list what else belongs
    to it, each with the type that makes of an entry.
    """

    key: str
    folders: tuple[str, ...]
    files: tuple[str, ...]
    type: str
    without: bool = False
    policy: bool = False
    lists: tuple[tuple[str, str], ...] = ()
    children: tuple["Section", ...] = ()


def _section(key: str, name: str, *folders: str) -> Section:
    files = (f"{name}Information.json",)
    return Section(key=key, folders=(*folders, key), files=files, type=key)


_DIAGNOSTICS: Final = _section("diagnostics", "diagnostic")
_TAGS: Final = _section("tags", "tag")
_OPERATIONS: Final = Section(
    key="operations",
    folders=("operations",),
    files=("operationInformation.json",),
    type="operations",
    policy=True,
)
_APIS: Final = Section(
    key="apis",
    folders=("apis",),
    files=("apiInformation.json",),
    type="apis",
    policy=True,
    lists=(("tags.json", "tags"),),
    children=(
        _OPERATIONS,
        _DIAGNOSTICS,
        _TAGS,
        _section("schemas", "schema"),
        _section("releases", "release"),
        _section("tagDescriptions", "tagDescription"),
        Section(
            key="resolvers",
            folders=("resolvers",),
            files=("resolverInformation.json",),
            type="resolvers",
            policy=True,
        ),
    ),
)
_PRODUCTS: Final = Section(
    key="products",
    folders=("products",),
    files=("productInformation.json",),
    type="products",
    policy=True,
    lists=(("apis.json", "apis"), ("groups.json", "groups"), ("tags.json", "tags")),
    children=(
        Section(key="apis", folders=("apis",), files=("productApiInformation.json",), type="apis", without=True),
        Section(
            key="groups", folders=("groups",), files=("productGroupInformation.json",), type="groups", without=True
        ),
        _TAGS,
    ),
)
_VERSION_SETS: Final = Section(
    key="versionSets",
    folders=("version sets", "versionSets"),
    files=("versionSetInformation.json", "apiVersionSetInformation.json"),
    type="apiVersionSets",
)
FRAGMENTS: Final = Section(
    key="policyFragments",
    folders=("policy fragments", "policyFragments"),
    files=("policyFragmentInformation.json",),
    type="policyFragments",
    without=True,
)
_GATEWAYS: Final = Section(
    key="gateways",
    folders=("gateways",),
    files=("gatewayInformation.json",),
    type="gateways",
    lists=(("apis.json", "apis"),),
)
_INNER: Final = (
    _section("namedValues", "namedValue", "named values"),
    _TAGS,
    _VERSION_SETS,
    _section("backends", "backend"),
    _section("loggers", "logger"),
    _section("groups", "group"),
    _DIAGNOSTICS,
    FRAGMENTS,
    _PRODUCTS,
    _APIS,
    _section("subscriptions", "subscription"),
    _section("schemas", "schema"),
)
WORKSPACES: Final = _section("workspaces", "workspace")

SECTIONS: Final = (
    *_INNER,
    _GATEWAYS,
    _section("policyRestrictions", "policyRestriction"),
    _section("documentations", "documentation"),
    WORKSPACES,
)
"""What stands in a folder of artifacts. A workspace's own artifacts are not read: the service's are."""
