"""Configuration: https://www.pulumi.com/docs/iac/concepts/config/ and .../projects/project-file/#config-options."""

from pathlib import Path

import pytest

from inferway.faults import Findings, Severity
from inferway.formats.pulumi import configuration
from inferway.formats.pulumi.passphrase import UnreadableError
from inferway.formats.pulumi.project import Project, find_project
from inferway.formats.resources import Environment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n")
    (tmp_path / "index.js").write_text("")
    return tmp_path


def found(folder: Path, environment: Environment | None = None) -> tuple[Project, Findings]:
    project, findings = find_project(folder, environment or Environment())
    assert project is not None
    return project, findings


def project_file(folder: Path, text: str) -> None:
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: nodejs\n{text}")


def test_types_and_defaults(folder: Path) -> None:
    project_file(
        folder,
        "config:\n  a: {type: integer, default: 3}\n  b: {type: array, items: {type: string}, default: [x]}\n"
        "  c: plain\n  d: {type: boolean}\n  e: {type: string, secret: true, default: s}\n  f: {g: {h: 1}}\n",
    )
    (folder / "Pulumi.dev.yaml").write_text("config:\n  shop:d: 'true'\n")
    project, findings = found(folder)
    assert findings == ()
    values = {key: value for key, value in project.configuration.items() if key != "aws:region"}
    assert values == {
        "shop:a": "3",
        "shop:b": '["x"]',
        "shop:c": "plain",
        "shop:d": "true",
        "shop:e": "s",
        "shop:f": '{"g":{"h":1}}',
    }
    assert project.secret_keys == {"shop:e"}


@pytest.mark.parametrize(
    ("declared", "value"),
    [("integer", "big"), ("integer", "1.5"), ("boolean", "3"), ("array", "text"), ("object", "[1]"), ("string", "[1]")],
)
def test_a_value_of_another_type_is_an_error(folder: Path, declared: str, value: str) -> None:
    project_file(folder, f"config:\n  a: {{type: {declared}}}\n")
    (folder / "Pulumi.dev.yaml").write_text(f"config:\n  shop:a: {value}\n")
    _, findings = found(folder)
    assert [(each.severity, each.code, each.place.line) for each in findings] == [(Severity.ERROR, "wrong-type", 2)]


def test_what_is_declared_and_not_given_is_an_error(folder: Path) -> None:
    project_file(folder, "config:\n  a: {type: string}\n")
    _, findings = found(folder)
    assert [(each.code, each.place.line) for each in findings] == [("missing-configuration", 4)]
    assert found(folder, Environment(parameters={"a": "given"}))[1] == ()


def test_the_stack_that_is_meant(folder: Path) -> None:
    (folder / "Pulumi.prod.yaml").write_text("config:\n  shop:a: p\n")
    project, findings = found(folder)
    assert [(each.severity, each.code) for each in findings] == [(Severity.NOTE, "other-stack")]
    assert (project.stack, project.configuration["shop:a"]) == ("prod", "p")
    (folder / "Pulumi.test.yaml").write_text("config:\n  shop:a: t\n")
    project, findings = found(folder)
    assert (project.stack, findings) == ("dev", ())
    assert "shop:a" not in project.configuration
    project, findings = found(folder, Environment(stack="me/shop/test"))
    assert (project.stack, project.configuration["shop:a"], findings) == ("test", "t", ())


def test_stack_files_may_stand_elsewhere(folder: Path) -> None:
    project_file(folder, "stackConfigDir: stacks\n")
    (folder / "stacks").mkdir()
    (folder / "stacks" / "Pulumi.dev.yml").write_text("config:\n  shop:a: 1\n")
    project, findings = found(folder)
    assert findings == ()
    assert project.configuration["shop:a"] == "1"
    assert folder / "stacks" / "Pulumi.dev.yml" in project.files


def test_secrets_are_revealed_wherever_they_stand(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Open:
        def reveal(self, text: str) -> str:
            return text.removeprefix("v1:")

    class Any:
        @staticmethod
        def of(salt: object) -> Open:
            assert salt == "v1:s"
            return Open()

    monkeypatch.setattr(configuration, "Passphrase", Any)
    (folder / "Pulumi.dev.yaml").write_text(
        "encryptionsalt: v1:s\nconfig:\n  shop:a: {secure: v1:one}\n"
        "  shop:b: {name: n, keys: [{secure: v1:two}]}\n  shop:c: open\n"
    )
    project, findings = found(folder)
    assert findings == ()
    assert project.configuration["shop:a"] == "one"
    assert project.configuration["shop:b"] == '{"name":"n","keys":["two"]}'
    assert project.secret_keys == {"shop:a", "shop:b"}


def test_secrets_that_cannot_be_read_are_errors(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        @staticmethod
        def of(salt: object) -> "Closed":
            return Closed()

        def reveal(self, text: str) -> str:
            raise UnreadableError("no passphrase is given")

    monkeypatch.setattr(configuration, "Passphrase", Closed)
    (folder / "Pulumi.dev.yaml").write_text("config:\n  shop:a: {secure: v1:one}\n")
    _, findings = found(folder)
    assert [(each.severity, each.code) for each in findings] == [(Severity.ERROR, "encrypted-configuration")]
    assert "no passphrase is given" in findings[0].text
    project, findings = found(folder, Environment(parameters={"shop:a": "given"}))
    assert (project.configuration["shop:a"], findings) == ("given", ())


def test_environments_of_esc_are_told(folder: Path) -> None:
    (folder / "Pulumi.dev.yaml").write_text("environment:\n  - prod\n")
    _, findings = found(folder)
    assert [(each.severity, each.code, each.place.line) for each in findings] == [
        (Severity.WARNING, "environment-not-read", 1)
    ]
