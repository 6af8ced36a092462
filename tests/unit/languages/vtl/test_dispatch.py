"""What a template can reach on host objects, and what it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from inferway.languages.vtl import VtlError, compile_template


class Host:
    secret = "hidden"

    def __init__(self) -> None:
        self.reads = 0
        self.status = ""

    def body(self) -> str:
        self.reads += 1
        return "{}"

    def path(self, expression: str) -> object:
        return {"expression": expression}

    def fail(self) -> object:
        raise ValueError("no such thing")

    def set_status(self, value: object) -> None:
        self.status = str(value)

    vtl_methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("path", 1): path,
        ("fail", 0): fail,
        ("both", 0): lambda _: "none",
        ("both", 1): lambda _, one: one,
    }
    vtl_properties: ClassVar[Mapping[str, Callable[[Any], object]]] = {"body": body}
    vtl_assign: ClassVar[Mapping[str, Callable[[Any, object], None]]] = {"status": set_status}

    def vtl_text(self) -> str:
        return "the host"


def render(source: str, host: Host, profile: str = "velocity17") -> str:
    return compile_template(source, profile).render({"h": host})


def test_methods_properties_and_text_come_from_tables() -> None:
    assert render("$h.path('$.a').expression $h.body $h $h.both() $h.both(1)", Host()) == "$.a {} the host none 1"


def test_a_property_is_computed_when_it_is_used() -> None:
    host = Host()
    assert render("x", host) == "x"
    assert host.reads == 0
    render("$h.body$h.body", host)
    assert host.reads == 2


@pytest.mark.parametrize("member", ["secret", "reads", "vtl_methods", "set_status(1)", "path", "body()", "class"])
def test_nothing_else_can_be_reached(member: str) -> None:
    assert render(f"[$!h.{member}]", Host(), "apigateway") in ("[]", f"[$!h.{member}]")
    assert "hidden" not in render(f"$h.{member}", Host())


@pytest.mark.parametrize(
    "chain",
    [
        "class.mro()",
        "upper()",
        "append(1)",
        "class.forName('os')",
        "class.classLoader",
        "getClass().getMethods()",
        "popitem()",
    ],
)
def test_python_and_java_internals_are_out_of_reach(chain: str) -> None:
    for value in ("x", 1, 1.5, True, [1], {"a": 1}, None):
        rendered = compile_template(f"[$!x.{chain}]", "apigateway").render({"x": value})
        assert rendered in ("[]", f"[$!x.{chain}]")


def test_a_failing_method_is_located() -> None:
    with pytest.raises(VtlError, match="no such thing") as caught:
        render("ab $h.fail()", Host())
    assert (caught.value.line, caught.value.column) == (1, 7)


def test_an_assignment_calls_the_table() -> None:
    host = Host()
    render("#set($h.status = 200)#set($h.nope = 1)#set($h.reads = 9)", host)
    assert (host.status, host.reads) == ("200", 0)


def test_too_many_arguments_for_a_method_without_parameters() -> None:
    """Velocity 1.7 takes such a method for applicable, and fails to call it; the oracle's `$input.params('a', 'b')`."""
    with pytest.raises(VtlError, match="wrong number"):
        render("$h.fail(1)", Host())
