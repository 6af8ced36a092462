"""A template's outputs, and what it exports to other stacks.

Source: CloudFormation, "Outputs" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
outputs-section-structure.html): the names of exports are unique.
"""

from collections.abc import Mapping

from inferway.formats.cloudformation import dynamic_references
from inferway.formats.cloudformation.arguments import Resolver
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Entry, plain
from inferway.formats.resources import Output


def read_outputs(listed: Mapping[str, Entry], resolver: Resolver) -> tuple[tuple[Output, ...], dict[str, object]]:
    """Give the outputs whose conditions hold, and the exported values by their names; numbers become texts there."""
    scope = resolver.scope
    outputs: list[Output] = []
    exports: dict[str, object] = {}
    for name, entry in listed.items():
        condition, value = text_of(part(entry.value, "Condition")), part(entry.value, "Value")
        if value is None:
            scope.report.error(entry, "bad-output", f"the output {name} needs a Value")
            continue
        if condition is not None and not _holds(condition, entry, resolver):
            continue
        scope.secret = False
        resolved = dynamic_references.settle(resolver.resolve(value), scope)
        text = None if resolved is None else text_of(resolved)
        made = text if text is not None or resolved is None else plain(resolved)
        outputs.append(Output(name=name, value=made, secret=scope.secret))
        export = part(part(entry.value, "Export") or entry.value, "Name")
        exported = text_of(resolver.resolve(export)) if export is not None else None
        if exported in exports:
            scope.report.error(entry, "duplicate-export", f"another output exports {exported!r} already")
        if exported is not None:
            exports[exported] = made
    return tuple(outputs), exports


def _holds(condition: str, entry: Entry, resolver: Resolver) -> bool:
    try:
        return resolver.scope.condition(condition, entry.value)
    except Unresolved as unresolved:
        resolver.scope.report.error(entry, unresolved.code, unresolved.text)
        return False
