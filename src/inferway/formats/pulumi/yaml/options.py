"""The options of resources, and the fields of what a program says of them."""

from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Table, plain
from inferway.formats.pulumi.yaml.evaluation import Evaluation
from inferway.formats.pulumi.yaml.invoke import referred
from inferway.formats.pulumi.yaml.scope import Made
from inferway.formats.pulumi.yaml.suggestion import meant
from inferway.formats.pulumi.yaml.values import spelt

_OPTIONS: Final = (
    *("additionalSecretOutputs", "aliases", "customTimeouts", "deleteBeforeReplace", "dependsOn", "ignoreChanges"),
    *("import", "parent", "protect", "provider", "providers", "version", "pluginDownloadURL", "replaceOnChanges"),
    *("retainOnDelete", "deletedWith", "hideDiffs", "replaceWith", "envVarMappings"),
)
_REFERRING: Final = ("dependsOn", "parent", "provider", "providers", "deletedWith")
"""https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/#resource-options. The others speak of an
earlier state, which there is none of, but for `import` and `additionalSecretOutputs`."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Those that matter here: the names of a provider and a parent, "" for none, and outputs that are secret."""

    provider: str = ""
    parent: str = ""
    secret: frozenset[str] = frozenset()


def read_options(evaluation: Evaluation, name: str, entry: Entry | None) -> Options | None:
    """Read a resource's options; None where they fail, which is reported."""
    if entry is None or not isinstance(entry.value, Table):
        return Options()
    report = evaluation.report
    given = fields(evaluation, entry.value, _OPTIONS, f"the options of {name}")
    good = True
    for key in _REFERRING:
        if key in given:
            good = not evaluation.value(given[key].value).failed and good
    if "import" in given:
        told = literal(evaluation, given["import"])
        report.warning(given["import"], "import", f"{name} is not imported from {told}; it is made from its inputs")
    secret = plain(given["additionalSecretOutputs"].value) if "additionalSecretOutputs" in given else []
    named = {key: referred(given[key].value) if key in given else "" for key in ("provider", "parent")}
    for key, other in named.items():
        if key in given and good and not isinstance(evaluation.scope.find(other), Made):
            report.error(given[key], "not-a-resource", f"{key} of {name} is a resource, as in ${{name}}")
            good = False
    held = frozenset(str(each) for each in secret) if isinstance(secret, list) else frozenset[str]()
    return Options(provider=named["provider"], parent=named["parent"], secret=held) if good else None


def fields(evaluation: Evaluation, node: Table, known: tuple[str, ...], what: str) -> dict[str, Entry]:
    """Give the entries of a mapping by name, whatever their case; reports the others, misspelt ones as errors."""
    spelling = {name.lower(): name for name in known}
    found: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        if key.lower() in spelling:
            found[spelling[key.lower()]] = entry
        else:
            hint = meant(key, known)
            say = evaluation.report.error if hint else evaluation.report.warning
            say(entry, "unknown-field", f"{what} has no {key}{hint or '; it is left out'}")
    return found


def literal(evaluation: Evaluation, entry: Entry | None) -> str:
    """Give a text that is no expression."""
    if entry is None:
        return ""
    text = spelt(entry.value)
    if text is None:
        evaluation.report.error(entry, "wrong-type", "a text is expected here")
    return text or ""
