"""Expected values: "AWS SAM resources and properties" and "Generated CloudFormation resources" of the SAM guide.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FUNCTION = """\
  Predict:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
"""
EVENT = """\
      Events:
        Post:
          Type: Api
          Properties: {Path: /predict, Method: post}
"""


def test_a_function_keeps_its_local_folder(sam: Callable[..., Any], tmp_path: Path) -> None:
    made = sam(FUNCTION)
    assert made.findings == []
    function = made.one("Lambda::Function")
    assert function.properties["Code"]["LocalPath"] == str(tmp_path / "src")
    assert (function.properties["Runtime"], function.properties["Handler"]) == ("python3.12", "app.handler")
    assert function.properties["Role"] == "arn:PredictRole"


@pytest.mark.parametrize("uri", ["src", "./src/", "code.zip", "a b/c#d?e%20", "../beside"])
def test_a_path_is_kept_as_it_is(sam: Callable[..., Any], tmp_path: Path, uri: str) -> None:
    made = sam(FUNCTION.replace("src/", f'"{uri}"'))
    path = Path(made.one("Lambda::Function").properties["Code"]["LocalPath"])
    assert path == (tmp_path / uri.removeprefix("./").rstrip("/") if "../" not in uri else tmp_path.parent / "beside")


def test_code_in_a_bucket_stays_there(sam: Callable[..., Any]) -> None:
    made = sam(FUNCTION.replace("src/", "s3://mine/key.zip"))
    assert made.one("Lambda::Function").properties["Code"] == {"S3Bucket": "mine", "S3Key": "key.zip"}
    made = sam(FUNCTION.replace("src/", "{Bucket: mine, Key: key.zip}"))
    assert made.one("Lambda::Function").properties["Code"] == {"S3Bucket": "mine", "S3Key": "key.zip"}


def test_a_function_without_code_has_the_templates_folder(sam: Callable[..., Any], tmp_path: Path) -> None:
    made = sam(FUNCTION.replace("      CodeUri: src/\n", ""))
    assert made.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path)


def test_code_that_parameters_and_mappings_name(sam: Callable[..., Any], tmp_path: Path) -> None:
    head = "Parameters:\n  Folder: {Type: String, Default: one}\nMappings:\n  M:\n    A: {B: three}\n"
    named = sam(FUNCTION.replace("src/", "!Ref Folder"), head)
    assert named.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path / "one")
    named = sam(FUNCTION.replace("src/", "!Sub '${Folder}/x'"), head, parameters={"Folder": "two"})
    assert named.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path / "two" / "x")
    named = sam(FUNCTION.replace("src/", "!FindInMap [M, A, B]"), head)
    assert named.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path / "three")
    assert named.findings == []


def test_inline_code_and_layers(sam: Callable[..., Any], tmp_path: Path) -> None:
    layer = """\
  Tools:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer, LayerName: tools}
"""
    inline = "InlineCode: 'def handler(e, c): pass'\n      Layers: [!Ref Tools]\n"
    made = sam(FUNCTION.replace("CodeUri: src/\n", inline) + layer)
    assert made.findings == []
    function, version = made.one("Lambda::Function"), made.one("Lambda::LayerVersion")
    assert function.properties["Code"] == {"ZipFile": "def handler(e, c): pass"}
    assert function.properties["Layers"] == [version.id]
    assert version.properties["Content"]["LocalPath"] == str(tmp_path / "layer")
    assert version.places.find().line == made.line("  Tools:")


def test_globals_are_part_of_each(sam: Callable[..., Any], tmp_path: Path) -> None:
    head = """\
Globals:
  Function:
    CodeUri: shared
    Timeout: 7
    MemorySize: 512
    Environment: {Variables: {A: b}}
"""
    made = sam(FUNCTION.replace("      CodeUri: src/\n", ""), head)
    function = made.one("Lambda::Function")
    assert function.properties["Code"]["LocalPath"] == str(tmp_path / "shared")
    assert (function.properties["Timeout"], function.properties["MemorySize"]) == (7, 512)
    assert function.properties["Environment"] == {"Variables": {"A": "b"}}
    assert function.places.find("Timeout").line == made.line("Timeout")


def test_an_image_stays_an_image(sam: Callable[..., Any]) -> None:
    made = sam("  Image:\n    Type: AWS::Serverless::Function\n    Properties: {PackageType: Image}\n")
    assert made.findings == []
    properties = made.one("Lambda::Function").properties
    assert (properties["PackageType"], list(properties["Code"])) == ("Image", ["ImageUri"])


def test_events_make_an_api(sam: Callable[..., Any]) -> None:
    made = sam(FUNCTION + EVENT)
    assert made.findings == []
    api = made.one("ApiGateway::RestApi")
    integration = api.properties["Body"]["paths"]["/predict"]["post"]["x-amazon-apigateway-integration"]
    assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
    assert "arn:Predict/invocations" in integration["uri"]
    assert [stage.properties["StageName"] for stage in made.of("ApiGateway::Stage")] == ["Prod"]


def test_places_are_those_of_the_template(sam: Callable[..., Any]) -> None:
    made = sam(FUNCTION + EVENT)
    api, function = made.one("ApiGateway::RestApi"), made.one("Lambda::Function")
    assert function.places.find("Handler").line == made.line("Handler")
    assert function.places.find("Code").line == made.line("CodeUri")
    assert api.places.find().line == made.line("Post:")
    method = api.places.find("Body", "paths", "/predict", "post", "x-amazon-apigateway-integration")
    assert method.line == made.line("Post:")
    (permission,) = made.of("Lambda::Permission")
    assert permission.places.find().line == made.line("Post:")
    assert {resource.places.find().file for resource in made.graph.resources} == {str(made.path)}


API = """\
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Variables: {colour: blue}
      BinaryMediaTypes: [image~1png]
      CacheClusterEnabled: true
      CacheClusterSize: "0.5"
      MethodSettings:
        - {ResourcePath: /x, HttpMethod: GET, CachingEnabled: true}
      GatewayResponses:
        DEFAULT_4XX:
          ResponseTemplates: {application/json: '{"m": 1}'}
      Auth:
        ApiKeyRequired: true
        UsagePlan:
          CreateUsagePlan: PER_API
          Throttle: {RateLimit: 5, BurstLimit: 2}
      DefinitionBody:
        openapi: 3.0.1
        info: {title: mine, version: "1"}
        paths:
          /x:
            get:
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates:
                  application/json: |
                    #set( $x = 1 )
                    {"statusCode": 200}
"""


def test_an_api_and_what_belongs_to_it(sam: Callable[..., Any]) -> None:
    made = sam(API)
    assert made.findings == []
    api, stage = made.one("ApiGateway::RestApi"), made.one("ApiGateway::Stage")
    assert api.properties["Body"]["info"]["title"] == "mine"
    assert api.properties["Body"]["x-amazon-apigateway-binary-media-types"] == ["image/png"]
    assert api.properties["Body"]["x-amazon-apigateway-gateway-responses"]["DEFAULT_4XX"]["responseTemplates"] == {
        "application/json": '{"m": 1}'
    }
    assert (stage.properties["StageName"], stage.properties["Variables"]) == ("v1", {"colour": "blue"})
    assert stage.properties["CacheClusterEnabled"] is True
    assert stage.properties["MethodSettings"][0]["CachingEnabled"] is True
    plan = made.one("ApiGateway::UsagePlan")
    assert plan.properties["Throttle"] == {"RateLimit": 5, "BurstLimit": 2}
    assert plan.properties["ApiStages"] == [{"ApiId": "Api", "Stage": stage.id}]
    assert made.one("ApiGateway::UsagePlanKey").properties["UsagePlanId"] == plan.id


def test_lines_within_a_template_are_those_of_the_file(sam: Callable[..., Any]) -> None:
    made = sam(API)
    path = ("Body", "paths", "/x", "get", "x-amazon-apigateway-integration", "requestTemplates", "application/json")
    inside = made.one("ApiGateway::RestApi").places.inside(2, 1, *path)
    assert inside.line == made.line('{"statusCode": 200}')
    setting = made.one("ApiGateway::Stage").places.find("MethodSettings", 0, "CachingEnabled")
    assert setting.line == made.line("CachingEnabled")


def test_a_shared_usage_plan_is_one(sam: Callable[..., Any]) -> None:
    two = API.replace("PER_API", "SHARED") + API.replace("PER_API", "SHARED").replace("  Api:", "  Other:")
    made = sam(two)
    plan = made.one("ApiGateway::UsagePlan")
    assert [stage["ApiId"] for stage in plan.properties["ApiStages"]] == ["Api", "Other"]
    assert plan.places.find().line == made.line("  Api:")


def test_a_document_in_a_file_is_named(sam: Callable[..., Any], tmp_path: Path) -> None:
    resources = (
        "  Api:\n    Type: AWS::Serverless::Api\n    Properties: {StageName: v1, DefinitionUri: ./openapi.yaml}\n"
    )
    made = sam(resources, files={"openapi.yaml": "openapi: 3.0.1\n"})
    location = made.one("ApiGateway::RestApi").properties["BodyS3Location"]
    assert location["LocalPath"] == str(tmp_path / "openapi.yaml")
    assert tmp_path / "openapi.yaml" in made.graph.files


def test_apis_without_names_are_told_apart(sam: Callable[..., Any]) -> None:
    other = "  Other:\n    Type: AWS::Serverless::Api\n    Properties: {StageName: v1}\n"
    event = EVENT.replace("post}", "post, RestApiId: !Ref Other}") + EVENT.replace("      Events:\n", "").replace(
        "Post:", "Open:"
    )
    made = sam(FUNCTION + event + other, stack="movies")
    titles = sorted(api.properties["Body"]["info"]["title"] for api in made.of("ApiGateway::RestApi"))
    assert titles in (["movies", "movies-Other"], ["movies", "movies-ServerlessRestApi"])
    assert made.codes == ["same-name"]


def test_a_simple_table(sam: Callable[..., Any]) -> None:
    kind = "Type: AWS::Serverless::SimpleTable"
    key = "PrimaryKey: {Name: user, Type: Number}"
    made = sam(f"  T:\n    {kind}\n    Properties: {{{key}}}\n  U:\n    {kind}\n")
    first, second = made.of("DynamoDB::Table")
    assert first.properties["KeySchema"] == [{"AttributeName": "user", "KeyType": "HASH"}]
    assert first.properties["AttributeDefinitions"] == [{"AttributeName": "user", "AttributeType": "N"}]
    assert second.properties["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]


def test_references_conditions_and_outputs_hold_across(sam: Callable[..., Any]) -> None:
    head = """\
Parameters:
  Large: {Type: String, Default: "no"}
Conditions:
  IsLarge: !Equals [!Ref Large, "yes"]
Outputs:
  Url: {Value: !Sub "https://${ServerlessRestApi}/Prod"}
  Arn: {Value: !GetAtt Predict.Arn}
"""
    conditional = FUNCTION.replace("  Predict:", "  Second:").replace(
        "    Properties:", "    Condition: IsLarge\n    Properties:"
    )
    made = sam(FUNCTION + EVENT + conditional, head)
    assert made.findings == []
    assert [function.name for function in made.of("Lambda::Function")] == ["Predict"]
    assert {output.name: output.value for output in made.graph.outputs} == {
        "Url": "https://ServerlessRestApi/Prod",
        "Arn": "arn:Predict",
    }
    made = sam(FUNCTION + EVENT + conditional, head, parameters={"Large": "yes"})
    assert len(made.of("Lambda::Function")) == 2


def test_loops_are_written_out_before(sam: Callable[..., Any], tmp_path: Path) -> None:
    body = FUNCTION.replace("  Predict:", "  ${Name}:").replace("src/", "!Sub 'src/${Name}'")
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    loop = f"  Fn::ForEach::All:\n    - Name\n    - [One, Two]\n    -\n{indented}"
    made = sam(loop, transform="[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]")
    assert made.findings == []
    assert [function.properties["Code"]["LocalPath"] for function in made.of("Lambda::Function")] == [
        str(tmp_path / "src" / name) for name in ("One", "Two")
    ]


def test_included_parts_keep_their_files(sam: Callable[..., Any], tmp_path: Path) -> None:
    include = "  Fn::Transform:\n    Name: AWS::Include\n    Parameters: {Location: more.yaml}\n"
    made = sam(include, files={"more.yaml": FUNCTION.replace("  Predict", "Predict").replace("\n  ", "\n")})
    assert made.findings == []
    place = made.one("Lambda::Function").places.find("Handler")
    assert (place.file, place.line) == (str(tmp_path / "more.yaml"), 5)
    assert tmp_path / "more.yaml" in made.graph.files


NESTED = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Folder: {Type: String}
Resources:
  Inner:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: !Ref Folder}
Outputs:
  Arn: {Value: !GetAtt Inner.Arn}
"""


def test_a_nested_application_is_read(sam: Callable[..., Any], tmp_path: Path) -> None:
    application = """\
  App:
    Type: AWS::Serverless::Application
    Properties:
      Location: apps/inner.yaml
      Parameters: {Folder: code}
"""
    made = sam(
        application,
        "Outputs:\n  Arn: {Value: !GetAtt App.Outputs.Arn}\n",
        files={"apps/inner.yaml": NESTED},
    )
    assert made.findings == []
    function = made.one("Lambda::Function")
    assert function.name == "App.Inner"
    assert function.properties["Code"]["LocalPath"] == str(tmp_path / "apps" / "code")
    assert function.places.find("Handler").file == str(tmp_path / "apps" / "inner.yaml")
    assert [output.value for output in made.graph.outputs] == ["arn:App.Inner"]
    assert tmp_path / "apps" / "inner.yaml" in made.graph.files


def test_an_application_of_the_repository_is_said(sam: Callable[..., Any]) -> None:
    location = "{ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/x', SemanticVersion: 1.0.0}"
    made = sam(f"  App:\n    Type: AWS::Serverless::Application\n    Properties: {{Location: {location}}}\n{FUNCTION}")
    assert made.codes == ["unserved-nested-stack"]
    assert made.findings[0].place.line == made.line("  App:")
    assert len(made.of("Lambda::Function")) == 1


def test_an_api_with_a_name_of_its_own_shares_none(sam: Callable[..., Any]) -> None:
    """`Name` counts before the document's title (AWS::ApiGateway::RestApi); one API alone has the stack's."""
    event = "{Type: Api, Properties: {RestApiId: !Ref Named, Path: /b, Method: get}}"
    made = sam(
        f"""\
  Named: {{Type: AWS::Serverless::Api, Properties: {{StageName: prod, Name: mine}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
      Events: {{A: {event}, B: {{Type: Api, Properties: {{Path: /a, Method: get}}}}}}
"""
    )
    assert made.codes == []
