"""Tests of the names that a function's files of dependencies hold."""

import pytest

from inferway.serving.functions.dependencies import node_dependencies, requirements


def test_names_are_read_from_a_requirements_file() -> None:
    # https://pip.pypa.io/en/stable/reference/requirements-file-format/
    text = """
        # a comment
        plain
        pinned==1.2  # why
        ranged>=1,<2
        extra[one,two]~=3.0
        -r other.txt
        --index-url https://example.com
        ./local
        direct @ https://example.com/direct.whl
        conditional ; sys_platform == "win32"
        git+https://example.com/x.git
    """
    assert list(requirements(text)) == ["plain", "pinned", "ranged", "extra", "direct"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"dependencies": {"a": "1", "@b/c": "2"}, "devDependencies": {"d": "3"}}', ["a", "@b/c"]),
        ("{}", []),
        ("[]", []),
        ("no json", []),
        ('{"dependencies": 1}', []),
    ],
)
def test_names_are_read_from_a_package(text: str, names: list[str]) -> None:
    assert list(node_dependencies(text)) == names
