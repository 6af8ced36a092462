"""The transforms that a whole template asks for.

Sources: CloudFormation, "Transform reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/transform-reference.html).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from inferway.formats.cloudformation.expansion import TRANSFORM, Expander
from inferway.formats.cloudformation.includes import INCLUDE
from inferway.formats.cloudformation.scope import Scope
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry, Node, Sequence, Table, table

_EXTENSIONS: Final = "AWS::LanguageExtensions"
_SERVERLESS: Final = "AWS::Serverless-2016-10-31"
_WITHOUT_EFFECT: Final = {
    "AWS::CodeDeployBlueGreen": "it shifts traffic of containers while a stack is updated",
    "AWS::SecretsManager-2020-07-23": "it adds functions that rotate secrets",
    "AWS::SecretsManager-2024-09-16": "it adds functions that rotate secrets",
}
"""What each does that nobody sees here."""


def transformed(root: Table, scope: Scope, expander: Expander) -> Table:
    """Give a template with what its transforms include, and remember which language it is written in."""
    merged = root
    for name, item in _asked(root):
        if name == _EXTENSIONS:
            scope.extended = True
        elif name == INCLUDE:
            for sections in expander.included(item):
                merged = _merged(merged, sections, scope)
        elif name == _SERVERLESS:
            text = f"{name} makes this a SAM template; read it as one (--format sam)"
            scope.report.error(item, "serverless-transform", text)
        elif name in _WITHOUT_EFFECT:
            text = f"the transform {name} has no effect here: {_WITHOUT_EFFECT[name]}"
            scope.report.note(item, "transform-without-effect", text)
        else:
            text = f"the macro {name or 'without a name'} is not served; its part of the template is missing"
            scope.report.error(item, "unserved-transform", text)
    return merged


def _asked(root: Table) -> Iterator[tuple[str, Node]]:
    for key in ("Transform", TRANSFORM):
        entry = root.entries.get(key)
        if entry is None:
            continue
        for item in entry.value.items if isinstance(entry.value, Sequence) else (entry.value,):
            yield text_of(item) or text_of(part(item, "Name")) or "", item


def _merged(root: Table, sections: Mapping[str, Entry], scope: Scope) -> Table:
    """Put the sections of an included snippet beside, and their entries among, those that there are."""
    made = dict(root.entries)
    for name, entry in sections.items():
        own = made.get(name)
        if own is None:
            made[name] = entry
            continue
        if not isinstance(own.value, Table) or not isinstance(entry.value, Table):
            scope.report.error(entry, "duplicate-key", f"the template has a section {name} of its own")
            continue
        for key in own.value.entries.keys() & entry.value.entries.keys():
            scope.report.error(entry.value.entries[key], "duplicate-key", f"the template has {name}.{key} already")
        entries = {**entry.value.entries, **own.value.entries}
        value = table(entries, own.value.line, own.value.column, own.value.file)
        made[name] = Entry(line=own.line, column=own.column, value=value, file=own.file)
    return table(made, root.line, root.column, root.file)
