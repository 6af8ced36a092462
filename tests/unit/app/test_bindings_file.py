"""inferway.toml: what each table becomes, and what is said of what cannot be read."""

from pathlib import Path

import pytest

from inferway.app.bindings_file import read_bindings
from inferway.definition.bindings import Bindings, BoundKey
from inferway.definition.stage import CacheSettings, Period, Quota, RouteSettings, Throttle, UnauthorizedInvalidation


def read(tmp_path: Path, text: str, **environment: str) -> tuple[Bindings, list[str]]:
    file = tmp_path / "inferway.toml"
    file.write_text(text)
    bindings, findings = read_bindings(file, environment)
    return bindings, [str(finding).removeprefix(str(tmp_path) + "/") for finding in findings]


def test_an_endpoint_is_a_url_or_a_folder_relative_to_the_file(tmp_path: Path) -> None:
    bindings, findings = read(
        tmp_path, '[endpoints.a]\nserve = "./m"\nreplicas = 2\n[endpoints.b]\nurl = "http://h:1/x"\n'
    )
    assert findings == []
    assert bindings.endpoints["a"].serve == str(tmp_path / "m")
    assert bindings.endpoints["a"].replicas == 2
    assert bindings.endpoints["b"].url == "http://h:1/x"


def test_values_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a-key-that-stands-in-a-file\n")
    bindings, findings = read(
        tmp_path, '[keys]\none = "env:KEY"\ntwo = "file:secret"\n', KEY="a-key-from-the-environment"
    )
    assert findings == []
    assert bindings.keys == {
        "one": BoundKey(name="one", value="a-key-from-the-environment"),
        "two": BoundKey(name="two", value="a-key-that-stands-in-a-file"),
    }


def test_stages_and_their_routes(tmp_path: Path) -> None:
    text = """
[apis.movies.stages.test]
variables = { backend = "env:COLOUR" }
cache = true
throttle = { rate = 5, burst = 7 }
[apis.movies.stages.test.routes."/a/{b}/GET"]
throttle = { rate = 1, burst = 2 }
caching = true
cache = { ttl = 60, unauthorized = "FAIL_WITH_403" }
"""
    bindings, findings = read(tmp_path, text, COLOUR="blue")
    assert findings == []
    (stage,) = bindings.stages["movies"]
    assert (stage.name, stage.variables, stage.cache) == ("test", {"backend": "blue"}, True)
    cache = CacheSettings(ttl=60, unauthorized=UnauthorizedInvalidation.FAIL_WITH_403)
    own = RouteSettings(throttle=Throttle(rate=1, burst=2), caching=True, cache=cache)
    assert stage.settings("/a/{b}", "GET") == own
    assert stage.settings("/other", "GET").throttle == Throttle(rate=5, burst=7)


def test_a_stage_s_access_log_and_tracing(tmp_path: Path) -> None:
    text = """
[apis.movies.stages.test]
access_log = "access.log"
access_log_format = "$context.status"
tracing = true
[apis.movies.stages.prod]
access_log = "-"
"""
    bindings, findings = read(tmp_path, text)
    assert findings == []
    test, prod = bindings.stages["movies"]
    assert (test.access_log, test.access_log_format, test.tracing) == (
        str(tmp_path / "access.log"),
        "$context.status",
        True,
    )
    assert (prod.access_log, prod.access_log_format, prod.tracing) == ("-", "", False)


@pytest.mark.parametrize("name", ["", ".", "nowhere/access.log"])
def test_an_access_log_is_a_file_in_a_folder_that_is_there(tmp_path: Path, name: str) -> None:
    _, findings = read(tmp_path, f'[apis.movies.stages.test]\naccess_log = "{name}"\n')
    assert [finding.partition(": error: ")[0] for finding in findings] == ["inferway.toml:2"]


def test_usage_plans_and_the_account(tmp_path: Path) -> None:
    text = """
[keys]
web = "a-key-for-the-web-application"
[usage_plans.basic]
stages = ["movies:prod"]
keys = ["web"]
throttle = { rate = 10, burst = 20 }
quota = { limit = 100, period = "WEEK", offset = 3 }
[usage_plans.basic.routes."/a/GET"]
rate = 0.5
burst = 1
[account]
throttle = { rate = 1, burst = 2 }
"""
    bindings, findings = read(tmp_path, text)
    assert findings == []
    bound = bindings.plans["basic"]
    assert bound.stages == ("movies:prod",)
    assert bound.plan.keys == ("web",)
    assert bound.plan.quota == Quota(limit=100, period=Period.WEEK, offset=3)
    assert bound.plan.routes == {"/a/GET": Throttle(rate=0.5, burst=1)}
    assert bindings.account_throttle == Throttle(rate=1, burst=2)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[endpoints.a]\n", 1, "needs either url or serve"),
        ('[endpoints.a]\nurl = "http://x"\nserve = "m"\n', 1, "needs either url or serve"),
        ('[endpoints.a]\nurl = "ftp://x"\n', 2, "must start with http:// or https://"),
        ('[endpoints.a]\nulr = "http://x"\n', 2, "unknown key 'ulr' in [endpoints.a]; did you mean 'url'?"),
        ('[endpoint.a]\nurl = "http://x"\n', 1, "unknown table [endpoint]; did you mean 'endpoints'?"),
        ('[urls]\n"https://a" = "b"\n', 2, "must start with http:// or https://"),
        ('[keys]\n\na = "env:NOPE"\n', 3, "needs the environment variable NOPE"),
        ('[keys]\na = "file:nope"\n', 2, "nope cannot be read"),
        ("[keys]\na = 5\n", 2, "must be text, not int"),
        ('[keys]\na = "twenty characters with \\u0007 bell"\n', 2, "cannot stand in a header"),
        ('[apis.m.stages."a b"]\n', 1, "cannot be a stage's name"),
        ("[apis.m]\nstage = 1\n", 2, "holds stages only"),
        ("[apis.m.stages.p]\nthrottle = { rate = -1, burst = 1 }\n", 2, "must not be negative"),
        ('[apis.m.stages.p.routes."/a/GET"]\ncache = { ttl = 3601 }\n', 2, "0 to 3600 seconds"),
        ('[usage_plans.p]\nstages = ["m"]\n', 2, "list of 'API:STAGE'"),
        ('[usage_plans.p]\nkeys = ["x"]\n', 2, "names the key 'x'"),
        ("[usage_plans.p]\nquota = { limit = 1, period = 'YEAR' }\n", 2, "Invalid enum value 'YEAR'"),
        ('[tables.t]\npartition_key = "id:X"\n', 1, "key attribute 'id' needs a type of S, N or B"),
        (
            '[tables.t]\npartition_key = "id:N"\nindexes = [{ name = "by", partition_key = "id:S" }]\n',
            1,
            "key attribute 'id' is N and S",
        ),
        ("a = [1\n", 1, "cannot be read"),
        ("keys = 5\n", 1, "unknown table"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    _, findings = read(tmp_path, text)
    (finding,) = findings
    assert finding.startswith(f"inferway.toml:{line}")
    assert ": error: " in finding
    assert said in finding


def test_one_bad_entry_does_not_lose_the_others(tmp_path: Path) -> None:
    bindings, findings = read(tmp_path, '[keys]\na = 5\nb = "a-key-that-is-long-enough"\n')
    assert list(bindings.keys) == ["b"]
    assert len(findings) == 1


def test_a_short_key_is_a_warning(tmp_path: Path) -> None:
    bindings, findings = read(tmp_path, '[keys]\na = "short"\n')
    assert bindings.keys["a"].value == "short"
    assert findings == [
        "inferway.toml:2: warning: the value of key 'a' has 5 characters; the vendor takes 20 to 128 [key-length]"
    ]


def test_a_key_has_one_plan_per_stage(tmp_path: Path) -> None:
    text = '[keys]\na = "a-key-that-is-long-enough"\n'
    for plan in ("one", "two"):
        text += f'[usage_plans.{plan}]\nstages = ["m:prod"]\nkeys = ["a"]\n'
    _, findings = read(tmp_path, text)
    assert len(findings) == 1
    assert "has the usage plans 'one' and 'two' on m:prod" in findings[0]


def test_a_file_that_is_not_there_or_is_no_text(tmp_path: Path) -> None:
    _, findings = read_bindings(tmp_path / "nope.toml", {})
    assert len(findings) == 1
    (tmp_path / "inferway.toml").write_bytes(b"\xff\xfe")
    _, findings = read_bindings(tmp_path / "inferway.toml", {})
    assert len(findings) == 1
