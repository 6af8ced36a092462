from pathlib import Path

import pytest

from inferway.formats.pulumi.project import Project, find_project, imports_pulumi
from inferway.formats.pulumi.reader import recognises
from inferway.formats.resources import Environment


def found(path: Path, environment: Environment | None = None) -> Project:
    project, findings = find_project(path, environment or Environment())
    assert findings == ()
    assert project is not None
    return project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import pulumi\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import pulumi\n", True),
        ("  from pulumi_aws import iam\n", True),
        ("import pulumi_azure_native as azure\n", True),
        ("import pulumist\n", False),
        ("# import pulumi\n", False),
        ("import json\n", False),
    ],
)
def test_a_program_imports_pulumi(tmp_path: Path, text: str, expected: bool) -> None:
    file = tmp_path / "a.py"
    file.write_text(text)
    assert imports_pulumi(file) is recognises(file) is expected


def test_what_is_recognised(folder: Path, tmp_path: Path) -> None:
    assert recognises(folder)
    assert recognises(folder / "Pulumi.yaml")
    assert recognises(folder / "__main__.py")
    assert not recognises(tmp_path / "nothing.py")
    (folder / "other.yaml").write_text("name: shop\n")
    assert not recognises(folder / "other.yaml")


def test_a_folder_its_file_and_its_program_are_one_project(folder: Path) -> None:
    for path in (folder, folder / "Pulumi.yaml", folder / "__main__.py"):
        project = found(path)
        assert (project.name, project.main.name) == ("shop", "__main__.py")
        assert {file.name for file in project.files} == {"__main__.py", "Pulumi.yaml"}


def test_a_program_alone_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "movies.py").write_text("import pulumi\n")
    assert found(tmp_path / "movies.py").name == "movies"


def test_the_project_names_its_program_and_its_virtual_environment(folder: Path) -> None:
    (folder / "app" / "venv" / "bin").mkdir(parents=True)
    (folder / "app" / "__main__.py").write_text("import pulumi\n")
    (folder / "app" / "venv" / "bin" / "python").write_text("")
    text = "name: shop\nmain: app\nruntime:\n  name: python\n  options:\n    virtualenv: app/venv\n"
    (folder / "Pulumi.yaml").write_text(text)
    project = found(folder)
    assert project.main == (folder / "app" / "__main__.py").resolve()
    assert project.python == str(folder.resolve() / "app" / "venv" / "bin" / "python")
    assert found(folder, Environment(python="/p")).python == "/p"


@pytest.mark.parametrize(("runtime", "told"), [("python", ["no-virtualenv"]), ("nodejs", [])])
def test_a_virtual_environment_that_is_not_there_is_told(folder: Path, runtime: str, told: list[str]) -> None:
    (folder / "Pulumi.yaml").write_text(f"name: p\nruntime:\n  name: {runtime}\n  options: {{virtualenv: venv}}\n")
    (folder / "__main__.py").write_text("import pulumi\n")
    (folder / "index.js").write_text("")
    _, findings = find_project(folder, Environment())
    assert [finding.code for finding in findings] == told
    assert all("python -m venv venv" in finding.text and finding.place.line == 2 for finding in findings)


def test_configuration_and_what_wins(folder: Path) -> None:
    (folder / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\nconfig:\n  size: {type: integer, default: 3}\n  color: {default: red}\n"
        "  aws:region: {value: eu-west-1}\n"
    )
    (folder / "Pulumi.test.yaml").write_text("config:\n  shop:color: blue\n  tags: [a, b]\n  on: true\n")
    project = found(folder, Environment(stack="test", parameters={"on": "no", "aws:profile": "p"}))
    assert project.configuration == {
        "shop:size": "3",
        "shop:color": "blue",
        "shop:tags": '["a","b"]',
        "shop:on": "no",
        "aws:region": "eu-west-1",
        "aws:profile": "p",
    }
    assert "Pulumi.test.yaml" in {file.name for file in project.files}


def test_the_region_is_the_environments(folder: Path) -> None:
    assert found(folder, Environment(region="eu-north-1")).configuration == {"aws:region": "eu-north-1"}


def test_encrypted_configuration_is_an_error_unless_it_is_given(folder: Path) -> None:
    (folder / "Pulumi.dev.yaml").write_text("config:\n  shop:token:\n    secure: v1:abc=\n")
    _, findings = find_project(folder, Environment())
    assert [(each.code, each.place.line) for each in findings] == [("encrypted-configuration", 2)]
    assert found(folder, Environment(parameters={"token": "t"})).configuration["shop:token"] == "t"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name: shop\nruntime: dotnet\n", "runtime"),
        ("name: shop\nruntime: [python]\n", "runtime"),
        ("name: shop\nruntime: 5\n", "runtime"),
        ("name: shop\nruntime: ''\n", "runtime"),
        ("name: shop\nruntime: {name: 5}\n", "runtime"),
        ("name: shop\nruntime: {options: {}}\n", "runtime"),
        ("name: [\n", "yaml-syntax"),
        ("just text\n", "not-a-mapping"),
        ("name: shop\nmain: elsewhere\nruntime: python\n", "no-program"),
    ],
)
def test_projects_that_are_not_read(folder: Path, text: str, code: str) -> None:
    (folder / "Pulumi.yaml").write_text(text)
    _, findings = find_project(folder, Environment())
    assert [each.code for each in findings] == [code]


def test_a_folder_without_a_program(tmp_path: Path) -> None:
    project, findings = find_project(tmp_path, Environment())
    assert project is None
    assert [each.code for each in findings] == ["no-program"]
