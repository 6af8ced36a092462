"""Mistakes that no seed makes, found by what the installed SDKs declare; no program is run here."""

import sys
from pathlib import Path

import pytest

from inferway.formats.pulumi.diagnosis.mistakes import Mistake
from inferway.formats.pulumi.diagnosis.programs import diagnose
from inferway.formats.pulumi.sdk import Sdk

HEAD = """\
import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
from pulumi_azure_native import apimanagement as apim
"""


def found(folder: Path, text: str) -> tuple[Mistake, ...]:
    file = folder / "program.py"
    file.write_text(text)
    return diagnose(file, Sdk(tuple(sys.path)))


@pytest.mark.parametrize(
    ("line", "code", "replacement"),
    [
        # a class by another spelling, in another module, misspelt, and by what it takes
        ("aws.appsync.GraphQlApi('a', authentication_type='API_KEY')", "unknown-name", "aws.appsync.GraphQLApi"),
        ("aws.GraphQLApi('a', authentication_type='API_KEY')", "unknown-name", "aws.appsync.GraphQLApi"),
        ("aws.lambda_.Fonction('f', role='r')", "unknown-name", "aws.lambda_.Function"),
        ("aws.dynamo.Table('t')", "unknown-name", "aws.dynamodb"),
        ("aws.iam.InlinePolicyArgs(name='n', policy='p')", "unknown-name", "aws.iam.RoleInlinePolicyArgs"),
        ("aws.sagemakerModel('m', execution_role_arn='r')", "unknown-name", "aws.sagemaker.Model"),
        ("pulumi.exports('a', 1)", "unknown-name", "pulumi.export"),
        # keywords
        ("aws.iam.Role('r', assume_role_polcy='{}')", "unknown-argument", "assume_role_policy"),
        ("aws.iam.Role('r', assumeRolePolicy='{}')", "unknown-argument", "assume_role_policy"),
        ("aws.sagemaker.Endpoint('e')", "missing-argument", "endpoint_config_name"),
        ("aws.appsync.ApiKey(api_id='a')", "missing-name", "name"),
        ("aws.appsync.DataSourceLambdaConfigArgs(function='arn')", "unknown-argument", "function_arn"),
        ("aws.appsync.DataSourceLambdaConfigArgs()", "missing-argument", "function_arn"),
        # enumerations
        ("aws.iam.ManagedPolicy.LambdaFullAccess", "unknown-member", "aws.iam.ManagedPolicy.LAMBDA_FULL_ACCESS"),
        ("apim.SkuType.Consumption", "unknown-member", "apim.SkuType.CONSUMPTION"),
        # provider functions
        ("aws.get_regoin()", "unknown-name", "aws.get_region"),
        ("aws.get_region(nme='eu-west-1')", "unknown-argument", "name"),
    ],
)
def test_what_stops_a_program(tmp_path: Path, line: str, code: str, replacement: str) -> None:
    mistakes = [each for each in found(tmp_path, f"{HEAD}made = {line}\n") if each.finding.code == code]
    assert [each.finding.place.line for each in mistakes] == [5]
    assert mistakes[0].raises
    assert replacement in mistakes[0].finding.text


@pytest.mark.parametrize(
    ("made", "read", "replacement"),
    [
        ("aws.lambda_.Function('f', role='r')", "function_arn", "made.arn"),
        ("aws.dynamodb.Table('t')", "table_arn", "made.arn"),
        ("aws.sagemaker.Endpoint('e', endpoint_config_name='c')", "arns", "made.arn"),
        ("aws.appsync.GraphQLApi('a', authentication_type='A')", "data_source", "aws.appsync.DataSource("),
    ],
)
def test_an_output_that_is_not_there(tmp_path: Path, made: str, read: str, replacement: str) -> None:
    text = f"{HEAD}made = {made}\npulumi.export('x', made.{read})\n"
    mistakes = [each for each in found(tmp_path, text) if each.finding.code == "unknown-output"]
    assert [each.finding.place.line for each in mistakes] == [6]
    assert replacement in mistakes[0].finding.text


@pytest.mark.parametrize(
    ("read", "instead"), [("operation_id", "made.name"), ("service_name", "'s'"), ("resource_group_name", "group.name")]
)
def test_an_input_is_no_output(tmp_path: Path, read: str, instead: str) -> None:
    text = (
        f"{HEAD}group = azure.resources.ResourceGroup('g')\n"
        "made = apim.ApiOperation('o', api_id='a', display_name='d', method='GET', url_template='/',\n"
        "    resource_group_name=group.name, service_name='s')\n"
        f"apim.ApiPolicy('p', api_id=made.{read}, resource_group_name='g', service_name='s', value='')\n"
    )
    (mistake,) = found(tmp_path, text)
    assert (mistake.finding.code, mistake.finding.place.line) == ("input-read-as-output", 8)
    assert not mistake.raises
    assert mistake.finding.text.endswith(f"write {instead}")


def test_dictionaries_are_checked_as_the_arguments_they_stand_for(tmp_path: Path) -> None:
    text = (
        f"{HEAD}aws.appsync.DataSource('d', api_id='a', type='AWS_LAMBDA', lambda_config={{'functionArn': 'x'}})\n"
        "aws.appsync.DataSource('d', api_id='a', type='AWS_LAMBDA', lambda_config={'function': 'x'})\n"
    )
    mistakes = found(tmp_path, text)
    assert [(each.finding.code, each.finding.place.line, each.raises) for each in mistakes] == [
        ("missing-argument", 6, False),
        ("unknown-argument", 6, False),
    ]
    assert all("function_arn" in each.finding.text for each in mistakes)


@pytest.mark.parametrize("text", ["<your-arn>", "<arn:aws:lambda:region:account:function:f>", "<ROLE ARN>"])
def test_placeholders(tmp_path: Path, text: str) -> None:
    program = f"{HEAD}role = {text!r}\naws.lambda_.Function('f', role=role)\n"
    (mistake,) = found(tmp_path, program)
    assert (mistake.finding.code, mistake.finding.place.line) == ("placeholder", 5)


@pytest.mark.parametrize("text", ["<policies/>", "<base />", "<a></a>", "a < b > c", "<!-- x -->", "<a>\n</a>", "<>"])
def test_what_is_no_placeholder(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, f"{HEAD}aws.lambda_.Function('f', role={text!r})\n") == ()


@pytest.mark.parametrize(
    "text",
    [
        "made = aws.iam.Role('r', **given)\n",
        "made = aws.iam.Role('r', aws.iam.RoleArgs(assume_role_policy='{}'))\nmade.arn\nmade.urn\nmade.get_provider\n",
        "made = aws.iam.Role.get('r', 'id')\nmade.arn\n",
        "def aws(): pass\naws.anything\n",
        "for apim in range(3): apim.anything\n",
        "class Mine(pulumi.ComponentResource): pass\nMine('m').anything\n",
        "made = aws.iam.Role('r', assume_role_policy='') if given else aws.sqs.Queue('q')\nmade.url\n",
        "made = aws.sqs.Queue('q')\nif given: made = aws.iam.Role('r', assume_role_policy='')\nmade.url\n",
        "def f(made): return made.anything\n",
        "x = [apim.anything for apim in range(3)]\n",
        "pulumi.Config().require('x')\npulumi.Output.all(1).apply(print)\npulumi.log.info('x')\n",
        "aws.config.region\naws.iam.ManagedPolicy.AMAZON_S3_FULL_ACCESS.value\n",
        "pulumi.ResourceOptions(parent=None)\npulumi.runtime.is_dry_run()\n",
        "aws.Provider('p', region='eu-west-1')\n",
        "x: aws.iam.Role | None = None\n",
        "aws.lambda_.Function('f', role='r', environment={'variables': {'A': '1'}})\n",
        "apim.outputs.ParameterContractResponse\n",
    ],
)
def test_what_is_right_or_unknown_is_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, HEAD + text) == ()


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("from pulumi_aws.appsync import GraphQlApi", "GraphQLApi"),
        ("from pulumi_aws import GraphQLApi", "from pulumi_aws.appsync import GraphQLApi"),
        ("from pulumi_azure_native import apimanagment", "apimanagement"),
        ("from pulumi import exports", "export"),
    ],
)
def test_imports(tmp_path: Path, statement: str, hint: str) -> None:
    (mistake,) = found(tmp_path, f"{statement}\n")
    assert (mistake.finding.code, mistake.finding.place.line) == ("unknown-name", 1)
    assert hint in mistake.finding.text


def test_imported_classes_are_followed(tmp_path: Path) -> None:
    text = "from pulumi_aws.appsync import ApiKey as Key\nmade = Key('k', api_id='a')\nmade.keys\n"
    (mistake,) = found(tmp_path, text)
    assert mistake.finding.text.endswith("write made.key")


def test_the_programs_own_modules_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("")
    (tmp_path / "parts" / "roles.py").write_text(
        "import pulumi_aws as aws\naws.iam.Rolle('r', assume_role_policy='')\n"
    )
    (mistake,) = found(tmp_path, "from parts import roles\n")
    assert mistake.finding.place.file.endswith("roles.py")
    assert "aws.iam.Role" in mistake.finding.text


def test_what_is_no_python_gives_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, "def (\n") == ()
    assert found(tmp_path, "x = " + "(" * 5000 + ")" * 5000) == ()
    assert found(tmp_path, "x = " + "+".join(["a"] * 20000)) == ()


def test_the_names_of_a_mapping_are_the_user_s_and_its_values_are_looked_at(tmp_path: Path) -> None:
    # `examples` of RepresentationContractArgs is declared as Mapping[str, Input['ParameterExampleContractArgs']]
    text = f"""{HEAD}
apim.RepresentationContractArgs(
    content_type="application/json",
    examples={{
        "default": apim.ParameterExampleContractArgs(value=1),
        "other": {{"valeu": 2}},
    }},
)
"""
    mistakes = [each.finding for each in found(tmp_path, text)]
    assert [(each.code, each.place.line) for each in mistakes] == [("unknown-argument", 10)]
    assert "value" in mistakes[0].text
