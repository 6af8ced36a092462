"""Complaints as the SDK's runtime/rpc.py words them."""

from pathlib import Path

from inferway.faults import Place
from inferway.formats.pulumi.diagnosis.bad_inputs import bad_input

TEXT = """While processing resource: 'films', type 'aws:apigateway/domainName:DomainName'
AssertionError has risen: While processing input: 'endpoint_configuration', type <class 'str'>, value <x object at 0x7>
AssertionError has risen: Unexpected type. Expected 'list' got '<class 'str'>'"""
TOLD = (
    "endpoint_configuration of films (aws:apigateway/domainName:DomainName) holds a list where the SDK declares a str"
)


def file(folder: Path, text: str) -> str:
    made = folder / "program.py"
    made.write_text(text, encoding="utf-8")
    return str(made)


def test_the_argument_of_the_only_such_call(tmp_path: Path) -> None:
    program = file(tmp_path, "d = aws.apigateway.DomainName(f'{n}',\n    endpoint_configuration=e,\n)\n")
    assert bad_input(TEXT, [program], "m") == (TOLD, Place(file=program, line=2, column=28))


def test_of_several_calls_the_one_of_that_name(tmp_path: Path) -> None:
    program = file(
        tmp_path, "DomainName('a', endpoint_configuration=e)\nDomainName('films', endpoint_configuration=e)\n"
    )
    assert bad_input(TEXT, [program], "m") == (TOLD, Place(file=program, line=2, column=44))


def test_where_no_call_is_the_one(tmp_path: Path) -> None:
    twice = "DomainName(a, endpoint_configuration=e)\nDomainName(b, endpoint_configuration=e)\n"
    for text in (twice, "def broken(", "print(1)"):
        assert bad_input(TEXT, [file(tmp_path, text), str(tmp_path / "none.py")], "m") == (TOLD, Place(file="m"))


def test_what_else_is_wrong_is_told_as_it_is() -> None:
    text = TEXT.rpartition("Unexpected")[0] + "Not this."
    found = bad_input(text, [], "m")
    assert found is not None
    assert found[0].endswith("DomainName) Not this.")


def test_another_exception() -> None:
    assert bad_input("division by zero", [], "m") is None
