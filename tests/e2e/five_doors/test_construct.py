"""The construct's door: the pattern and the CDK app are one API, and cfn-lint finds nothing in what either gives."""

import json
import os
import runpy
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.convert import Conversion, load
from inferway.definition.codec import encode
from inferway.faults import Severity
from inferway.formats.resources import Environment

CFN_LINT: Any = import_module("cfnlint.api")

ROOT = Path(__file__).parents[3]
PYTHON = Path(os.environ.get("INFERWAY_CDK_PYTHON") or ROOT / ".venv-cdk" / "bin" / "python")
UNSIGNED = {"message": "Missing Authentication Token"}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def synthesized(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the CDK app's folder, in which `inferway` has synthesized it."""
    if shutil.which("node") is None:
        pytest.fail("the CDK needs Node.js: apt-get install nodejs")
    if not PYTHON.is_file() or subprocess.run([PYTHON, "-c", "import jsii, constructs"], check=False).returncode != 0:
        pytest.fail("python3 -m venv .venv-cdk && .venv-cdk/bin/python -m pip install -r requirements/cdk.txt")
    folder = tmp_path_factory.mktemp("construct") / "cdk"
    shutil.copytree(example / "construct" / "cdk", folder, ignore=shutil.ignore_patterns("cdk.out"))
    conversion = load(folder, environment=lambda: Environment(python=str(PYTHON)))
    assert errors(conversion) == []
    return folder


def errors(conversion: Conversion) -> list[str]:
    return [str(finding) for finding in conversion.findings if finding.severity is Severity.ERROR]


def content(conversion: Conversion) -> list[Any]:
    """Give the definitions without places, identifiers, and the hosts that are named by identifiers."""

    def stripped(value: Any) -> Any:
        if isinstance(value, list):
            return [stripped(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: stripped(part) for key, part in value.items() if key not in {"place", "id", "resource", "hosts"}}

    return [stripped(json.loads(encode(definition))) for definition in conversion.definitions]


def stack(folder: Path) -> dict[str, Any]:
    """Give the template that was synthesized."""
    template: dict[str, Any] = json.loads((folder / "cdk.out" / "SageMakerConstruct.template.json").read_text())
    return template


def pattern(example: Path) -> dict[str, Any]:
    """Give the pattern's template."""
    template: dict[str, Any] = runpy.run_path(str(example / "construct" / "patterns.py"))["api"].to_cloudformation()
    return template


def kinds(template: dict[str, Any]) -> list[str]:
    return sorted(made["Type"] for made in template["Resources"].values())


def test_the_pattern_and_the_cdk_app_are_one_api(example: Path, synthesized: Path) -> None:
    made = load(example / "construct" / "patterns.py")
    assert errors(made) == []
    assert content(made) == content(load(synthesized))
    (api,) = made.definitions
    assert [(route.method, route.path, route.authorization) for route in api.routes] == [
        ("GET", "/predicted-ratings/{user_id}", "AWS_IAM")
    ]


def test_the_two_templates_have_the_same_resources(example: Path, synthesized: Path) -> None:
    assert kinds(pattern(example)) == kinds(stack(synthesized))


def test_the_two_programs_have_the_same_templates(example: Path) -> None:
    """The lines between the quotes, which a reader compares."""
    first, second = (example / "construct" / name for name in ("patterns.py", "cdk/app.py"))
    given, wanted = (file.read_text().split('"""') for file in (first, second))
    assert (given[3], given[5]) == (wanted[3], wanted[5])


def linted(template: dict[str, Any]) -> list[str]:
    """Give what cfn-lint warns of; its informational rules ask for a style that the CDK does not have."""
    return [str(match) for match in CFN_LINT.lint_all(json.dumps(template)) if not match.rule.id.startswith("I")]


def test_cfn_lint_finds_what_is_wrong(example: Path) -> None:
    template = pattern(example)
    method = next(made for made in template["Resources"].values() if made["Type"] == "AWS::ApiGateway::Method")
    method["Properties"]["HttpMethods"] = method["Properties"].pop("HttpMethod")
    assert linted(template) != []


def test_cfn_lint_finds_nothing_in_the_pattern_s_template(example: Path) -> None:
    assert linted(pattern(example)) == []


def test_cfn_lint_finds_nothing_in_the_cdk_app_s_template(synthesized: Path) -> None:
    assert linted(stack(synthesized)) == []


def test_the_cdk_app_is_served_as_the_pattern_is(start: Any, example: Path, synthesized: Path, five: Any) -> None:
    """With the folder's own bindings, from the assembly that stands beside the app."""
    bindings = synthesized / "inferway.toml"
    text = (example / "construct" / "inferway.toml").read_text()
    roles = f'"{example}/construct/roles'
    bindings.write_text(text.replace('"../../movies', f'"{example.parent}/movies').replace('"roles', roles))
    gateway = start(synthesized)
    assert gateway.construct(321, [101, 131]) == five.construct(321, [101, 131])


@pytest.mark.parametrize("program", ["construct/patterns.py", "article/openapi.yaml"])
def test_the_address_is_that_of_the_api_and_its_stage(five: Any, program: str) -> None:
    api = program.partition("/")[0]
    assert f"{five.url}/{api}/prod" in [served["url"] for served in five.apis]


def test_a_call_without_a_signature_is_refused(five: Any) -> None:
    """API Gateway's text for a request to an IAM method that has no signature at all."""
    answer = five.send("GET", "/construct/prod/predicted-ratings/321?items=101")
    assert (answer.status, answer.json) == (403, UNSIGNED)
    assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def test_the_caller_may_call_nothing_else(five: Any) -> None:
    """The identity's policy names this one resource of the stage."""
    policy = json.loads((ROOT / "examples" / "five-doors" / "construct" / "roles" / "caller.json").read_text())
    (statement,) = policy["Statement"]
    assert statement["Resource"].endswith("/prod/GET/predicted-ratings/*")
