"""From a path to definitions: recognise the format, read it, and let every dialect read what it claims."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition
from inferway.definition.bindings import Declared
from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.document import read_text
from inferway.formats.listing import bounded, in_order
from inferway.formats.nodes import SyntaxFault
from inferway.formats.presence import is_file
from inferway.formats.resources import Coverage, Environment, Output, Provisioned, Resource, ResourceGraph


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """What a path holds: its APIs, what there is to know about them, the files that were read, and what is exported.

    `graph` holds the resources that they were read from; `keys` has the values of keys that the definitions declare by
    the SHA-256 of each, to show them to their owner;
    `declared` are the tables and functions that the definitions declare, and `exit_status` is that of the program that
    makes them, where one was run.
    """

    definitions: tuple[ApiDefinition, ...]
    findings: Findings
    files: tuple[Path, ...]
    outputs: tuple[Output, ...] = ()
    keys: Mapping[bytes, str] = {}
    declared: Declared = Declared()
    exit_status: int = 0
    graph: ResourceGraph = ResourceGraph(resources=())


class Vendor(msgspec.Struct, frozen=True, kw_only=True):
    """A dialect's part in a conversion: the prefixes of the resource types that are its own, and its package.

    Its module `reader` has `read(graph)`, which gives definitions and Findings, its module `provisioning` has
    `provision(resource, environment)`, and its module `coverage` has `COVERAGE`, what is made of each type of
    resource; where it declares tables and functions, its module `declared` has `declared(graph)`, which gives Declared
    and Findings.
    """

    claims: tuple[str, ...]
    package: str
    declares: bool = False


FORMATS: Final = {
    "openapi": "inferway.formats.openapi",
    "pulumi": "inferway.formats.pulumi.reader",
    "cdk": "inferway.formats.cdk.reader",
    "sam": "inferway.formats.sam.reader",
    "cloudformation": "inferway.formats.cloudformation.reader",
    "arm": "inferway.formats.arm.reader",
    "apiops": "inferway.formats.apiops.reader",
    "patterns": "inferway.patterns.program",
}
"""The module that reads a file syntax, in the order in which they are tried.

It has `NAMES` to look for in a folder, `recognises(path) -> bool` for a file or a folder, and `read(path, environment,
provision)`, which gives a ResourceGraph and Findings and raises nothing for what it finds.
"""

_PROJECTS: Final = frozenset(("pulumi", "cdk", "arm", "apiops"))
"""Formats of which a folder is one project. They come before documents that stand in it, which are parts of it."""

_DOCUMENTS: Final = frozenset((".bicep", ".json", ".py", ".yaml", ".yml"))
"""Endings of the files that are looked into where a folder holds none of a known name."""

_MOST_DOCUMENTS: Final = 200


_ALONE: Final = frozenset(("openapi",))
"""Formats whose definitions refer to nothing beside them."""

VENDORS: Final = (
    Vendor(claims=("openapi:", "AWS::ApiGateway::", "aws:apigateway/"), package="inferway.dialects.apigateway"),
    Vendor(claims=("AWS::AppSync::", "aws:appsync/"), package="inferway.dialects.appsync"),
    Vendor(
        claims=(
            *("azure-native:apimanagement", "azure-native:resources", "azure-native:insights"),
            *("azure-native:applicationinsights", "azure-native:monitor"),
            *("azure-native:operationalinsights", "azure-native:managedidentity"),
            *("azure-native:authorization", "azure:apimanagement/", "azure:core/", "azure:appinsights/"),
            *("azure:monitoring/", "azure:operationalinsights/", "azure:authorization/"),
            *("Microsoft.ApiManagement/", "Microsoft.Resources/", "Microsoft.Insights/"),
            *("Microsoft.OperationalInsights/", "Microsoft.ManagedIdentity/", "Microsoft.Authorization/"),
            *("microsoft.apimanagement/", "microsoft.resources/", "microsoft.insights/"),
            *("microsoft.operationalinsights/", "microsoft.managedidentity/", "microsoft.authorization/"),
        ),
        package="inferway.dialects.apim",
    ),
    Vendor(
        claims=(
            *("AWS::ApiGatewayV2::", "AWS::ApplicationAutoScaling::", "AWS::CDK::"),
            *("AWS::CertificateManager::", "AWS::CloudFormation::", "AWS::CloudFront::"),
            *("AWS::CloudWatch::", "AWS::Cognito::", "AWS::DynamoDB::", "AWS::EC2::", "AWS::ECR::"),
            *("AWS::ElasticLoadBalancingV2::", "AWS::Events::", "AWS::IAM::", "AWS::KMS::"),
            *("AWS::Kinesis::", "AWS::KinesisFirehose::", "AWS::Lambda::", "AWS::Logs::", "AWS::Pipes::"),
            *("AWS::Route53::", "AWS::S3::", "AWS::SNS::", "AWS::SQS::", "AWS::SSM::", "AWS::SageMaker::"),
            *("AWS::Scheduler::", "AWS::SecretsManager::", "AWS::StepFunctions::", "AWS::WAF::"),
            *("AWS::WAFRegional::", "AWS::WAFv2::", "AWS::XRay::", "Custom::", "aws:acm/"),
            *("aws:apigatewayv2/", "aws:appautoscaling/", "aws:cloudformation/", "aws:cloudfront/"),
            *("aws:cloudwatch/", "aws:cognito/", "aws:dynamodb/", "aws:ec2/", "aws:ecr/", "aws:iam/"),
            *("aws:kinesis/", "aws:kms/", "aws:lambda/", "aws:lb/", "aws:pipes/", "aws:route53/", "aws:s3/"),
            *("aws:scheduler/", "aws:secretsmanager/", "aws:sfn/", "aws:sns/", "aws:sqs/", "aws:ssm/"),
            *("aws:sagemaker/", "aws:waf/", "aws:wafregional/", "aws:wafv2/", "aws:xray/"),
        ),
        package="inferway.dialects.aws_resources",
        declares=True,
    ),
)
"""Imported only where a graph holds a type of theirs."""


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Ask the dialect that a resource's type belongs to what it is provisioned with; None where there is none."""
    for vendor in VENDORS:
        if resource.type.startswith(vendor.claims):
            given: Provisioned | None = import_module(f"{vendor.package}.provisioning").provision(resource, environment)
            return given
    return None


def coverage() -> dict[str, tuple[Coverage, str]]:
    """Give what is made of each type of resource that any dialect knows, and why; all dialects are imported for it."""
    return {
        name: made for vendor in VENDORS for name, made in import_module(f"{vendor.package}.coverage").COVERAGE.items()
    }


def find(path: Path, format_name: str | None = None) -> tuple[tuple[str, Path] | None, Findings]:
    """Give the format and the file of the definition at a path, or the finding that says why there is none."""
    if format_name is not None and format_name not in FORMATS:
        return None, _nothing(path, f"no format has the name {format_name!r}; there are {_formats()}", "unknown-format")
    if not path.exists():
        return None, _nothing(path, "there is no such file or folder", "no-such-path")
    found = [(_format_of(path, format_name), path)]
    if path.is_dir():
        found = list(_in_folder(path, format_name))
        if len(found) != 1:
            why = () if found else tuple(fault for file in _documents(path) for fault in _undecodable(file))
            return None, why or _nothing(path, *_ambiguous(path, [file for _, file in found], format_name))
    name, file = found[0]
    if not name:
        return None, _undecodable(file) or _nothing(
            path, f"no format recognises this file; there are {_formats()}", "unknown-format"
        )
    return (name, file), ()


def load(
    path: Path,
    format: str | None = None,  # noqa: A002 - the word of the command line
    environment: Callable[[], Environment] = Environment,
) -> Conversion:
    """Read a file or a folder. It never raises for what it finds there; findings stand in the order of their places.

    `format` names one of FORMATS where the content should not decide. An error among the findings means that the
    definitions are not all that the path asks for. `environment` gives where the definitions will run; it is asked by
    formats that have references only, since a document alone knows of no place.
    """
    found, problem = find(path, format)
    if found is None:
        return Conversion(definitions=(), findings=problem, files=())
    name, file = found
    place = Environment() if name in _ALONE else environment()
    graph, findings = _module(name).read(file, place, provision)
    return read_graph(graph, findings, graph.files or (file,))


def _module(format_name: str) -> ModuleType:
    return import_module(FORMATS[format_name])


def read_graph(graph: ResourceGraph, found: Findings = (), files: tuple[Path, ...] = ()) -> Conversion:
    """Let every dialect read what it claims of a graph; `found` are the findings and `files` the sources of it."""
    definitions: list[ApiDefinition] = []
    declared = Declared()
    findings = list(found)
    for vendor in VENDORS:
        if not any(resource.type.startswith(vendor.claims) for resource in graph.resources):
            continue
        apis, more = import_module(f"{vendor.package}.reader").read(graph)
        definitions += apis
        findings += more
        if vendor.declares:
            declared, more = import_module(f"{vendor.package}.declared").declared(graph)
            findings += more
    findings += [_unclaimed(resource) for resource in graph.resources if not _claimed(resource)]
    return Conversion(
        definitions=tuple(definitions),
        findings=bounded(in_order(findings)),
        files=files,
        outputs=graph.outputs,
        keys=_key_values(definitions, graph),
        declared=declared,
        exit_status=graph.exit_status,
        graph=graph,
    )


def _key_values(definitions: list[ApiDefinition], graph: ResourceGraph) -> dict[bytes, str]:
    """Give the values of declared keys, which stand among the attributes that resources were provisioned with."""
    declared = {key.digest for api in definitions for key in api.keys}
    if not declared:
        return {}
    values = [value for resource in graph.resources for value in resource.attributes.values()]
    values += [inner for value in values if isinstance(value, Mapping) for inner in value.values()]
    digests = {sha256(text.encode()).digest(): text for text in values if isinstance(text, str)}
    return {digest: text for digest, text in digests.items() if digest in declared}


def _claimed(resource: Resource) -> bool:
    return any(resource.type.startswith(vendor.claims) for vendor in VENDORS)


def _unclaimed(resource: Resource) -> Finding:
    text = f"{resource.name} of type {resource.type} is nothing that Inferway reads; it is left out"
    return Finding(severity=Severity.WARNING, code="unclaimed-resource", text=text, place=resource.places.find())


def _undecodable(file: Path) -> Findings:
    """Give the finding of a document that is no text, or is too large; none for any other file."""
    if file.suffix not in _DOCUMENTS or not is_file(file):
        return ()
    try:
        read_text(file)
    except SyntaxFault as fault:
        return (fault.finding(str(file)),)
    return ()


def _format_of(file: Path, given: str | None) -> str:
    """Give the format that was named, else the first that recognises a file; "" where none does."""
    return given or _first_format(tuple(FORMATS), file)


def _in_folder(folder: Path, format_name: str | None) -> Iterator[tuple[str, Path]]:
    """Give the definitions in a folder with their formats: a project, else files of known names, else all others."""
    names = tuple(FORMATS) if format_name is None else (format_name,)
    projects = [name for name in names if name in _PROJECTS]
    found = [(name, file) for name in projects for file in _project(folder, name)]
    if not found:
        known = dict.fromkeys(file for name in names for file in _present(folder, _module(name).NAMES))
        found = [(_format_of(file, format_name), file) for file in known]
    if not any(name for name, _ in found):
        others = ((_first_format(names, file), file) for file in _documents(folder))
        found = [(name, file) for name, file in others if name] or found
    recognised = [(name, file) for name, file in found if name]
    yield from recognised or found


def _documents(folder: Path) -> Iterator[Path]:
    """Give the files of a folder that are looked into, whatever their names."""
    return islice((file for file in sorted(folder.iterdir()) if file.suffix in _DOCUMENTS), _MOST_DOCUMENTS)


def _first_format(names: tuple[str, ...], file: Path) -> str:
    return next((name for name in names if _module(name).recognises(file)), "")


def _project(folder: Path, name: str) -> list[Path]:
    """Give what of a folder is a project of a format: its first file of a known name, or the folder itself."""
    recognises = _module(name).recognises
    files = [file for file in _present(folder, _module(name).NAMES) if recognises(file)]
    return files[:1] or ([folder] if recognises(folder) else [])


def _present(folder: Path, names: tuple[str, ...]) -> list[Path]:
    return [folder / name for name in names if (folder / name).is_file()]


def _ambiguous(folder: Path, files: list[Path], format_name: str | None) -> tuple[str, str]:
    if files:
        names = ", ".join(file.name for file in files)
        return f"the folder holds several definitions: {names}; name one of them", "several-definitions"
    names = _formats() if format_name is None else f"{format_name} ({', '.join(_module(format_name).NAMES)})"
    return f"the folder holds no definition; looked for {names} in {folder}", "no-definition"


def _formats() -> str:
    return "; ".join(f"{name} ({', '.join(_module(name).NAMES)})" for name in FORMATS)


def _nothing(path: Path, text: str, code: str) -> Findings:
    return (Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(path))),)
