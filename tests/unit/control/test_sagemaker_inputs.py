"""The requests that are served, held against the service's own model as botocore has it."""

import importlib
from typing import Any, Final

import pytest

from inferway.control.sagemaker_inputs import INPUTS
from inferway.control.sagemaker_shapes import INSTANCE_TYPE
from inferway.control.shapes import Anything, Decimal, Flag, ListOf, MapOf, Moment, Shape, Structure, Text, Whole, read
from inferway.languages.regex import compile_java

SESSION: Any = importlib.import_module("botocore.session")
SERVICE: Any = SESSION.get_session().get_service_model("sagemaker")

INSTANCE_TYPES: Final = {"TrainingInstanceType", "ProductionVariantInstanceType", "TransformInstanceType"}


def compare(ours: Shape, theirs: Any, path: str) -> None:
    match ours:
        case Structure():
            assert theirs.type_name == "structure", path
            known = set(ours.members) | ours.unserved
            assert known == set(theirs.members), f"{path}: {known ^ set(theirs.members)}"
            assert not set(ours.members) & ours.unserved, path
            assert set(ours.required) == set(theirs.required_members), path
            for name, member in ours.members.items():
                compare(member, theirs.members[name], f"{path}.{name}")
        case ListOf():
            assert theirs.type_name == "list", path
            lengths(ours.fewest, ours.most, theirs, path)
            compare(ours.member, theirs.member, f"{path}.member")
        case MapOf():
            assert theirs.type_name == "map", path
            lengths(ours.fewest, ours.most, theirs, path)
            compare(ours.key, theirs.key, f"{path}.key")
            compare(ours.value, theirs.value, f"{path}.value")
        case Text():
            compare_text(ours, theirs, path)
        case Whole():
            assert theirs.type_name in {"integer", "long"}, path
            assert (ours.least, ours.most) == (theirs.metadata.get("min"), theirs.metadata.get("max")), path
        case Decimal():
            assert theirs.type_name in {"float", "double"}, path
            assert ours.least == theirs.metadata.get("min"), path
        case Flag():
            assert theirs.type_name == "boolean", path
        case Moment():
            assert theirs.type_name == "timestamp", path
        case Anything():
            pass


def compare_text(ours: Text, theirs: Any, path: str) -> None:
    assert theirs.type_name == "string", path
    if theirs.name in INSTANCE_TYPES:
        return
    lengths(ours.shortest, ours.longest, theirs, path)
    assert list(ours.values) == theirs.enum, path
    if "CustomerMetadata" not in theirs.name:  # the model's own pattern has a quantifier behind the line's end
        assert ours.pattern == theirs.metadata.get("pattern", ""), path


def lengths(least: int, most: int, theirs: Any, path: str) -> None:
    assert (least, most) == (theirs.metadata.get("min", 0), theirs.metadata.get("max", 0)), path


@pytest.mark.parametrize("operation", INPUTS)
def test_a_request_is_the_service_s(operation: str) -> None:
    compare(INPUTS[operation], SERVICE.operation_model(operation).input_shape, operation)


@pytest.mark.parametrize("kind", sorted(INSTANCE_TYPES))
def test_every_instance_type_has_the_form_that_is_asked_for(kind: str) -> None:
    pattern = compile_java(INSTANCE_TYPE.pattern)
    assert all(pattern.fullmatch(name) for name in SERVICE.shape_for(kind).enum)


@pytest.mark.parametrize("name", ["ProductionVariants", "ShadowProductionVariants"])
@pytest.mark.parametrize(("count", "broken"), [(0, 1), (1, 0), (10, 0), (11, 1)])
def test_a_configuration_has_1_to_10_variants_and_as_many_shadows(name: str, count: int, broken: int) -> None:
    """CreateEndpointConfig: ProductionVariants and ShadowProductionVariants, minimum 1, maximum 10 items."""
    variants = [{"VariantName": f"v{number}", "ModelName": "m"} for number in range(count)]
    given = {"EndpointConfigName": "c", "ProductionVariants": [{"VariantName": "v"}], name: variants}
    _, flaws = read(given, INPUTS["CreateEndpointConfig"])
    assert len(flaws) == broken, flaws


@pytest.mark.parametrize(("percent", "broken"), [(-1, 1), (0, 0), (100, 0), (101, 1)])
def test_capture_samples_0_to_100_percent(percent: int, broken: int) -> None:
    """DataCaptureConfig, InitialSamplingPercentage: 0 to 100."""
    capture = {
        "InitialSamplingPercentage": percent,
        "DestinationS3Uri": "s3://kept/captures",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    given = {"EndpointConfigName": "c", "ProductionVariants": [{"VariantName": "v"}], "DataCaptureConfig": capture}
    _, flaws = read(given, INPUTS["CreateEndpointConfig"])
    assert len(flaws) == broken, flaws
