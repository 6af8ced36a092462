"""`aws:iam/getPolicyDocument`: puts a policy together, letter by letter as the provider does.

https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_document_data_source.go and
policy_model.go: sets of texts come in reverse order, one alone as itself; `&{` stands for `${`, which the
provider's own language would read; Go's encoder writes `<`, `>` and `&` as escapes.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Final

_VERSION: Final = "2012-10-17"
_SETS: Final = {"actions": "Action", "notActions": "NotAction"}
_SETS_WITH_VARIABLES: Final = {"resources": "Resource", "notResources": "NotResource"}
_PRINCIPALS: Final = {"principals": "Principal", "notPrincipals": "NotPrincipal"}
_KEYS: Final = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal")
_ESCAPED: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def policy_document(arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Give `json`, `minifiedJson` and `id` of a policy; raises ValueError where two statements have one Sid."""
    own: dict[str, object] = {"Version": arguments.get("version") or _VERSION}
    if arguments.get("policyId"):
        own["Id"] = arguments["policyId"]
    statements = [_statement(each) for each in _items(arguments.get("statements")) if isinstance(each, Mapping)]
    _refuse_twins(statements)
    merged: dict[str, object] = {"Statement": []}
    sources = [_document(each) for each in _items(arguments.get("sourcePolicyDocuments"))]
    _refuse_twins([each for source in sources for each in _statements(source)])
    overrides = [_document(each) for each in _items(arguments.get("overridePolicyDocuments"))]
    for document in (*sources, {**own, "Statement": statements}, *overrides):
        _merge(merged, document)
    ordered = {key: merged[key] for key in ("Version", "Id", "Statement") if merged.get(key) is not None}
    text = json.dumps(ordered, indent=2, ensure_ascii=False).translate(_ESCAPED)
    minified = json.dumps(ordered, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPED)
    return {**arguments, "json": text, "minifiedJson": minified, "id": str(zlib.crc32(text.encode()))}


def _merge(into: dict[str, object], document: Mapping[str, object]) -> None:
    """Take a later document into an earlier one: its id, a higher version, and statements, by Sid in place."""
    if document.get("Id"):
        into["Id"] = document["Id"]
    into["Version"] = max(str(into.get("Version") or ""), str(document.get("Version") or ""))
    held = _statements(into)
    for statement in _statements(document):
        sid = statement.get("Sid")
        twin = next((at for at, each in enumerate(held) if sid and each.get("Sid") == sid), None)
        if twin is None:
            held.append(statement)
        else:
            held[twin] = statement
    into["Statement"] = held


def _document(text: object) -> Mapping[str, object]:
    held = json.loads(str(text)) if text else {}
    if not isinstance(held, dict):
        raise TypeError("a policy is a JSON object")
    return held


def _statements(document: Mapping[str, object]) -> list[dict[str, object]]:
    held = document.get("Statement")
    listed = held if isinstance(held, list) else [held]
    return [
        {
            key: each[key]
            for key in (*_KEYS, *(key for key in each if key not in _KEYS))
            if key in each and each[key] != ""
        }
        for each in listed
        if isinstance(each, dict)
    ]


def _refuse_twins(statements: list[dict[str, object]]) -> None:
    seen: set[object] = set()
    for sid in (each.get("Sid") for each in statements):
        if sid and sid in seen:
            raise ValueError(f"duplicate Sid ({sid}): remove it, or make it unique")
        seen.add(sid)


def _statement(given: Mapping[str, object]) -> dict[str, object]:
    made: dict[str, object] = {"Sid": given.get("sid") or "", "Effect": given.get("effect") or "Allow"}
    for key, written in _SETS.items():
        if given.get(key):
            made[written] = _set(given[key])
    for key, written in _SETS_WITH_VARIABLES.items():
        if given.get(key):
            made[written] = _with_variables(_set(given[key]))
    for key, written in _PRINCIPALS.items():
        who = [each for each in _items(given.get(key)) if isinstance(each, Mapping)]
        if who:
            made[written] = _principals(who)
    tests = [each for each in _items(given.get("conditions")) if isinstance(each, Mapping)]
    if tests:
        made["Condition"] = _conditions(tests)
    return {key: value for key, value in made.items() if value != ""}


def _principals(who: list[Mapping[str, object]]) -> object:
    named: dict[str, object] = {}
    for each in sorted(who, key=lambda one: str(one.get("type"))):
        kind, identifiers = str(each.get("type")), _with_variables(_set(each.get("identifiers")))
        if kind == "*" and identifiers == "*":
            return "*"
        earlier = named.get(kind)
        named[kind] = identifiers if earlier is None else [*_items(earlier), *_items(identifiers)]
    return named


def _conditions(tests: list[Mapping[str, object]]) -> dict[str, dict[str, object]]:
    made: dict[str, dict[str, object]] = {}
    for test in sorted(tests, key=lambda each: (str(each.get("test")), str(each.get("variable")))):
        held = made.setdefault(str(test.get("test")), {})
        variable, values = str(test.get("variable")), _items(_with_variables(test.get("values")))
        earlier = held.get(variable)
        every = values if earlier is None else [*_items(earlier), *values]
        held[variable] = every[0] if len(every) == 1 else every
    return made


def _set(value: object) -> object:
    """Give the texts of a set as the provider does: in reverse order; one alone as itself."""
    texts = sorted({str(each) for each in _items(value)}, reverse=True)
    return texts[0] if len(texts) == 1 else texts


def _with_variables(value: object) -> object:
    if isinstance(value, list):
        return [_with_variables(each) for each in value]
    return value.replace("&{", "${") if isinstance(value, str) else value


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]
