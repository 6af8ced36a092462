"""What the compiler refuses and where, what the sandbox stops, and what a host shows."""

import pickle
from dataclasses import dataclass, field

import pytest

from inferway.languages.csharp import (
    CSharpError,
    Host,
    HostType,
    Limits,
    Long,
    Missing,
    ThrownError,
    cast,
    compile_expression,
)


@dataclass
class Request:
    method: str = "GET"
    headers: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Context:
    request: Request | None = field(default_factory=Request)
    variables: dict[str, object] = field(default_factory=dict)
    secret: str = "hidden"


def fail(_: Context) -> object:
    raise ThrownError("System.FormatException", "no")


def break_down(_: Context) -> object:
    raise KeyError("inside")


CONTEXT = HostType(
    name="IProxyRequestContext",
    python=Context,
    members={
        "IRequest Request": lambda context: context.request,
        "IReadOnlyDictionary<string, object> Variables": lambda context: context.variables,
        "string Fails()": fail,
        "string Breaks()": break_down,
    },
)
REQUEST = HostType(
    name="IRequest",
    python=Request,
    text=lambda request: f"<{request.method}>",
    members={
        "string Method": lambda request: request.method,
        "IReadOnlyDictionary<string, string[]> Headers": lambda request: request.headers,
        "string Echo(string text, bool loud = false)": lambda _, text, loud: text.upper() if loud else text,
    },
)
EXTENSIONS = HostType(
    name="Extensions",
    members={
        "static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> self, string key, string other)": (
            lambda self, key, other: ",".join(self[key]) if key in self else other
        ),
        "static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> self, string key, T other)": (
            lambda types, self, key, other: cast(self[key], types[0]) if key in self else other
        ),
    },
)
HOST = Host(roots={"context": "IProxyRequestContext"}, types=(CONTEXT, REQUEST, EXTENSIONS))


def value(source: str, context: Context | None = None, **limits: object) -> object:
    return compile_expression(source, HOST, limits=Limits(**limits)).evaluate({"context": context or Context()})  # type: ignore[arg-type]  # the limits' own names


def refused(source: str, context: Context | None = None, **limits: object) -> CSharpError:
    with pytest.raises(CSharpError) as caught:
        value(source, context, **limits)
    return caught.value


def test_a_host_s_members_are_seen() -> None:
    context = Context(Request("POST", {"X": ["1", "2"]}), {"a": "s", "n": 5, "l": Long(7)})
    assert (
        value('@(context.Request.Method + context.Request.Headers.GetValueOrDefault("X", "d"))', context) == "POST1,2"
    )
    assert value('@(context.Request.Headers.GetValueOrDefault("Y", "d"))', context) == "d"
    assert value('@((string)context.Variables["a"] + (int)context.Variables["n"])', context) == "s5"
    assert value('@(context.Variables.GetValueOrDefault<long>("l", 1))', context) == 7
    assert value('@(context.Request.Echo(loud: true, text: "a"))', context) == "A"
    assert value('@(context.Request?.Method ?? "none")', Context(request=None)) == "none"


def test_nothing_else_of_a_host_is_seen() -> None:
    for name in ("secret", "request", "__class__", "Secret"):
        error = refused(f"@(context.{name})")
        assert f"'{name}'" in error.message
        assert (error.line, error.column) == (1, 11)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("@(context.Nothing)", Missing(type="IProxyRequestContext", member="Nothing")),
        ('@("a".Nothing())', Missing(type="string", member="Nothing")),
        ("@(Math.Nothing)", Missing(type="Math", member="Nothing")),
        ("@(Nothing.Here(1))", Missing(type="Nothing.Here")),
        ("@(System.Nothing.Here(1))", Missing(type="System.Nothing.Here")),
        ("@(new Nothing())", Missing(type="Nothing")),
        ("@(new List<Some.Nothing>())", Missing(type="Nothing")),
        ("@(((Nothing)context.Variables).Here)", Missing(type="Nothing")),
        ("@(context.Variables.GetValueOrDefault<Nothing>(1))", Missing(type="Nothing")),
        ("@(new Random(1, 2, 3))", Missing(type="Random", member="new", overload=True)),
        ('@("a".Substring("b"))', Missing(type="string", member="Substring", overload=True)),
        ("@{ lock (context) { return 1; } }", Missing()),
        ("@(1 +)", None),
        ("@(1 + true)", None),
        ("@{ int a = 1.5; return a; }", None),
        ("@(a)", Missing(type="a")),
    ],
)
def test_what_is_missing_is_told_from_what_is_wrong(source: str, missing: Missing | None) -> None:
    assert refused(source).missing == missing


def test_a_host_s_object_shows_itself_as_the_host_says() -> None:
    assert value("@(context.Request.ToString())") == "<GET>"
    assert value('@("a" + context.Request + "b" + context.Request?.ToString())') == "a<GET>b<GET>"
    assert value('@($"{context.Request}|{context.Request,7}|{context.Request:x}")') == "<GET>|  <GET>|<GET>"
    assert value('@(string.Format("{0}", context.Request) + string.Concat(1, context.Request))') == "<GET>1<GET>"
    assert value('@(string.Join(",", new object[] { context.Request, 1 }))') == "<GET>,1"
    assert value("@{ object o = context.Request; return Convert.ToString(o) + o.ToString() + o; }") == "<GET>" * 3
    assert value("@(new StringBuilder().Append(context.Request).ToString())") == "<GET>"
    assert value('@(context.Variables["r"] + "!")', Context(variables={"r": Request("PUT")})) == "<PUT>!"


def test_a_host_s_object_without_a_text_shows_its_type() -> None:
    assert value('@(context + "!")') == "IProxyRequestContext!"


def test_a_cast_to_another_type_than_the_value_has_throws() -> None:
    assert (
        refused('@((int)context.Variables["l"])', Context(variables={"l": Long(7)})).kind
        == "System.InvalidCastException"
    )
    assert (
        refused('@((string)context.Variables["n"])', Context(variables={"n": 7})).kind == "System.InvalidCastException"
    )
    assert refused('@(context.Variables["zz"])').kind == "System.Collections.Generic.KeyNotFoundException"


def test_an_error_shows_its_line_and_column() -> None:
    error = refused("@{\n  var a = 1;\n  return a.Nope;\n}")
    assert (error.line, error.column) == (3, 12)
    assert "Nope" in error.message
    assert str(error).endswith("  return a.Nope;\n             ^")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)


def test_a_run_time_error_shows_where_it_came_up() -> None:
    error = refused('@{\n  var s = "";\n  return s.Substring(3);\n}')
    assert (error.line, error.column, error.kind) == (3, 12, "System.ArgumentOutOfRangeException")


@pytest.mark.parametrize(
    "source",
    [
        "@(1 +)",
        "@{ return 1",
        "1 + 2",
        "@()",
        "@{ }",
        "@(1); }",
        "@{ return 1; } object F() { return 2; }",
        "@(unknown)",
        '@(System.IO.File.ReadAllText("/etc/passwd"))',
        "@(typeof(string).Assembly)",
        "@(1 + true)",
        '@("a" - 1)',
        '@{ int x = "a"; return x; }',
        "@{ var x = null; return x; }",
        "@(new Process())",
        "@{ goto x; }",
        '@((int)"5")',
        "@{ context = null; return 1; }",
        '@(JObject.Parse("{}")["a"] == "x")',
        "@(int.MaxValue + 1)",
        '@("abc".Nope())',
        "@(await x)",
        '@("a".Length())',
        "@(1.ToString)",
        "@{ return; yield return 1; }",
        "@(string)",
    ],
)
def test_what_is_no_expression_is_refused(source: str) -> None:
    assert refused(source).message


def test_a_host_s_exceptions_become_c_sharp_s() -> None:
    assert refused("@(context.Fails())").kind == "System.FormatException"
    assert refused("@(context.Breaks())").kind == "System.Exception"
    assert value("@{ try { return context.Fails(); } catch (FormatException e) { return e.Message; } }") == "no"


@pytest.mark.parametrize(
    "source",
    [
        "@{ while (true) { } }",
        "@{ for (;;) { } return 1; }",
        "@{ try { while (true) { } } catch (Exception) { return 1; } return 2; }",
        '@{ var s = "ab"; while (true) { s += s; } return s; }',
        '@("a".PadLeft(2000000000))',
        "@(new string('a', 2000000000))",
        "@(Enumerable.Range(0, 2000000000).Count())",
        "@(new int[2000000000].Length)",
        "@{ Func<int, int> f = null; f = n => f(n + 1); return f(1); }",
        "@{ var l = new List<int>(); while (true) { l.Add(1); } return 1; }",
        "@(Enumerable.Range(0, 100000).Select(a => Enumerable.Range(0, 100000).Distinct().Count()).Count())",
        "@{ var s = new string('a', 1000); for (var i = 0; i < 9; i++) { s = s.Replace(\"a\", s); } return s; }",
        "@(Regex.IsMatch(new string('a', 5000), \"(a*)*(a*)*(a|aa)*b\"))",
    ],
)
def test_the_sandbox_stops_what_does_not_end(source: str) -> None:
    assert refused(source, seconds=5.0).kind == ""


def test_deep_nesting_is_refused() -> None:
    for deep in ("(" * 500 + "1" + ")" * 500, '$"{' * 2_000 + "1" + '}"' * 2_000, "a<" * 500):
        assert "nested more than 100 deep" in refused(f"@({deep})").message
    assert value("@{ var n = 0;" + "if (n < 1) { n = 0; }" * 300 + "return n; }") == 0
    assert value("@(" + '"a" + ' * 400 + '"b")') == "a" * 400 + "b"


def test_newer_statements_than_the_recorder_knows() -> None:
    """C# 8 (https://learn.microsoft.com/dotnet/csharp/whats-new/csharp-version-history)."""
    assert value('@{ string s = null; s ??= "d"; return s; }') == "d"
    assert value('@{ var t = 5; return t switch { 1 => "one", 5 => "five", _ => "many" }; }') == "five"
    body = 'switch (o) { case string s: return s; case int i when i > 3: return "big"; default: return "?"; }'
    assert value("@{ object o = 5; " + body + " }") == "big"
    assert value("@{ object o = 2; " + body + " }") == "?"


def test_a_conditional_chain_binds_tighter_than_what_stands_before_it() -> None:
    first = 'JToken.Parse("{}")["a"] ?? JToken.Parse("{\\"b\\":{\\"c\\":1}}")["b"]?["c"] + "x"'
    assert value(f"@(({first}).GetType().Name)") == "JValue"
    assert value(f"@((string)({first}))") == "1x"
    assert value("@(context.Request.Method == context.Request?.Method)") is True


def test_a_test_for_null_binds_tighter_than_logic() -> None:
    """C# 7 (ECMA-334, 11.2.3 and 12.4.2); the recorder's compiler does not know `is null`."""
    assert value('@{ object o = "a"; return o is null || o is String; }') is True
    assert value("@{ object o = null; return o is not null && true; }") is False
    assert value("@{ object o = 5; return o is > 3 and < 9 && true; }") is True
    assert value('@{ string s = null; return s?.Length is null && s is null || s == "x"; }') is True


def test_a_generic_call_of_several_arguments_is_no_comparison_of_tuples() -> None:
    context = Context(variables={"j": 3})
    assert value('@((string)context.Variables.GetValueOrDefault<string>("k", "x") + "!")', context) == "x!"
    assert value('@((int)context.Variables.GetValueOrDefault<int>("j", 1) + 1)', context) == 4
    error = refused('@(context.Variables.GetValueOrDefault<Nope>("j", null))')
    assert "'Nope'" in error.message
    assert (error.line, error.column) == (1, 21)


def test_an_error_behind_brackets_that_were_put_in_shows_its_own_place() -> None:
    error = refused('@{\n  var a = "é";\n  return 1 + a?.Length + (int)a?.Nope;\n}')
    assert (error.line, error.column) == (3, 34)


def test_indented_json_breaks_lines_as_windows_does() -> None:
    assert value('@(JObject.Parse("{\\"a\\":1}").ToString())') == '{\r\n  "a": 1\r\n}'


@pytest.mark.parametrize(
    "source",
    [
        '@(JArray.Parse("[" + string.Join(",", new int[150000].Select(n => "1")) + "]").Count)',
        "@(string.Join(\",\", new string('b', 40000).Select(c => c.ToString()).OrderBy(each => each)).Length)",
        "@{ var n = 0; for (var i = 0; i < 1000000; i++) { n += i; } return n; }",
    ],
)
def test_no_body_makes_an_expression_long(source: str) -> None:
    # the gateway answers nobody else meanwhile: what is slow is refused by its count, before its time is over
    assert refused(source, steps=100_000, seconds=60.0).message == "The expression takes more than 100000 steps"
