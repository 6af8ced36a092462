"""A CDK app in JavaScript, run by its `cdk.json` with the real library, which Python's package of it carries inside."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from inferway.convert import Conversion, load
from inferway.faults import Severity
from inferway.formats.resources import Environment

ROOT = Path(__file__).parents[3]
PYTHON = Path(os.environ.get("INFERWAY_CDK_PYTHON") or ROOT / ".venv-cdk" / "bin" / "python")
PACKAGES = {
    "aws-cdk-lib": "aws_cdk/_jsii",
    "constructs": "constructs/_jsii",
    "@aws-cdk/cloud-assembly-schema": "aws_cdk/cloud_assembly_schema/_jsii",
}
"""npm's packages, and the folders of Python's packages that carry each."""

APP = """\
const cdk = require('aws-cdk-lib');
const apigateway = require('aws-cdk-lib/aws-apigateway');
const ec2 = require('aws-cdk-lib/aws-ec2');
const lambda = require('aws-cdk-lib/aws-lambda');
const path = require('path');

const app = new cdk.App();

function code(scope, id, bundling) {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_20_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(path.join(__dirname, 'function'), { bundling }),
  });
}

class Movies extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const nested = new cdk.NestedStack(this, 'Nested');
    const api = new apigateway.RestApi(this, 'Api', { restApiName: `${id} movies` });
    const own = new apigateway.LambdaIntegration(code(this, 'Own'));
    const inner = new apigateway.LambdaIntegration(code(nested, 'Inner'));
    api.root.addResource('own').addMethod('GET', own);
    api.root.addResource('inner').addMethod('GET', inner);
    if (this.node.tryGetContext('bundle')) {
      code(this, 'Bundled', { image: cdk.DockerImage.fromRegistry('none'), command: ['true'] });
    }
    if (props) {
      ec2.Vpc.fromLookup(this, 'Network', { isDefault: true });
    }
    cdk.Annotations.of(this).addWarning('mind the cost');
  }
}

const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
new Movies(app, 'Main', { env });
new Movies(new cdk.Stage(app, 'Prod'), 'Staged');
if (app.node.tryGetContext('fail')) {
  throw new Error('no such table');
}
app.synth();
"""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the library; fail with what installs it."""
    if shutil.which("node") is None:
        pytest.fail("the CDK needs Node.js: apt-get install nodejs")
    modules = tmp_path_factory.mktemp("library") / "node_modules"
    for name, carrier in PACKAGES.items():
        found = list(PYTHON.parents[1].glob(f"lib/python*/site-packages/{carrier}/*.jsii.tgz"))
        if not found:
            pytest.fail("python3 -m venv .venv-cdk && .venv-cdk/bin/python -m pip install -r requirements/cdk.txt")
        (modules / name).mkdir(parents=True)
        subprocess.run(["tar", "-xzf", found[0], "--strip-components=1", "-C", modules / name], check=True)
    return modules


def write(folder: Path, library: Path) -> Path:
    (folder / "node_modules").symlink_to(library)
    (folder / "app.js").write_text(APP, "utf-8")
    (folder / "function").mkdir()
    (folder / "function" / "index.js").write_text("exports.handler = async () => ({ statusCode: 200 })", "utf-8")
    (folder / "cdk.json").write_text('{"app": "node app.js"}', "utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path, library: Path) -> Path:
    return write(tmp_path, library)


class Made(NamedTuple):
    """A project, and what came of it."""

    project: Path
    conversion: Conversion


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Made:
    """Run the app once for what several tests ask: it takes some seconds."""
    project = write(tmp_path_factory.mktemp("project"), library)
    return Made(project, synthesized(project))


def synthesized(project: Path, **context: str) -> Conversion:
    return load(project, environment=lambda: Environment(parameters=context, account="111111111111"))


def codes(conversion: Conversion, *severities: Severity) -> list[str]:
    return sorted({finding.code for finding in conversion.findings if finding.severity in severities})


def test_stacks_nested_stacks_and_stages_are_read(made: Made) -> None:
    project, conversion = made
    assert codes(conversion, Severity.ERROR) == []
    assert sorted(api.name for api in conversion.definitions) == ["Main movies", "Staged movies"]
    for api in conversion.definitions:
        assert sorted(route.path for route in api.routes) == ["/inner", "/own"]
    assert {function.path for function in conversion.declared.functions} == {str(project / "function")}
    assert len(conversion.declared.functions) == 4
    assert project / "app.js" in conversion.files
    assert [file for file in conversion.files if "node_modules" in file.parts] == []


def test_what_the_app_says_and_misses_is_said(made: Made) -> None:
    (missing,) = (finding for finding in made.conversion.findings if finding.code == "missing-context")
    assert "vpc-provider:account=111111111111" in missing.text
    said = [finding.text for finding in made.conversion.findings if finding.code == "cdk-annotation"]
    assert sorted(said) == ["Main: mind the cost", "Prod/Staged: mind the cost"]


def test_a_value_that_was_looked_up_once_is_not_missed(project: Path) -> None:
    key = "vpc-provider:account=222222222222:filter.isDefault=true:region=eu-west-1:returnAsymmetricSubnets=true"
    network = {"vpcId": "vpc-1", "vpcCidrBlock": "10.0.0.0/16", "ownerAccountId": "2", "availabilityZones": []}
    (project / "cdk.context.json").write_text(json.dumps({key: {**network, "subnetGroups": []}}), "utf-8")
    made = load(project)
    assert codes(made, Severity.ERROR) == []
    assert [finding.code for finding in made.findings if finding.code == "missing-context"] == []


def test_what_cannot_be_bundled_runs_from_its_source(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_DOCKER", "no-such-docker-here")
    made = synthesized(project, bundle="yes")
    assert codes(made, Severity.ERROR) == []
    assert "unbundled-assets" in codes(made, Severity.WARNING)
    assert len(made.declared.functions) == 6


def test_an_error_has_its_line(project: Path) -> None:
    made = synthesized(project, fail="yes")
    (finding,) = made.findings
    assert finding.text.splitlines()[0] == "the program failed: Error: no such table"
    line = APP.splitlines().index("  throw new Error('no such table');") + 1
    assert (finding.place.file, finding.place.line) == (str(project / "app.js"), line)


def test_a_folder_that_the_command_line_synthesized_is_read_as_it_is(project: Path) -> None:
    out = project / "cdk.out"
    settings = json.loads((project / "cdk.json").read_text("utf-8"))
    settings["app"] = f"CDK_OUTDIR={out} node app.js && {sys.executable} -c ''"
    (project / "cdk.json").write_text(json.dumps(settings), "utf-8")
    first = synthesized(project)
    assert (out / "manifest.json").is_file()
    again = load(out)
    assert codes(again, Severity.ERROR) == []
    assert [api.name for api in again.definitions] == [api.name for api in first.definitions]
