"""The core speaks no vendor's language, and every vendor's room has the same doors (DESIGN.md, "Layout")."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "inferway"
VENDORS = ("apigateway", "appsync", "apim")
FILES = ("reader", "scope", "faults", "dialect", "provisioning")

FOREIGN = re.compile(
    r"app_?sync|api_?management|apim|api_?gateway|execute-api|velocity|vtl|c_?sharp|c#|cloudformation|pulumi|dynamo"
    r"|amazon|x-amz|azure|ocp-|apollo|hasura|liquid",
    re.IGNORECASE,
)
"""Names of products and of their languages. SageMakerEndpoint, LambdaFunction and Table are names of targets, which the
design gives; GraphQL is nobody's."""


def words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give the line and text of every identifier and string that is no docstring."""
    documents = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in documents:
            yield line, node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        for field in ("id", "attr", "name", "arg", "module", "asname"):
            word = getattr(node, field, None)
            if isinstance(word, str):
                yield line, word


def found(text: str) -> list[str]:
    return [word for _, word in words(ast.parse(text)) if FOREIGN.search(word)]


def test_the_search_finds_what_it_looks_for() -> None:
    assert found('"""AppSync\'s."""\nx = 1  # VTL\n') == []
    assert found('def f() -> None:\n    """Velocity."""\n    return "vtl"\n') == ["vtl"]
    assert found("import inferway.languages.vtl as a") == ["inferway.languages.vtl"]
    assert found("from inferway.dialects.apim import a as csharp") == ["inferway.dialects.apim", "csharp"]
    assert found("class AppSyncThing: apiManagement = b'x-amzn-ErrorType'") == [
        "AppSyncThing",
        "apiManagement",
        "x-amzn-ErrorType",
    ]
    assert found("def f(vtl): return {'a': g(api_gateway=1)}") == ["vtl", "api_gateway"]


@pytest.mark.parametrize("room", ["gateway", "definition"])
def test_no_vendor_s_word_stands_in_the_core(room: str) -> None:
    files = sorted((SOURCE / room).rglob("*.py"))
    assert files
    said = [
        f"{file.relative_to(SOURCE)}:{line}: {word!r}"
        for file in files
        for line, word in words(ast.parse(file.read_text(encoding="utf-8")))
        if FOREIGN.search(word)
    ]
    assert said == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_has_the_same_files(vendor: str) -> None:
    missing = [name for name in FILES if not (SOURCE / "dialects" / vendor / f"{name}.py").is_file()]
    assert missing == []


def test_no_vendor_is_left_out_here() -> None:
    """A folder with a file `dialect` is a vendor's."""
    assert sorted(file.parent.name for file in SOURCE.glob("dialects/*/dialect.py")) == sorted(VENDORS)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_reader_and_a_provisioning_have_their_functions(vendor: str) -> None:
    for module, function in (("reader", "read"), ("provisioning", "provision")):
        tree = ast.parse((SOURCE / "dialects" / vendor / f"{module}.py").read_text(encoding="utf-8"))
        assert function in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
