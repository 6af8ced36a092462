"""Resources: what a program says of each, and what it becomes here."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Node, NodePlaces, SyntaxFault, Table, node_of, plain
from inferway.formats.pulumi.messages import Limits
from inferway.formats.pulumi.naming import placeholder, stand_in
from inferway.formats.pulumi.random_resources import BadRandomError, provision_random
from inferway.formats.pulumi.rest_api import REST_API, BadComponentError
from inferway.formats.pulumi.sdk import Declaration as Class
from inferway.formats.pulumi.yaml.asking import Asker
from inferway.formats.pulumi.yaml.components import Place, construct
from inferway.formats.pulumi.yaml.declarations import Declaration
from inferway.formats.pulumi.yaml.evaluation import Evaluation
from inferway.formats.pulumi.yaml.options import Options, literal, read_options
from inferway.formats.pulumi.yaml.options import fields as read_fields
from inferway.formats.pulumi.yaml.scope import Made
from inferway.formats.pulumi.yaml.suggestion import meant
from inferway.formats.pulumi.yaml.tokens import PROVIDER, STACK_REFERENCE, canonical, package
from inferway.formats.pulumi.yaml.values import Value, keyed, spelt
from inferway.formats.resources import Environment, Provision, Provisioned, Resource

_FIELDS: Final = ("type", "name", "defaultProvider", "properties", "options", "get")
_PROVIDER_SETTINGS: Final = frozenset({"region", "version", "skipCredentialsValidation", "skipRegionValidation"})
_NOTHING: Final = Provisioned(id="")
_NO_INPUTS: Final = Table(entries={}, line=0, column=0, values=1, levels=1)


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What resources are made in: `classes` gives an SDK's class by token; `parents` types of resources by name."""

    evaluation: Evaluation
    environment: Environment
    provision: Provision
    classes: Callable[[str], Class | None]
    urn: str
    made: dict[str, Resource]
    asker: Asker
    claimed: dict[str, int]
    size: list[int]
    limits: Limits


def register(program: Program, declared: Declaration) -> Made | None:
    """Make a resource; None for one that cannot be, which is reported. Raises SyntaxFault where there is too much."""
    report = program.evaluation.report
    node, entry = declared.entry.value, declared.entry
    if not isinstance(node, Table):
        report.error(entry, "wrong-type", f"the resource {declared.name} must be a mapping")
        return None
    fields = read_fields(program.evaluation, node, _FIELDS, f"the resource {declared.name}")
    token = literal(program.evaluation, fields.get("type"))
    if not token:
        report.error(entry, "missing-type", f"the resource {declared.name} needs a type")
        return None
    whole = canonical(token)
    name = literal(program.evaluation, fields.get("name")) or declared.name
    options = read_options(program.evaluation, declared.name, fields.get("options"))
    inputs = _inputs(program, declared, fields)
    if options is None or inputs is None or not _claim(program, declared, whole, name, options):
        return None
    given = _Given(key=declared.name, entry=entry, type=whole, name=name, inputs=inputs, options=options)
    if whole == STACK_REFERENCE:
        return _stack(program, given)
    if whole.startswith(PROVIDER):
        return _provider(program, given)
    if "get" in fields:
        return _read(program, given, fields["get"])
    return _component(program, given) if whole == REST_API else _new(program, given)


class _Given(msgspec.Struct, frozen=True, kw_only=True):
    """A resource as the program says it: `key` is its name in the program, `name` its logical name."""

    key: str
    entry: Entry
    type: str
    name: str
    inputs: Value
    options: Options

    @property
    def properties(self) -> dict[str, object]:
        held = plain(self.inputs.node)
        return held if isinstance(held, dict) else {}


def _new(program: Program, given: _Given) -> Made | None:
    declared = program.classes(given.type)
    _check(program, given, declared)
    region = _region(program, given)
    environment = program.environment
    if region:
        environment = msgspec.structs.replace(environment, region=region)
    resource = Resource(
        type=given.type,
        name=given.name,
        properties=given.properties,
        places=NodePlaces(program.evaluation.report.file, _placed(given)),
    )
    try:
        drawn = provision_random(resource, environment)
    except BadRandomError as bad:
        text = f"{given.key} ({given.type}) cannot be made: {bad}"
        program.evaluation.report.error(given.entry, "bad-random", text)
        return None
    known = drawn or program.provision(resource, environment) or _NOTHING
    attributes = _attributes(given, declared, known)
    made_id = known.id or str(attributes.pop("", "")) or given.name
    if drawn is None:  # else it is a value of the program, nothing of a cloud
        program.made[given.key] = msgspec.structs.replace(resource, id=made_id, attributes=attributes)
    secrets = known.secrets | given.options.secret
    return _made(program, given, made_id, attributes, declared=declared, secrets=secrets)


def _component(program: Program, given: _Given) -> Made | None:
    region = _region(program, given) or program.environment.region
    environment = msgspec.structs.replace(program.environment, region=region)
    report = program.evaluation.report

    def make(token: str, properties: Mapping[str, object]) -> Resource:
        places = NodePlaces(report.file, _placed(given))
        resource = Resource(type=token, name=given.name, properties=properties, places=places)
        known = program.provision(resource, environment) or _NOTHING
        attributes = {**properties, **known.attributes}
        made = msgspec.structs.replace(resource, id=known.id or given.name, attributes=attributes)
        program.made[f"{given.key} {token}"] = made
        return made

    place = Place(
        region=region,
        account=environment.account,
        made=tuple(program.made.values()),
        say=lambda text: report.warning(given.entry, "static-route", text),
    )
    try:
        attributes = construct(given.name, given.properties, place, make)
    except BadComponentError as bad:
        report.error(given.entry, "bad-component", str(bad))
        return None
    return _made(program, given, given.name, attributes)


def _attributes(given: _Given, declared: Class | None, known: Provisioned) -> dict[str, object]:
    """Give a resource's outputs; under "" the id that nothing models.

    As the engine does for other languages: an input comes back where the class declares an output of its name, what a
    dialect gave wins over it, and a text that nobody knows is a stand-in.
    """
    wires = {output.wire: output for output in declared.outputs.values()} if declared else None
    named = stand_in(declared, given.type, given.name, given.properties)
    made: dict[str, object] = {"": named["id"]}
    made |= {key: value for key, value in given.properties.items() if wires is None or key in wires}
    if "name" in named and (wires is None or "name" in wires):
        made["name"] = named["name"]
    made |= known.attributes
    for wire, output in (wires or {}).items():
        if output.is_text and made.get(wire) is None:
            made[wire] = placeholder(given.name, wire)
    return made


def _read(program: Program, given: _Given, get: Entry) -> Made | None:
    """Look up what exists: a resource of the program, else what a dialect gives for the id, else stand-ins."""
    found = keyed(get.value, "id")
    value = program.evaluation.value(found) if found is not None else None
    if value is None or spelt(value.node) is None:
        program.evaluation.report.error(get, "missing-id", f"get of {given.key} needs the id of what it reads")
        return None
    made_id = spelt(value.node) or ""
    known, declares = program.asker.read(given.type, made_id, given.properties) or (None, False)
    if not declares:
        whose = "its other outputs" if known is not None else "its outputs"
        text = f"{given.key} is read from the cloud by its id {made_id}; here {whose} are stand-ins"
        report = program.evaluation.report
        (report.warning if known is None else report.note)(get, "read-resource", text)
    declared = program.classes(given.type)
    attributes = _attributes(given, declared, Provisioned(id=made_id, attributes=known or {}))
    attributes.pop("")
    return _made(program, given, made_id, attributes, declared=declared)


def _provider(program: Program, given: _Given) -> Made:
    settings = sorted(set(given.properties) - _PROVIDER_SETTINGS)
    if settings:
        text = f"the settings of the provider {given.key} are not used: {', '.join(settings)}"
        program.evaluation.report.warning(given.entry, "provider-settings", text)
    region = given.properties.get("region")
    made = _made(program, given, given.name, given.properties)
    return msgspec.structs.replace(made, region=region if isinstance(region, str) else "")


def _stack(program: Program, given: _Given) -> Made | None:
    name = given.properties.get("name")
    stack = name if isinstance(name, str) else given.name
    held = program.evaluation.stacks.find(stack)
    if held is None:
        program.evaluation.report.error(given.entry, "unknown-stack", program.evaluation.stacks.unknown(stack))
        return None
    return _made(program, given, stack, {"name": stack, "outputs": held, "secretOutputNames": []})


def _made(
    program: Program,
    given: _Given,
    made_id: str,
    attributes: Mapping[str, object],
    *,
    declared: Class | None = None,
    secrets: frozenset[str] = frozenset(),
) -> Made:
    every = frozenset(given.properties) if given.inputs.secret else frozenset()
    return Made(
        key=given.key,
        type=given.type,
        urn=_urn(program, given.type, given.name, given.options.parent),
        id=made_id,
        attributes=attributes,
        inputs=given.inputs.node,
        secrets=secrets | every,
        declared=declared,
    )


def _check(program: Program, given: _Given, declared: Class | None) -> None:
    """Hold the inputs against the SDK's class, where there is one."""
    report, held = program.evaluation.report, given.inputs.node
    entries = held.entries if isinstance(held, Table) else {}
    if declared is None or not declared.inputs:
        return
    wires = [each.wire for each in declared.inputs.values()]
    for key, entry in entries.items():
        if key not in wires:
            report.warning(entry, "unknown-property", f"{given.key} ({given.type}) takes no {key}{meant(key, wires)}")
    for required in declared.required():
        value = entries.get(required.wire)
        if value is None or (isinstance(value.value, Leaf) and value.value.value is None):
            text = f"the required property {required.wire} of {given.key} ({given.type}) is missing"
            report.error(given.entry, "missing-property", text)


def _claim(program: Program, declared: Declaration, token: str, name: str, options: Options) -> bool:
    """Take a resource's name; raises SyntaxFault where there are too many resources, or they hold too much."""
    entry, urn = declared.entry, _urn(program, token, name, options.parent)
    if urn in program.claimed:
        text = f"the resource {urn} is declared already, in line {program.claimed[urn]}; give one of them another name"
        program.evaluation.report.error(entry, "duplicate-resource", text)
        return False
    program.claimed[urn] = entry.line
    if len(program.claimed) > program.limits.resources:
        text = f"more than {program.limits.resources:,} resources"
        raise SyntaxFault("graph-too-large", text, entry.line, entry.column)
    return True


def _urn(program: Program, token: str, name: str, parent: str) -> str:
    """Give a resource's URN (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns)."""
    above = program.evaluation.scope.find(parent)
    within = f"{above.urn.split('::')[2]}$" if isinstance(above, Made) else ""
    return f"{program.urn}::{within}{token}::{name}"


def _inputs(program: Program, declared: Declaration, fields: Mapping[str, Entry]) -> Value | None:
    """Evaluate the inputs; of what is read, they are its known state. None where that failed."""
    get = fields.get("get")
    if get is not None and "properties" in fields:
        program.evaluation.report.error(get, "get-with-properties", f"{declared.name} has get, and so no properties")
        return None
    given = keyed(get.value, "state") if get else fields["properties"].value if "properties" in fields else None
    if given is None or (isinstance(given, Leaf) and given.value is None):
        return Value(node=_NO_INPUTS)
    value = program.evaluation.value(given)
    if value.failed:
        return None
    if not isinstance(value.node, Table):
        program.evaluation.report.error(given, "wrong-type", f"the properties of {declared.name} must be a mapping")
        return None
    program.size[0] += value.size
    if program.size[0] > program.limits.size:
        text = f"the resources' properties take more than {program.limits.size >> 20} MB"
        raise SyntaxFault("graph-too-large", text, given.line, given.column)
    return value


def _region(program: Program, given: _Given) -> str:
    """Give the Region of a resource's provider: its own, its parent's is not inherited, the default one's."""
    name = given.options.provider or program.evaluation.defaults.get(package(given.type), "")
    made = program.evaluation.scope.find(name)
    own = given.properties.get("region")
    if isinstance(own, str) and own and given.type.startswith("aws:"):
        return own
    return made.region if isinstance(made, Made) else ""


def _placed(given: _Given) -> Node:
    """Give the inputs as a tree; without any, places are the resource's own."""
    held = given.inputs.node
    return held if held is not _NO_INPUTS else node_of({}, given.entry.line, given.entry.column)
