"""What functions of a generated client are called where no published client says it."""

from collections.abc import Sequence

import pytest

from inferway.dialects.apigateway.sdk.names import name_of_operation, name_of_path, unique_names


@pytest.mark.parametrize(
    ("path", "name"),
    [("/Users", "usersGet"), ("/v1.0/a:b,c", "v10ABCGet"), ("/__proto__", "protoGet"), ("/2020/x", "2020XGet")],
)
def test_a_path_is_split_into_words(path: str, name: str) -> None:
    assert name_of_path(path, "GET") == name


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("ListPets", "listPets"),
        ("list_pets", "listPets"),
        ("x'];alert(1);//", "xAlert1"),
        ("größe", "größe"),
        ("__proto__", "proto"),
        ("'\"", ""),
        ("then", ""),
    ],
)
def test_an_operation_s_name_becomes_one_word(operation: str, name: str) -> None:
    assert name_of_operation(operation) == name


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ([["a"], ["a"], ["a"]], [("a",), ("a2",), ("a3",)]),
        ([["a", "b"], ["b"]], [("a",), ("b",)]),
        ([["a", "b"], ["c", "b"]], [("a", "b"), ("c",)]),
        ([["a", "a"]], [("a",)]),
        ([["", "a"]], [("a",)]),
        ([["a2"], ["a"], ["a"]], [("a2",), ("a",), ("a3",)]),
    ],
)
def test_no_two_methods_share_a_name(wanted: list[Sequence[str]], names: list[tuple[str, ...]]) -> None:
    assert list(unique_names(wanted)) == names
