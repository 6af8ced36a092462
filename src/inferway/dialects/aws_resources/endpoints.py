"""The SageMaker endpoints that a definition declares, with what their configurations say, in both spellings.

Sources: CloudFormation Template Reference, "AWS::SageMaker::Endpoint" and "AWS::SageMaker::EndpointConfig";
https://www.pulumi.com/registry/packages/aws/api-docs/sagemaker/endpointconfiguration/.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.definition.balancing import Routing
from inferway.definition.endpoints import (
    AsyncInference,
    BoundShadow,
    BoundVariant,
    Capture,
    DeclaredEndpoint,
    shadow_sampling,
)
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource, ResourceGraph

_ENDPOINTS: Final = ("AWS::SageMaker::Endpoint", "aws:sagemaker/endpoint:Endpoint")
_CONFIGS: Final = ("AWS::SageMaker::EndpointConfig", "aws:sagemaker/endpointConfiguration:EndpointConfiguration")

_MODELS: Final = ("AWS::SageMaker::Model", "aws:sagemaker/model:Model")

_MODES: Final = {"Input": (True, False), "Output": (False, True), "InputAndOutput": (True, True)}


class _Config(msgspec.Struct, frozen=True, kw_only=True):
    variants: tuple[BoundVariant, ...]
    shadows: tuple[BoundShadow, ...]
    routing: Routing
    capture: Capture | None
    asynchronous: AsyncInference | None


def declared_endpoints(graph: ResourceGraph) -> tuple[tuple[DeclaredEndpoint, ...], Findings]:
    """Give each endpoint with its configuration; findings name what of it has no meaning here.

    A variant's model is named as the bindings name it: by its own name where the definition gives it one, else by the
    name of its resource.
    """
    findings: Report = {}
    models = {
        _name(resource, "ModelName"): _model(resource) for resource in graph.resources if resource.type in _MODELS
    }
    configs = {
        _name(resource, "EndpointConfigName"): _config(Cursor.of(resource, findings), models)
        for resource in graph.resources
        if resource.type in _CONFIGS
    }
    made = []
    for resource in graph.resources:
        if resource.type not in _ENDPOINTS:
            continue
        properties = Cursor.of(resource, findings)
        config = configs.get(_last(_either(properties, "EndpointConfigName").text()).lower())
        if config is not None and config.variants:
            made.append(
                DeclaredEndpoint(**msgspec.structs.asdict(config), name=_own_name(resource), place=properties.place)
            )
    return tuple(made), tuple(findings)


def _model(resource: Resource) -> str:
    """Give the name by which a model is bound: its own where it is given one, else that of the resource."""
    given = resource.properties.get("ModelName") or resource.properties.get("name")
    return str(given or resource.name)


def _config(properties: Cursor, models: Mapping[str, str]) -> _Config:
    def model(variant: Cursor) -> str:
        name = _last(_either(variant, "ModelName").text())
        return models.get(name.lower(), name)

    production = list(_either(properties, "ProductionVariants").items())
    variants = tuple(
        BoundVariant(
            name=_either(each, "VariantName").text("AllTraffic"),
            model=model(each),
            weight=_number(_either(each, "InitialVariantWeight"), 1.0),
        )
        for each in production
    )
    whole = variants[0].weight if variants else 1.0
    shadows = tuple(
        BoundShadow(
            name=_either(each, "VariantName").text("Shadow"),
            model=model(each),
            sampling=shadow_sampling(_number(_either(each, "InitialVariantWeight"), 1.0), whole),
        )
        for each in _either(properties, "ShadowProductionVariants").items()
    )
    return _Config(
        variants=variants,
        shadows=shadows,
        routing=_routing(production[0]) if production else Routing.RANDOM,
        capture=_capture(_either(properties, "DataCaptureConfig")),
        asynchronous=_asynchronous(_either(properties, "AsyncInferenceConfig")),
    )


def _routing(variant: Cursor) -> Routing:
    given = variant["RoutingConfig"]
    for each in variant["routingConfigs"].items():
        given = each
    if not given.present:
        return Routing.RANDOM
    strategy = _either(given, "RoutingStrategy")
    if strategy.text() not in set(Routing):
        strategy.warning("unserved-routing", f"calls are spread at random here, not by {strategy.text()}")
        return Routing.RANDOM
    return Routing(strategy.text())


def _capture(config: Cursor) -> Capture | None:
    if not config.present or _either(config, "EnableCapture").text("false") != "true":
        return None
    types = _either(config, "CaptureContentTypeHeader")
    modes = [_MODES.get(_either(each, "CaptureMode").text(), (False, False)) for each in _options(config)]
    return Capture(
        destination=_either(config, "DestinationS3Uri").text(),
        sampling=_number(_either(config, "InitialSamplingPercentage"), 100.0),
        input=any(mode[0] for mode in modes),
        output=any(mode[1] for mode in modes),
        json=tuple(each.text() for each in _either(types, "JsonContentTypes").items()) if types.present else (),
        csv=tuple(each.text() for each in _either(types, "CsvContentTypes").items()) if types.present else (),
    )


def _options(config: Cursor) -> list[Cursor]:
    return list(_either(config, "CaptureOptions").items())


def _asynchronous(config: Cursor) -> AsyncInference | None:
    if not config.present:
        return None
    output = _either(config, "OutputConfig")
    place = _either(output, "S3OutputPath").text()
    notification = _either(output, "NotificationConfig")
    if notification.present:
        notification.warning("unserved-notification", "nobody is notified of asynchronous results here")
    if not place:
        return None
    client = _either(config, "ClientConfig")
    most = _number(_either(client, "MaxConcurrentInvocationsPerInstance"), 4.0) if client.present else 4.0
    return AsyncInference(
        output=place, failure=_either(output, "S3FailurePath").text(), concurrency=min(1000, max(1, int(most)))
    )


def _either(cursor: Cursor, name: str) -> Cursor:
    """Give a property by its name in a template, or as a program writes it."""
    if not isinstance(cursor.value, Mapping):
        return cursor[name]
    written = {"S3OutputPath": "s3OutputPath", "S3FailurePath": "s3FailurePath", "DestinationS3Uri": "destinationS3Uri"}
    other = cursor[written.get(name, name[0].lower() + name[1:])]
    return other if other.present else cursor[name]


def _number(cursor: Cursor, default: float) -> float:
    text = cursor.text()
    try:
        return float(text) if text else default
    except ValueError:
        cursor.warning("bad-number", f"{text!r} is no number; {default:g} is taken")
        return default


def _own_name(resource: Resource) -> str:
    given = resource.properties.get("EndpointName") or resource.properties.get("name")
    named = resource.attributes.get("EndpointName") or resource.attributes.get("name")
    return str(given or named or _last(resource.id) or resource.name)


def _name(resource: Resource, key: str) -> str:
    given = resource.properties.get(key) or resource.properties.get("name")
    named = resource.attributes.get(key) or resource.attributes.get("name")
    return str(given or named or _last(resource.id) or resource.name).lower()


def _last(text: str) -> str:
    """Give the name in an ARN, or the name itself."""
    return text.rpartition("/")[2]
