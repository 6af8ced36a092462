"""An endpoint's configuration, with its models as they are when it is read."""

from typing import Any

import msgspec

from inferway.registry.catalogue import Catalogue, document_of
from inferway.registry.endpoint import Variant
from inferway.registry.record import Kind


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint takes from its configuration: `config` is its name, the others are as `Endpoint` has them."""

    config: str
    variants: tuple[Variant, ...]
    shadows: tuple[Variant, ...]
    capture: dict[str, Any]
    asynchronous: dict[str, Any]


async def read_configuration(catalogue: Catalogue, name: str) -> Configuration:
    """Give what a configuration comes to; raises UnknownNameError for one, or a model, that is not there."""
    document = document_of(await catalogue.get(Kind.ENDPOINT_CONFIG, name))
    return Configuration(
        config=name,
        variants=tuple([await _variant(catalogue, one) for one in document["ProductionVariants"]]),
        shadows=tuple([await _variant(catalogue, one) for one in document.get("ShadowProductionVariants", ())]),
        capture=document.get("DataCaptureConfig", {}),
        asynchronous=document.get("AsyncInferenceConfig", {}),
    )


async def _variant(catalogue: Catalogue, production: dict[str, Any]) -> Variant:
    model = document_of(await catalogue.get(Kind.MODEL, production["ModelName"]))
    return Variant(
        name=production["VariantName"],
        model=production["ModelName"],
        weight=float(production.get("InitialVariantWeight", 1.0)),
        instances=production.get("InitialInstanceCount", 1),
        container=model["Container"],
        routing=production.get("RoutingConfig", {}).get("RoutingStrategy", ""),
    )
