"""The line at which a key of the bindings stands; what a key is says TOML 1.0.0 ("Keys", "Table", "String")."""

from pathlib import Path

import pytest

from inferway.app.bindings_file import read_bindings
from inferway.app.toml_lines import lines_of


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[usage_plans.p]\nquota.period = "DAY"\nquota.limit = "x"', 3),
        ('[usage_plans]\np.quota.period = "DAY"\np.quota.limit = "x"', 3),
        ('usage_plans.a.quota = {limit=5,period="DAY"}\nusage_plans.p.quota = {limit="x",period="DAY"}', 2),
        ('[usage_plans.p.quota]\r\nperiod = "DAY"\r\nlimit = "x"\r\n', 3),
        ('[ usage_plans . "p" ]\n"quota" = {limit = "x"}', 2),
        ('["usage\\u005fplans".p]\n"quot\\u0061".limit = "x"', 2),
        ('[parameters]\na = """\n[usage_plans.p.quota]\nlimit = 3"""\n[usage_plans.p.quota]\nlimit = "x"', 6),
        ("[parameters]\na = '''\n[usage_plans.p.quota]\nlimit = 3'''\n[usage_plans.p.quota]\nlimit = 'x'", 6),
        ('[parameters]\na = "# \\"" # """\nb = \'"""\'\n[usage_plans.p.quota]\nlimit = "x"', 5),
        ('# \u2028 \x85\n[usage_plans.p.quota]\nlimit = "x"', 3),
        ('[usage_plans."p.quota"]\nkeys = []\n[usage_plans.p.quota]\nlimit = "x"', 4),
        ('[usage_plans.p.quota]\nperiod = "a - at `$.limit"\nlimit = 3', 2),
        ("[usage_plans.p]\nquota.limit" + ".a" * 3000 + " = 1", 1),
    ],
)
def test_a_wrong_value_is_reported_at_its_own_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "inferway.toml"
    file.write_bytes(text.encode())
    assert [finding.place.line for finding in read_bindings(file)[1]] == [line]


def test_each_beginning_of_a_key_has_its_first_line() -> None:
    text = "[[a]]\nb.c = 1\n[a.d]\n[a]\nb = 2\n"
    found = lines_of(text)
    assert found == {("a",): 1, ("a", "b"): 2, ("a", "b", "c"): 2, ("a", "d"): 3}


def test_a_value_in_an_array_stands_at_the_array() -> None:
    assert lines_of("a = [\n  { b = 1 },\n  'c = 1',\n]\n") == {("a",): 1}


@pytest.mark.parametrize("text", ["", "[", "= 1", "[a", '"\\u00" = 1', "a = '''", '"""' * 3, "\x00", "a" + ".a" * 9999])
def test_what_is_no_toml_has_what_could_be_made_out(text: str) -> None:
    assert set(lines_of(text)) <= {("a",)}
