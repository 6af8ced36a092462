"""The paths of an API's resources, which each name their parent."""

from collections.abc import Iterable

from inferway.dialects.apigateway.resource_view import ResourceView


def resource_paths(api: ResourceView, resources: Iterable[ResourceView]) -> dict[str, str]:
    """Give each resource's path by its identifier, the root's included; one without a way to the root is reported."""
    root = api.attributes.get(api.spelled("RootResourceId"))
    paths = {str(root): "/"} if root else {}
    todo = list(resources)
    while todo:
        left = []
        for resource in todo:
            parent = paths.get(resource["ParentId"].text())
            if parent is None:
                left.append(resource)
                continue
            paths[resource.id] = f"{parent.rstrip('/')}/{resource['PathPart'].text()}"
        if len(left) == len(todo):
            for resource in left:
                resource["ParentId"].error("unknown-parent", f"{resource.label} has no way up to the API's root")
            break
        todo = left
    return paths
