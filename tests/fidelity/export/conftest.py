"""Exports definitions, reads them back, and asks a public validator about them."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator

from inferway.convert import Conversion, load
from inferway.definition.api import ApiDefinition
from inferway.definition.codec import encode
from inferway.dialects.apigateway.export.document import Export, export
from inferway.dialects.apigateway.export.exportable import exportables
from inferway.dialects.apigateway.export.options import DEFAULT, ExportOptions, ExportType, Extension
from inferway.faults import Severity

Exporting = Callable[..., Export]
Canonical = Callable[[ApiDefinition], Any]
Problems = Callable[[dict[str, Any]], list[str]]

_NOT_CARRIED = frozenset(("hosts", "id", "keys", "place", "plans", "stages"))
"""Members of a definition that a document has no place for, and the places of its values."""


def read(path: Path) -> Conversion:
    conversion = load(path)
    errors = [str(finding) for finding in conversion.findings if finding.severity is Severity.ERROR]
    assert errors == []
    return conversion


@pytest.fixture
def export_of(tmp_path: Path) -> Exporting:
    """Export the one API of a definition that is a path or a document's text."""

    def give(
        source: Path | str,
        kind: str = "oas30",
        extensions: frozenset[str] = frozenset(DEFAULT),
        stage: str = "prod",
    ) -> Export:
        if isinstance(source, str):
            head = source.lstrip()
            name = "template.yaml" if head.startswith(("Resources", "AWSTemplate")) else "openapi.yaml"
            (tmp_path / name).write_text(source)
            source = tmp_path / name
        (api,) = exportables(read(source).graph)
        named = frozenset(Extension(extension) for extension in extensions)
        return export(api, ExportOptions(type=ExportType(kind), extensions=named, stage=stage))

    return give


@pytest.fixture
def read_back(tmp_path: Path) -> Callable[[Export], ApiDefinition]:
    """Read an exported document as a definition."""

    def give(made: Export) -> ApiDefinition:
        path = tmp_path / "exported.json"
        path.write_text(json.dumps(made.document))
        (api,) = read(path).definitions
        return api

    return give


@pytest.fixture
def canonical() -> Canonical:
    """Give what of a definition a document carries, the identifier in its ARNs left out."""

    def give(api: ApiDefinition) -> Any:
        text = encode(api).decode().replace(f":{api.id}/", ":ID/")
        return _without(msgspec.json.decode(text)["api"])

    return give


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(each) for key, each in value.items() if key not in _NOT_CARRIED}
    return [_without(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def problems() -> Problems:
    """Ask openapi-spec-validator about a document; a greedy path variable is the service's own writing."""

    def give(document: dict[str, Any]) -> list[str]:
        plain = json.loads(re.sub(r"\+\}", "}", json.dumps(document)))
        checked = OpenAPIV2SpecValidator if "swagger" in plain else OpenAPIV30SpecValidator
        return list(_said(checked(plain).iter_errors()))

    return give


def _said(errors: Any) -> Iterator[str]:
    for error in errors:
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
