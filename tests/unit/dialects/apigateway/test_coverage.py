"""What is said of each type."""

from inferway.dialects.apigateway.coverage import COVERAGE
from inferway.dialects.apigateway.provisioning import TYPES
from inferway.formats.resources import Coverage


def test_every_type_of_the_service_has_its_line() -> None:
    assert set(TYPES) <= set(COVERAGE)
    for kind, (_, text) in COVERAGE.items():
        assert text, kind
        assert "\n" not in text
        assert not text.endswith("."), kind


def test_what_is_served_read_and_ignored() -> None:
    """As the findings of each have it."""
    told = {kind: coverage for kind, (coverage, _) in COVERAGE.items()}
    assert told["openapi:document"] is Coverage.SERVED
    assert told["AWS::ApiGateway::Method"] is told["aws:apigateway/method:Method"] is Coverage.SERVED
    assert told["AWS::ApiGateway::DocumentationPart"] is Coverage.READ
    assert told["AWS::ApiGateway::Account"] is Coverage.READ
    assert told["AWS::ApiGateway::VpcLink"] is Coverage.IGNORED
