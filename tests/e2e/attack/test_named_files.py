"""Definitions that name files which can be none: a finding with its place each time, and nothing is waited for."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
ODD = {"long": "a" * 5000, "NUL": "a\0b", "endless": "/dev/zero", "pipe": "pipe", "loop": "loop"}


def check(path: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, "check", path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        errors="replace",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "1000"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return tmp_path


def cloudformation(name: str) -> tuple[str, Any]:
    return "template.json", {
        "Resources": {
            "Stack": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": name}},
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"BodyS3Location": name}},
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Code": name,
                    "Handler": "a.b",
                    "Runtime": "python3.13",
                    "Role": "arn:aws:iam::1:role/r",
                },
            },
        }
    }


def arm(name: str) -> tuple[str, Any]:
    return "azuredeploy.json", {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "resources": [
            {
                "type": "Microsoft.Resources/deployments",
                "apiVersion": "2022-09-01",
                "name": f"by-{how}",
                "properties": {"mode": "Incremental", "templateLink": {how: name}},
            }
            for how in ("relativePath", "uri")
        ],
    }


def assembly(name: str) -> tuple[str, Any]:
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/unknown-region",
        "properties": {"templateFile": name},
    }
    return "manifest.json", {"version": "36.0.0", "artifacts": {"Stack": stack}}


STATUSES = (1, 126, 127)
"""What `check` ends with: its own, or that of a shell which cannot run an app's command, or does not find it."""


def app(name: str) -> tuple[str, Any]:
    return "cdk.json", {"app": name}


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
@pytest.mark.parametrize("write", [cloudformation, arm, assembly, app])
def test_what_can_be_no_file_is_a_finding(folder: Path, write: Any, name: str) -> None:
    file, definition = write(name)
    (folder / file).write_text(json.dumps(definition))
    done = check(folder / file)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert done.returncode in (STATUSES if write is app else (1,)), said
    assert f"{folder}/" in done.stdout


def test_a_command_that_is_longer_than_a_system_takes_is_a_finding(folder: Path) -> None:
    (folder / "cdk.json").write_text(json.dumps({"app": f"true {'x' * 3_000_000}"}))
    done = check(folder)
    assert done.returncode == 126
    assert "Argument list too long [program-failed]" in done.stdout
