"""`[issuers]` of the bindings file, and what is said of issuers that want an entry there."""

import json
from pathlib import Path
from typing import Any

import pytest

from inferway.app.bindings_file import read_bindings
from inferway.app.bound_issuers import check_issuers
from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.issuer import Issuer
from inferway.definition.steps import Pipeline
from inferway.definition.token_steps import RequireToken, TrustedIssuer
from inferway.faults import Place

HERE = Place(file="api.json", line=7)
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"


def read(folder: Path, text: str) -> tuple[dict[str, Issuer], list[str]]:
    file = folder / "inferway.toml"
    file.write_text(text)
    bindings, findings = read_bindings(file, {"KEYS": '{"keys":[{"kid":"env"}]}'})
    return bindings.issuers, [str(finding).replace(f"{folder}/", "") for finding in findings]


@pytest.mark.parametrize(
    "name",
    [POOL, "eu-west-1_AbCdEf123", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEf123"],
)
def test_a_user_pool_is_bound_by_url_arn_or_id(tmp_path: Path, name: str) -> None:
    issuers, findings = read(tmp_path, f'[issuers."{name}"]\nissuer = "http://127.0.0.1:9300"\naudiences = ["app"]\n')
    assert findings == []
    assert list(issuers.values()) == [Issuer(name=POOL, issuer="http://127.0.0.1:9300", audiences=("app",))]


def test_keys_are_a_url_a_file_or_a_variable(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [{"kid": "file"}]}))
    text = '[issuers."https://a"]\njwks = "https://b/keys"\n'
    text += '[issuers."https://c"]\njwks = "./keys.json"\n[issuers."https://d"]\njwks = "env:KEYS"\n'
    issuers, findings = read(tmp_path, text)
    assert findings == []
    assert issuers["https://a"].key_set == "https://b/keys"
    assert json.loads(issuers["https://c"].keys) == {"keys": [{"kid": "file"}]}
    assert issuers["https://d"].keys == '{"keys":[{"kid":"env"}]}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[issuers.pool]\nissuer = "http://x"\n', "neither an issuer's URL nor a user pool's ARN or ID"),
        ('[issuers."https://"]\n', "'https://' is neither"),
        ('[issuers."https://a"]\nissuer = "a"\n', "is no URL; it must start with"),
        ('[issuers."https://a"]\nissuer = 5\n', "is no URL"),
        ('[issuers."https://a"]\naudience = ["x"]\n', "unknown key 'audience'"),
        ('[issuers."https://a"]\naudiences = "x"\n', "audiences"),
        ('[issuers."https://a"]\nleeway = 601\n', "0 to 600 seconds"),
        ('[issuers."https://a"]\nleeway = -1\n', "0 to 600 seconds"),
        ('[issuers."https://a"]\njwks = "./none.json"\n', "cannot be read"),
        ('[issuers."https://a"]\njwks = "{}"\n', "a key set is a list"),
        ('[issuers."https://a"]\njwks = \'{"keys":[5]}\'\n', "there is no key"),
        ('[issuers."https://a"]\njwks = "http://[::1"\n', "is no URL"),
        ('[issuers."https://a"]\njwks = 5\n', "must be text"),
        ("[issuers]\nx = 5\n", "must be a table"),
    ],
)
def test_what_cannot_be_meant_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    issuers, findings = read(tmp_path, text)
    assert issuers == {}
    assert len(findings) == 1
    assert ": error: " in findings[0]
    assert said in findings[0]


def test_a_pool_that_is_bound_under_two_names_is_an_error(tmp_path: Path) -> None:
    """One of the two would count in silence."""
    arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Twice0001"
    text = f'[issuers.us-east-1_Twice0001]\nissuer = "http://a"\n[issuers."{arn}"]\nissuer = "http://b"\n'
    (finding,) = read(tmp_path, text)[1]
    assert ": error: " in finding
    assert "are the same" in finding


def api(**trusted: Any) -> ApiDefinition:
    step = RequireToken(issuers=(TrustedIssuer(**trusted),))
    route = Route(method="GET", path="/", pipeline=Pipeline(request=(step,)), place=HERE)
    limits = RequestLimits(url=1, headers=1, body=1)
    return ApiDefinition(dialect="d", name="n", slug="n", limits=limits, routes=(route, route), place=HERE)


def test_a_pool_that_is_declared_here_wants_an_entry() -> None:
    declared = api(issuer=POOL, is_declared=True)
    (finding,) = check_issuers(declared, {})
    assert (finding.code, finding.place) == ("unbound-issuer", HERE)
    assert f'[issuers."{POOL}"]' in finding.text
    assert list(check_issuers(declared, {"x": Issuer(name=POOL, issuer="http://x")})) == []
    assert list(check_issuers(api(issuer=POOL), {})) == []


def test_an_issuer_without_audiences_wants_them() -> None:
    silent = api(issuer="https://a", audiences=())
    assert len(list(check_issuers(silent, {}))) == 1
    assert len(list(check_issuers(silent, {"https://a": Issuer(name="https://a")}))) == 1
    assert list(check_issuers(silent, {"https://a": Issuer(name="https://a", audiences=("x",))})) == []
