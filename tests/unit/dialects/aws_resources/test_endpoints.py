"""Endpoints that definitions declare, in templates and programs."""

from pathlib import Path

from inferway.convert import load
from inferway.definition.balancing import Routing
from inferway.definition.endpoints import AsyncInference, BoundShadow, BoundVariant, Capture, DeclaredEndpoint
from inferway.dialects.aws_resources.endpoints import declared_endpoints
from inferway.faults import Findings, Place
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph

TEMPLATE = """
Resources:
  Blue:
    Type: AWS::SageMaker::Model
    Properties: {ExecutionRoleArn: "arn:aws:iam::000000000000:role/x", PrimaryContainer: {Image: i}}
  Green:
    Type: AWS::SageMaker::Model
    Properties: {ModelName: green-7, ExecutionRoleArn: "arn:aws:iam::000000000000:role/x", PrimaryContainer: {Image: i}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: main
          ModelName: !GetAtt Blue.ModelName
          InitialVariantWeight: 2
          InitialInstanceCount: 1
          InstanceType: ml.m5.large
          RoutingConfig: {RoutingStrategy: LEAST_OUTSTANDING_REQUESTS}
      ShadowProductionVariants:
        - VariantName: next
          ModelName: !GetAtt Green.ModelName
          InitialVariantWeight: 0.5
          InitialInstanceCount: 1
          InstanceType: ml.m5.large
      DataCaptureConfig:
        EnableCapture: true
        InitialSamplingPercentage: 30
        DestinationS3Uri: s3://captures/movies
        CaptureOptions: [{CaptureMode: Input}]
        CaptureContentTypeHeader: {JsonContentTypes: [application/json]}
      AsyncInferenceConfig:
        ClientConfig: {MaxConcurrentInvocationsPerInstance: 7}
        OutputConfig:
          S3OutputPath: s3://results/movies
          S3FailurePath: s3://failures/movies
          NotificationConfig: {SuccessTopic: "arn:aws:sns:us-east-1:000000000000:done"}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: movies, EndpointConfigName: !GetAtt Config.EndpointConfigName}
  Alone:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: alone, EndpointConfigName: not-here}
"""


def expected(place: Place, model: str) -> DeclaredEndpoint:
    return DeclaredEndpoint(
        name="movies",
        variants=(BoundVariant(name="main", model=model, weight=2.0),),
        shadows=(BoundShadow(name="next", model="green-7", sampling=25.0),),
        routing=Routing.LEAST_OUTSTANDING_REQUESTS,
        capture=Capture(
            destination="s3://captures/movies", sampling=30.0, input=True, output=False, json=("application/json",)
        ),
        asynchronous=AsyncInference(output="s3://results/movies", failure="s3://failures/movies", concurrency=7),
        place=place,
    )


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings if "SageMaker" in finding.text or "notified" in finding.text]


def test_a_template_s_endpoint_is_read_with_its_configuration(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    conversion = load(file, "cloudformation", Environment)
    (endpoint,) = conversion.declared.endpoints
    assert endpoint == expected(endpoint.place, "Blue")
    assert TEMPLATE.splitlines()[endpoint.place.line - 1].strip() == "Endpoint:"
    assert codes(conversion.findings) == ["unserved-notification"]


def test_a_program_s_endpoint_is_read_with_its_configuration() -> None:
    place = OnePlace(Place(file="Pulumi.yaml", line=3))

    def resource(kind: str, logical: str, /, **properties: object) -> Resource:
        return Resource(type=f"aws:sagemaker/{kind}", name=logical, properties=properties, places=place, id=logical)

    graph = ResourceGraph(
        resources=(
            resource("model:Model", "blue", name="blue-1"),
            resource(
                "endpointConfiguration:EndpointConfiguration",
                "config",
                productionVariants=[
                    {
                        "variantName": "main",
                        "modelName": "blue-1",
                        "initialVariantWeight": 2,
                        "routingConfigs": [{"routingStrategy": "LEAST_OUTSTANDING_REQUESTS"}],
                    }
                ],
                shadowProductionVariants=[{"variantName": "next", "modelName": "green-7", "initialVariantWeight": 0.5}],
                dataCaptureConfig={
                    "enableCapture": True,
                    "initialSamplingPercentage": 30,
                    "destinationS3Uri": "s3://captures/movies",
                    "captureOptions": [{"captureMode": "Input"}],
                    "captureContentTypeHeader": {"jsonContentTypes": ["application/json"]},
                },
                asyncInferenceConfig={
                    "clientConfig": {"maxConcurrentInvocationsPerInstance": 7},
                    "outputConfig": {"s3OutputPath": "s3://results/movies", "s3FailurePath": "s3://failures/movies"},
                },
            ),
            resource("endpoint:Endpoint", "endpoint", name="movies", endpointConfigName="config"),
        )
    )
    endpoints, findings = declared_endpoints(graph)
    assert endpoints == (expected(Place(file="Pulumi.yaml", line=3), "blue-1"),)
    assert findings == ()


def test_what_makes_no_sense_is_a_finding_or_left_out() -> None:
    place = OnePlace(Place(file="f", line=1))
    config = {
        "ProductionVariants": [
            {"VariantName": "a", "InitialVariantWeight": "much", "RoutingConfig": {"RoutingStrategy": "KV_AWARE"}}
        ],
        "DataCaptureConfig": {"EnableCapture": False},
        "EndpointConfigName": "c",
    }
    graph = ResourceGraph(
        resources=(
            Resource(type="AWS::SageMaker::EndpointConfig", name="C", properties=config, places=place),
            Resource(type="AWS::SageMaker::Endpoint", name="E", properties={"EndpointConfigName": "c"}, places=place),
        )
    )
    (endpoint,), findings = declared_endpoints(graph)
    assert (endpoint.name, endpoint.capture, endpoint.variants[0].weight) == ("E", None, 1.0)
    assert {finding.code for finding in findings} == {"bad-number", "unserved-routing"}
