"""The paths of an API's resources, which each name their parent."""

from collections.abc import Iterable
from typing import Final

from inferway.dialects.apigateway.resource_view import ResourceView

_LONGEST: Final = 10_240
"""Characters in a path: a URL that is longer is refused ("Amazon API Gateway quotas")."""


def resource_paths(api: ResourceView, resources: Iterable[ResourceView]) -> dict[str, str]:
    """Give each resource's path by its identifier, the root's included; one without a way to the root is reported."""
    root = str(api.attributes.get(api.spelled("RootResourceId")) or "")
    below: dict[str, list[ResourceView]] = {}
    for resource in resources:
        below.setdefault(resource["ParentId"].text(), []).append(resource)
    paths = {root: "/"} if root else {}
    todo = list(paths)
    while todo:
        parent = todo.pop()
        for resource in below.pop(parent, ()):
            path = f"{paths[parent].rstrip('/')}/{resource['PathPart'].text()}"
            if len(path) > _LONGEST:
                resource["PathPart"].error("bad-path", f"a path has at most {_LONGEST} characters")
                continue
            paths[resource.id] = path
            todo.append(resource.id)
    for left in (resource for found in below.values() for resource in found if resource["ParentId"].present):
        left["ParentId"].error("unknown-parent", f"{left.label} has no way up to the API's root")
    return paths
