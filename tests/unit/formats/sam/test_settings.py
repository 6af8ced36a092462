"""What samconfig.toml says: "AWS SAM CLI configuration file" of the SAM guide; the command line counts before it."""

from pathlib import Path

import pytest

from inferway.faults import Finding
from inferway.formats.resources import Environment
from inferway.formats.sam.settings import applied, read_settings

HEAD = "version = 0.1\n[default.deploy.parameters]\n"


def settings(folder: Path, text: str, name: str = "samconfig.toml") -> tuple[str, dict[str, str], list[Finding]]:
    (folder / name).write_text(text, "utf-8")
    findings: list[Finding] = []
    made = read_settings(folder, findings)
    return made.stack, dict(made.parameters), findings


@pytest.mark.parametrize(
    "given",
    [
        '"A=one B=\\"two words\\""',
        '"ParameterKey=A,ParameterValue=one ParameterKey=B,ParameterValue=\\"two words\\""',
        '["A=one", "B=two words"]',
    ],
)
def test_parameters_are_read_in_each_form(tmp_path: Path, given: str) -> None:
    text = f'{HEAD}stack_name = "movies"\nparameter_overrides = {given}\n'
    assert settings(tmp_path, text) == ("movies", {"A": "one", "B": "two words"}, [])


def test_the_global_table_comes_second(tmp_path: Path) -> None:
    both = '[default.global.parameters]\nstack_name = "all"\nparameter_overrides = "B=2"\n'
    text = f'{HEAD}parameter_overrides = "A=1"\n{both}'
    assert settings(tmp_path, text) == ("all", {"A": "1"}, [])


def test_the_yaml_form(tmp_path: Path) -> None:
    text = "default: {deploy: {parameters: {stack_name: movies, parameter_overrides: [A=1]}}}\n"
    assert settings(tmp_path, text, "samconfig.yaml") == ("movies", {"A": "1"}, [])


@pytest.mark.parametrize("text", ["[", 'a = "', f'{HEAD}parameter_overrides = "A=\\"x"\n'])
def test_a_file_that_cannot_be_read_counts_for_nothing(tmp_path: Path, text: str) -> None:
    stack, parameters, findings = settings(tmp_path, text)
    assert (stack, parameters, [finding.code for finding in findings]) == ("", {}, ["bad-samconfig"])


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path, []).parameters == {}


def test_the_command_line_counts_first(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text(
        f'{HEAD}stack_name = "file"\nparameter_overrides = "A=file B=file"\n', "utf-8"
    )
    made = read_settings(tmp_path, [])
    environment = applied(made, Environment(parameters={"A": "line"}))
    assert (environment.stack, environment.parameters) == ("file", {"A": "line", "B": "file"})
    assert applied(made, Environment(stack="line")).stack == "line"
