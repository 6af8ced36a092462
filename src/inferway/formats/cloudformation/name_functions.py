"""The functions that give what a name stands for: in this template, in its mappings, or in other stacks.

Source: CloudFormation, "Intrinsic function reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/intrinsic-function-reference.html), each function's own page.
"""

from collections.abc import Mapping

from inferway.formats.cloudformation.arguments import Resolver, given, operands, text_in
from inferway.formats.cloudformation.pseudo import NO_VALUE
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Node, Sequence, Table, plain
from inferway.formats.report import nearest

_HOW_TO_GIVE = "give its outputs under [stack_references] in the bindings"


def ref(resolver: Resolver, argument: Node) -> Node | None:
    """Give a parameter's value, or a resource's identifier."""
    name = text_of(argument)
    if name is None:
        raise Unresolved("bad-intrinsic", "Ref names a parameter or a resource", argument)
    return None if name == NO_VALUE else given(resolver, resolver.scope.reference(name, argument), argument)


def get_att(resolver: Resolver, argument: Node) -> Node:
    """Give an attribute of a resource: `[Name, Attribute]`, or both in one text with a dot between them."""
    if isinstance(argument, Sequence) and len(argument.items) > 1:
        name = text_of(argument.items[0])
        attribute = ".".join(text_in(resolver, item, "Fn::GetAtt") for item in argument.items[1:])
    else:
        name, _, attribute = (text_of(argument) or "").partition(".")
    if not name or not attribute:
        raise Unresolved("bad-intrinsic", "Fn::GetAtt names a resource and one of its attributes", argument)
    return given(resolver, resolver.scope.attribute(name, attribute, argument), argument)


def choice(resolver: Resolver, argument: Node) -> Node | None:
    """Give the value that a condition chooses; the other one is not resolved."""
    name, yes, no = operands(argument, "Fn::If", "a condition's name and two values", 3)
    return resolver.resolve(yes if resolver.scope.condition(text_of(name) or "", name) else no)


def find_in_map(resolver: Resolver, argument: Node) -> Node | None:
    """Give what a mapping holds under two keys, else the default where there is one."""
    items = operands(argument, "Fn::FindInMap", "a mapping's name and two keys", 3, 4)
    if len(items) == 4:
        resolver.scope.need_extensions("the DefaultValue of Fn::FindInMap", argument)
    keys = [text_in(resolver, item, "Fn::FindInMap") for item in items[:3]]
    try:
        found = _found(resolver, keys, argument)
    except Unresolved:
        default = part(items[3], "DefaultValue") if len(items) == 4 else None
        if default is None:
            raise
        return resolver.resolve(default)
    return given(resolver, plain(found), argument)


def _found(resolver: Resolver, keys: list[str], at: Node) -> Node:
    mappings = resolver.scope.mappings
    if keys[0] not in mappings:
        raise Unresolved("undefined-name", f"no mapping has the name {keys[0]!r}{nearest(keys[0], mappings)}", at)
    found: Node = mappings[keys[0]]
    for key in keys[1:]:
        inner = part(found, key)
        if inner is None:
            known = found.entries if isinstance(found, Table) else ()
            raise Unresolved("undefined-name", f"the mapping {keys[0]} has no key {key!r}{nearest(key, known)}", at)
        found = inner
    return found


def import_value(resolver: Resolver, argument: Node) -> Node:
    """Give what another stack exports."""
    name, exports = text_in(resolver, argument, "Fn::ImportValue"), resolver.scope.exports
    if name not in exports:
        text = f"no stack exports {name!r}{nearest(name, exports)}; {_HOW_TO_GIVE}"
        raise Unresolved("undefined-export", text, argument)
    return given(resolver, exports[name], argument)


def get_stack_output(resolver: Resolver, argument: Node) -> Node:
    """Give an output of another stack, exported or not; its Region and the role that reads it do not matter here."""
    parts = [part(argument, name) for name in ("StackName", "OutputName")]
    if parts[0] is None or parts[1] is None:
        raise Unresolved("bad-intrinsic", "Fn::GetStackOutput takes a StackName and an OutputName", argument)
    stack, output = (text_in(resolver, each, "Fn::GetStackOutput") for each in (parts[0], parts[1]))
    stacks = resolver.scope.stacks
    outputs: Mapping[str, object] = stacks.get(stack, {})
    if stack not in stacks:
        text = f"no stack has the name {stack!r}{nearest(stack, stacks)}; {_HOW_TO_GIVE}"
        raise Unresolved("undefined-stack", text, argument)
    if output not in outputs:
        raise Unresolved(
            "undefined-name", f"the stack {stack} has no output {output!r}{nearest(output, outputs)}", argument
        )
    return given(resolver, outputs[output], argument)


def get_azs(resolver: Resolver, argument: Node) -> Node:
    """Give the names of a Region's Availability Zones: three, as most have."""
    region = text_in(resolver, argument, "Fn::GetAZs") or resolver.scope.region
    return given(resolver, [f"{region}{zone}" for zone in "abc"], argument)
