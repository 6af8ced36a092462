"""What each DEPLOY.md says, as far as it can be held without an account: files, commands, roles, programs, templates.

Commands of `aws` are held to the service models that the vendor's own client is made of; those of `az` and `pulumi`
to the shell's grammar alone.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BOTOCORE: Any = import_module("botocore.session")
XFORM: Any = import_module("botocore").xform_name
CFN_LINT: Any = import_module("cfnlint.api")

ROOT = Path(__file__).parents[3]
DOORS = ROOT / "examples" / "five-doors"
NAMES = ("article", "construct", "appsync", "management", "apim")
DOCUMENTS = [*(DOORS / name / "DEPLOY.md" for name in NAMES), DOORS / "image" / "README.md"]
GIVEN = sorted((ROOT / "tests" / "golden" / "apigateway" / "resources").glob("construct*.template.json"))
COMMAND = Path(sys.executable).with_name("inferway")

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
AWS = re.compile(r"^(export \w+=\$\()?(aws .*)$", re.MULTILINE)
OWN_COMMANDS = frozenset(("s3 mb", "s3 cp", "s3 rb", "ecr get-login-password", "cloudformation deploy"))
"""What the command line makes out of several calls, or of none."""

GLOBAL = frozenset(("query", "output", "cli-binary-format"))
RENAMED = {("lambda", "zip-file")}
"""An option that is a part of a structure in the call."""


def ids(path: Path) -> str:
    return path.parent.name


def shell(document: Path) -> str:
    return "\n".join(BLOCK.findall(document.read_text("utf-8")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_it_says_what_it_must(document: Path) -> None:
    text = document.read_text("utf-8")
    assert re.search(r"\*\*[^*]*(not tried on a real|was tried on a real)[^*]*\*\*", text)
    for heading in ("## What it costs to keep", "## How to remove it"):
        assert heading in text
    assert document.parent.name == "image" or "## What to replace" in text
    assert "November 2026" in text
    assert "to be checked" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_its_commands_are_the_shell_s(document: Path) -> None:
    ended = subprocess.run(["bash", "-n"], input=shell(document), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_the_files_that_it_names_are_there(document: Path) -> None:
    named = re.findall(r"fileb?://(?!/)([^\s\"]+)", shell(document))
    missing = [name for name in named if not any((base / name).is_file() for base in (ROOT, document.parent))]
    assert missing == []
    roles = document.parent / "roles"
    assert [role.name for role in roles.glob("*.json") if role.name not in document.read_text("utf-8")] == []


@pytest.mark.parametrize("document", [*DOCUMENTS, DOORS / "README.md"], ids=ids)
def test_its_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_image_is_made_of_what_is_there() -> None:
    copied = re.findall(r"^COPY (.*) \S+$", (DOORS / "image" / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    files = [name for line in copied for name in line.split()]
    assert len(files) >= 8
    assert [name for name in files if not (ROOT / name).exists()] == []


def aws_commands() -> Iterator[tuple[str, list[str]]]:
    for document in DOCUMENTS:
        for inside, line in AWS.findall(shell(document)):
            words = shlex.split(line.removesuffix(")") if inside else line)
            yield document.parent.name, words[1 : words.index("|") if "|" in words else None]


@cache
def service_model(name: str) -> Any:
    return BOTOCORE.get_session().get_service_model(name)


def unknown(words: list[str]) -> list[str]:
    """Tell what the service's model does not have of a command."""
    service, name, *rest = words
    if f"{service} {name}" in OWN_COMMANDS:
        return []
    options = {word[2:] for word in rest if word.startswith("--")} - GLOBAL
    model = service_model(service)
    operations = {XFORM(operation, "-"): operation for operation in model.operation_names}
    if name not in operations:
        return [f"{service} has no {name}"]
    shape = model.operation_model(operations[name]).input_shape
    members = {XFORM(member, "-") for member in shape.members} if shape else set()
    required = {XFORM(member, "-") for member in shape.required_members} if shape else set()
    wrong = [f"{name} has no --{option}" for option in options - members if (service, option) not in RENAMED]
    missing = (
        required - options - ({"code"} if ("lambda", "zip-file") in {(service, one) for one in options} else set())
    )
    return [*wrong, *(f"{name} needs --{option}" for option in missing)]


def test_the_aws_commands_are_those_of_the_services() -> None:
    commands = list(aws_commands())
    assert len(commands) > 40
    found = [(folder, text) for folder, words in commands if words[1] != "wait" for text in unknown(words)]
    assert found == []


def test_a_wrong_command_would_be_seen() -> None:
    assert unknown(["sagemaker", "create-model", "--model-nam", "x"]) != []
    assert unknown(["sagemaker", "make-model"]) != []


def test_what_is_waited_for_can_be() -> None:
    for _, (service, name, *rest) in aws_commands():
        if name == "wait":
            session = BOTOCORE.get_session()
            client = session.create_client(
                service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
            )
            assert rest[0].replace("-", "_") in client.waiter_names


@pytest.mark.parametrize("role", sorted(DOORS.glob("*/roles/*.json")), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_roles_are_policies(role: Path) -> None:
    policy = json.loads(role.read_text("utf-8"))
    assert policy["Version"] == "2012-10-17"
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action) for action in actions)
        assert ("Principal" in statement) is role.stem.endswith("trust")
        assert ("Resource" in statement) is not role.stem.endswith("trust")


def test_the_management_role_allows_what_the_resolvers_ask_for_and_nothing_else() -> None:
    folder = DOORS / "management"
    text = "".join(file.read_text("utf-8") for file in folder.glob("resolvers/*.request.vtl"))
    asked = {f"sagemaker:{name}" for name in re.findall(r"SageMaker\.(\w+)", text)} | {"sagemaker:InvokeEndpoint"}
    first, second = json.loads((folder / "roles" / "sagemaker.json").read_text("utf-8"))["Statement"]
    assert set(first["Action"]) == asked
    assert second["Action"] == "iam:PassRole"
    operations = {f"dynamodb:{name}" for name in re.findall(r'"operation": "(\w+)"', text)}
    (tables,) = json.loads((folder / "roles" / "tables.json").read_text("utf-8"))["Statement"]
    assert set(tables["Action"]) == operations


@pytest.mark.parametrize(
    "program",
    ["", "appsync/corrected.py", "management/corrected.py", "apim/corrected.py"],
    ids=["all five", "appsync", "management", "apim"],
)
def test_each_program_runs_clean(example: Path, program: str, tmp_path: Path) -> None:
    """Notes explain; a warning would be of something that a client gets otherwise."""
    ended = subprocess.run(
        [COMMAND, "check", example / program, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "INFERWAY_STATE": str(tmp_path)},
    )
    said = json.loads(ended.stdout)
    assert (ended.returncode, said["errors"], said["warnings"]) == (0, 0, 0), said["findings"]
    assert said["served"] == said["routes"] >= 1


@pytest.mark.parametrize("template", GIVEN, ids=lambda path: path.stem)
def test_cfn_lint_passes_over_the_given_templates(template: Path) -> None:
    found = CFN_LINT.lint_all(template.read_text("utf-8"))
    assert [str(match) for match in found if not match.rule.id.startswith("I")] == []


def test_the_image_trains_and_serves(example: Path, tmp_path: Path) -> None:
    """The two programs that SageMaker starts, in a folder that plays /opt/ml, without a container."""
    movies = example.parent / "movies"
    configuration = tmp_path / "input" / "config"
    configuration.mkdir(parents=True)
    (configuration / "hyperparameters.json").write_text(json.dumps({"rank": "4", "data": str(movies / "data")}))
    scripts = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "ML_FOLDER": str(tmp_path),
        "PROGRAM": str(movies / "train.py"),
        "SAGEMAKER_BIND_TO_PORT": "0",
        "PATH": f"{scripts}:{os.environ['PATH']}",
    }
    trained = subprocess.run(
        [example / "image" / "train"], env=environment, capture_output=True, text=True, check=False
    )
    assert trained.returncode == 0, trained.stderr
    assert re.search(r"Held-out RMSE 0\.[89]", trained.stdout)
    assert (tmp_path / "model" / "code" / "inference.py").is_file()
    script = (example / "image" / "serve").read_text().replace("--host 0.0.0.0", "--host 127.0.0.1 --json")
    assert "--json" in script
    with subprocess.Popen(
        ["/bin/sh", "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as served:
        try:
            assert served.stdout is not None
            url = json.loads(served.stdout.readline())["invocations"]
            request = urllib.request.Request(
                url, b'{"instances": [{"in0": [321], "in1": [101]}]}', {"content-type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=20) as reply:
                (prediction,) = json.load(reply)["predictions"]
            assert 1 <= prediction["scores"][0] <= 5
        finally:
            served.terminate()
