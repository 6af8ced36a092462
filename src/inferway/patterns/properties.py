"""The properties of the CDK's classes that patterns take, and what each is in a template.

Sources: AWS CDK API reference, "RestApiProps", "StageOptions", "MethodOptions", "LogGroupProps"; AWS CloudFormation
Template Reference.
"""

import difflib
from collections.abc import Callable, Mapping
from typing import Final

Properties = Mapping[str, object]
Table = Mapping[str, tuple[str, Callable[[object], object]]]
"""A property's name in the CDK for Python: its name in a template, and how its value is turned into the template's."""


def _same(value: object) -> object:
    return value


def _kinds(value: object) -> object:
    return {"Types": list(value) if isinstance(value, list | tuple) else [value]}


REST_API: Final[Table] = {
    "rest_api_name": ("Name", _same),
    "description": ("Description", _same),
    "endpoint_types": ("EndpointConfiguration", _kinds),
    "endpoint_configuration": ("EndpointConfiguration", _same),
    "api_key_source_type": ("ApiKeySourceType", _same),
    "binary_media_types": ("BinaryMediaTypes", _same),
    "min_compression_size": ("MinimumCompressionSize", _same),
    "disable_execute_api_endpoint": ("DisableExecuteApiEndpoint", _same),
    "policy": ("Policy", _same),
}
NESTED: Final = ("deploy_options", "default_method_options")

STAGE: Final[Table] = {
    "stage_name": ("StageName", _same),
    "description": ("Description", _same),
    "variables": ("Variables", _same),
    "tracing_enabled": ("TracingEnabled", _same),
    "cache_cluster_enabled": ("CacheClusterEnabled", _same),
    "cache_cluster_size": ("CacheClusterSize", _same),
}
EVERY_METHOD: Final[Table] = {
    "logging_level": ("LoggingLevel", _same),
    "data_trace_enabled": ("DataTraceEnabled", _same),
    "metrics_enabled": ("MetricsEnabled", _same),
    "throttling_rate_limit": ("ThrottlingRateLimit", _same),
    "throttling_burst_limit": ("ThrottlingBurstLimit", _same),
    "caching_enabled": ("CachingEnabled", _same),
    "cache_ttl": ("CacheTtlInSeconds", _same),
    "cache_data_encrypted": ("CacheDataEncrypted", _same),
}
"""The stage's options that a template sets for all methods; `cache_ttl` in seconds."""

METHOD: Final[Table] = {
    "authorization_type": ("AuthorizationType", lambda value: "AWS_IAM" if value == "IAM" else value),
    "api_key_required": ("ApiKeyRequired", _same),
}

LOG_GROUP: Final[Table] = {
    "log_group_name": ("LogGroupName", _same),
    "retention": ("RetentionInDays", _same),
    "log_group_class": ("LogGroupClass", _same),
    "encryption_key": ("KmsKeyId", _same),
    "removal_policy": ("", _same),
}


def check(what: str, given: Properties, *known: Table | tuple[str, ...]) -> None:
    """Refuse a property that nothing is made of: ValueError with the nearest name that there is."""
    names = [name for table in known for name in table]
    for name in given:
        if name not in names:
            close = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(names))}"
            raise ValueError(f"{what} has no property {name!r}; {hint}")


def translated(given: Properties, table: Table) -> dict[str, object]:
    """Give the properties that a table knows as a template has them."""
    made = {}
    for name, value in given.items():
        if name in table and table[name][0]:
            target, turn = table[name]
            made[target] = turn(value)
    return made
