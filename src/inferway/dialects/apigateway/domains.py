"""Reads which domain names lead to an API, and below which path.

Sources: CloudFormation Template Reference, "AWS::ApiGateway::BasePathMapping" ("(none)" is no base path; without a
stage callers name it behind the base path) and "AWS::ApiGateway::BasePathMappingV2"; API Gateway, "Invoke REST APIs
in API Gateway" (an API's own domain is `ID.execute-api.REGION.amazonaws.com`).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from inferway.definition.api import Host
from inferway.definition.deployment import REGION
from inferway.dialects.apigateway.documents import Parts
from inferway.dialects.apigateway.resource_view import ResourceView

_NONE: Final = "(none)"
_NAME: Final = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_ARN: Final = re.compile(r"arn:[^:]*:apigateway:[^:]*:[^:]*:/domainnames/([^+/]+)(?:\+.*)?")
_EXECUTION: Final = re.compile(r"arn:[^:]*:execute-api:([^:]*):.*")


def read_hosts(parts: Parts, stages: Collection[str], truststores: Mapping[str, str]) -> tuple[Host, ...]:
    """Read the domains that are mapped to an API of these stages, and its own unless that is disabled.

    `truststores` has where those are of domains that ask for certificates.
    """
    made = [] if parts.api["DisableExecuteApiEndpoint"].flag() else [own_host(parts.api)]
    for mapping in (*parts.of("base-path"), *parts.of("base-path-v2")):
        name = _domain(mapping)
        if not _NAME.fullmatch(name):
            mapping.at.error("bad-domain", f"{mapping.label} names no domain")
            continue
        base, stage = mapping["BasePath"].text().strip("/"), mapping["Stage"]
        if stage.text() and stages and stage.text() not in stages:
            stage.warning("unknown-stage", f"the API has no stage {stage.text()!r}; nothing is served there")
        base = "" if base == _NONE else base
        made.append(Host(name=name, base=base, stage=stage.text(), truststore=truststores.get(name, "")))
    return tuple(made)


def read_truststores(domains: Iterable[ResourceView]) -> dict[str, str]:
    """Give, by domain, where the certificates are that sign its clients', for those that ask for certificates."""
    made = {}
    for domain in domains:
        mutual = domain.inside("MutualTlsAuthentication")
        if not mutual.at.present or not mutual.at.value:
            continue
        uri = mutual["TruststoreUri"]
        if not uri.text().startswith("s3://"):
            uri.error("bad-truststore", "a truststore is an S3 URI: s3://bucket-name/key-name")
        made[domain["DomainName"].text().lower()] = uri.text() or "s3://"
    return made


def report_conflicts(mappings: Iterable[ResourceView]) -> None:
    """Report a base path of a domain that is mapped twice."""
    seen: dict[tuple[str, str], ResourceView] = {}
    for mapping in mappings:
        base = mapping["BasePath"].text().strip("/")
        first = seen.setdefault((_domain(mapping), "" if base == _NONE else base), mapping)
        if first is not mapping:
            mapping.at.error("duplicate-base-path", f"{first.label} maps the same base path of {_domain(mapping)}")


def _domain(mapping: ResourceView) -> str:
    found = _ARN.fullmatch(mapping["DomainNameArn"].text()) if "DomainNameArn" in mapping.kind.reads else None
    return (found[1] if found is not None else mapping["DomainName"].text()).lower()


def own_host(api: ResourceView) -> Host:
    """Give the domain that the service gives an API."""
    found = _EXECUTION.fullmatch(str(api.attributes.get("executionArn") or ""))
    return Host(name=f"{api.id}.execute-api.{found[1] if found is not None else REGION}.amazonaws.com".lower())
