"""RequirePermission: refuses a caller whose policies do not allow an action on a resource."""

from inferway.definition.steps import RequirePermission
from inferway.gateway.permission import compile_permission
from inferway.gateway.stage import Parts, Stage


def compile_stage(step: RequirePermission, parts: Parts) -> tuple[Stage, ...]:
    """Read the policies once."""
    return (compile_permission(step.action, step.resource, step.policy, parts),)
