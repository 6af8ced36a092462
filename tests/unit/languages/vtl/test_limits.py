"""Hostile templates end in a VtlError."""

from __future__ import annotations

import pytest

from inferway.languages.vtl import Limits, VtlError, compile_template

GROWING = {
    "a string interpolated into itself": "#set($s = 'xxxxxxxx')" + '#set($s = "$s$s")' * 40,
    "a string added to itself": "#set($s = 'xxxxxxxx')" + "#set($s = $s + $s)" * 40,
    "a string concatenated": "#set($s = 'xxxxxxxx')" + "#set($s = $s.concat($s))" * 40,
    "a replacement": "#set($s = 'xxxxxxxx')" + "#set($s = $s.replace('x', $s))" * 9,
    "a list": "#set($l = [1, 2])" + "#set($r = $l.addAll($l))" * 40,
    "a number": "#set($i = 9223372036854775807)" + "#set($i = $i * $i)" * 40,
    "a power": "#set($i = 92233720368547758070)$i.pow(1000000)",
    "a repetition": "#set($s = 'x')$s.repeat(2000000000)",
    "a width": "#set($s = 'x')$s.format('%200000000d', 1)",
    "a range": "#set($l = [1..2000000000])",
    "shared lists, printed": "#set($l = [1])" + "#set($l = [$l, $l, $l])" * 40 + "$l",
    "shared lists, hashed": "#set($l = [1])" + "#set($l = [$l, $l, $l])" * 40 + "$l.hashCode()",
    "shared lists, compared": "#set($l = [1])#set($m = [1])"
    + "#set($l = [$l, $l])#set($m = [$m, $m])" * 40
    + "#if($l == $m)#end",
    "a list within itself": "#set($l = [])#set($r = $l.add([$l]))$l",
    "nested loops": "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])x#end#end#end",
    "loops in a block": "#define($d)#foreach($b in [1..1000])x#end#end#foreach($a in [1..2000])$d#end",
    "a macro that calls itself": "#macro(r)#r()#end#r()",
    "an evaluation of itself": "#set($s = '#evaluate($s)')#evaluate($s)",
}


@pytest.mark.parametrize("source", GROWING.values(), ids=GROWING.keys())
def test_growth_is_bounded(source: str) -> None:
    with pytest.raises(VtlError):
        compile_template(source).render({})


@pytest.mark.parametrize(
    "source",
    [
        "#if(true)" * 500 + "#end" * 500,
        "#if(" + "(" * 500 + "true" + ")" * 500 + ")#end",
        "#set($x = " + "[" * 500 + "]" * 500 + ")",
        "$a.b(" * 500 + ")" * 500,
        "#foreach($i in [1])" * 30 + "#end" * 30,
        "#if(" + "!" * 500 + "$a)#end",
        "#if($a" + " || $a.b == 1" * 2000 + ")x#end",
        "x" * 400_000,
    ],
)
def test_deep_and_long_sources_are_refused(source: str) -> None:
    with pytest.raises(VtlError):
        compile_template(source)


@pytest.mark.parametrize(
    ("source", "said", "column"),
    [
        ("$a" + ".b" * 2_000, "More than 1,000 parts", 1),
        ("$a" + "[0]" * 2_000, "More than 1,000 parts", 3_003),
        ("#set($a = 1" + "+1" * 2_000 + ")", "More than 1,000 parts", 2_012),
        ("#if($a)" + "#elseif($b)" * 2_000 + "#end", "More than 1,000 parts", 11_008),
        ("$a " * 100_000, "More than 50,000 tokens", 75_001),
    ],
)
def test_what_is_too_long_is_said_with_its_place(source: str, said: str, column: int) -> None:
    with pytest.raises(VtlError) as caught:
        compile_template(source)
    assert (caught.value.message, caught.value.line, caught.value.column) == (said, 1, column)


def test_the_longest_chains_that_are_taken() -> None:
    assert compile_template("$a" + ".b" * 1_000).render({}) == "$a" + ".b" * 1_000
    sums = "#set($a = 1" + " + 1" * 100 + ")$a"
    assert compile_template(sums).render({}) == "101"


def test_a_block_within_itself_prints_as_velocity_does() -> None:
    """`define.provide…maxdepth` is two: the third use prints the reference."""
    assert compile_template("#define($d)<$d>#end$d").render({}) == "<<$d>>"


def test_limits_can_be_set() -> None:
    few = Limits(steps=100, characters=50, range_size=10, template_characters=60)
    with pytest.raises(VtlError, match="steps"):
        compile_template("#foreach($i in $l)#end", limits=few).render({"l": list(range(101))})
    with pytest.raises(VtlError, match="characters"):
        compile_template("$s$s", limits=few).render({"s": "x" * 30})
    with pytest.raises(VtlError, match="range"):
        compile_template("#set($l = [1..11])", limits=few).render({})
    with pytest.raises(VtlError, match="more than 60"):
        compile_template("x" * 61, limits=few)
    assert compile_template("#foreach($i in $l)#end", limits=few).render({"l": list(range(100))}) == ""


def test_steps_that_a_loop_did_not_take_are_given_back() -> None:
    source = "#foreach($i in $l)#foreach($j in $l)#break#end#end"
    assert compile_template(source, limits=Limits(steps=500)).render({"l": list(range(100))}) == ""


def test_time_is_bounded() -> None:
    template = compile_template("#foreach($i in $l)$!s.hashCode()#end", limits=Limits(seconds=0.0))
    with pytest.raises(VtlError, match="longer"):
        template.render({"l": list(range(1000)), "s": "x"})


@pytest.mark.parametrize("call", ["matches('(a+)+b')", "replaceAll('(a|aa)+$', '')", "split('(a*)*b')"])
def test_catastrophic_patterns_end(call: str) -> None:
    with pytest.raises(VtlError, match="steps"):
        compile_template(f"$s.{call}").render({"s": "a" * 40 + "!"})
