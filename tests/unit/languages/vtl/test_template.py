"""Rendering: what the caller sees of it, and the three profiles."""

from __future__ import annotations

import threading

import pytest

from inferway.languages.vtl import VtlError, compile_template

PROFILES = ("velocity17", "apigateway", "appsync")


def test_the_callers_variables_stay_and_its_maps_are_shared() -> None:
    context = {"name": "old", "map": {"override": {}}, "list": [1]}
    template = compile_template(
        "#set($name = 'new')#set($other = 1)#set($map.override.status = 201)#set($r = $list.add(2))$name", "apigateway"
    )
    assert template.render(context) == "new"
    assert context == {"name": "old", "map": {"override": {"status": 201}}, "list": [1, 2]}


def test_request_override_is_assigned_in_all_three_ways() -> None:
    """Recorded on API Gateway: dot, brackets and put all work, and hyphenated names parse."""
    override: dict[str, dict[str, str]] = {"header": {}, "querystring": {}, "path": {}}
    compile_template(
        "#set($context.requestOverride.header.Content-Type = 'text/plain')"
        "#set($context.requestOverride.querystring['q'] = 'x')"
        "$!context.requestOverride.path.put('p', 'y')",
        "apigateway",
    ).render({"context": {"requestOverride": override}})
    assert override == {"header": {"Content-Type": "text/plain"}, "querystring": {"q": "x"}, "path": {"p": "y"}}


def test_undefined_is_the_empty_string_in_api_gateway_alone() -> None:
    source = "[$u][#if($u)T#{else}F#end][#if($u == '')E#end]"
    assert compile_template(source, "apigateway").render({}) == "[][T][E]"
    assert compile_template(source, "velocity17").render({}) == "[$u][F][]"
    assert compile_template(source, "appsync").render({}) == "[$u][F][]"


def test_setting_null() -> None:
    """1.7 leaves the old value, API Gateway assigns "", AppSync stores null."""
    source = "#set($m = {'k': 1})#set($m.k = $null)$m.containsKey('k') [$!m.k]"
    assert compile_template(source, "velocity17").render({}) == "true [1]"
    assert compile_template(source, "apigateway").render({}) == "true []"
    appsync = compile_template("#set($m = {'k': 1})#set($m.k = $null)#set($x = 2)#set($x = $null)$m $x", "appsync")
    assert appsync.render({}) == "{k=null} $x"


def test_return_ends_an_appsync_template_with_its_value() -> None:
    template = compile_template("a#foreach($i in [1, 2])#if($i == 2)#return($source)#end#end b", "appsync")
    outcome = template.run({"source": {"id": 1}})
    assert (outcome.returned, outcome.value, outcome.text) == (True, {"id": 1}, "{id=1}")
    assert template.render({"source": {"id": 1}}) == "{id=1}"
    assert compile_template("a#return", "appsync").run({}).value is None
    assert compile_template("a", "appsync").run({}).returned is False
    assert compile_template("#return($x)", "apigateway").render({"x": 1}) == "#return($x)"


def test_appsync_has_no_macros() -> None:
    with pytest.raises(VtlError, match="#macro") as caught:
        compile_template("a\n#macro(m)x#end", "appsync")
    assert (caught.value.line, caught.value.column) == (2, 1)


def test_a_missing_profile_is_a_vtl_error() -> None:
    with pytest.raises(VtlError, match="nothing"):
        compile_template("", "nothing")


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_renders_as_nothing(profile: str) -> None:
    assert compile_template("", profile).render({}) == ""


def test_lone_surrogates_do_not_leave_a_render() -> None:
    assert compile_template("$s.substring(0, 1)$s.substring(1)").render({"s": "\U0001f600"}) == "\U0001f600"
    assert compile_template("$s.substring(0, 1)").render({"s": "\U0001f600"}) == "?"


def test_one_template_renders_in_many_threads() -> None:
    template = compile_template("#foreach($i in [1..200])#set($x = $i * $n)$x,#end", "apigateway")
    found: dict[int, str] = {}

    def render(number: int) -> None:
        found[number] = template.render({"n": number})

    threads = [threading.Thread(target=render, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: "".join(f"{i * n}," for i in range(1, 201)) for n in range(8)}


def test_foreach_stops_silently_at_a_thousand_where_the_vendor_does() -> None:
    source = "#foreach($i in $l)x#end"
    items = {"l": list(range(1500))}
    assert len(compile_template(source, "apigateway").render(items)) == 1000
    assert len(compile_template(source, "appsync").render(items)) == 1000
    assert len(compile_template(source, "velocity17").render(items)) == 1500
