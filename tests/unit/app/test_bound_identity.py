"""Identities in the bindings file."""

import json
from pathlib import Path

import pytest

from inferway.app.bindings_file import read_bindings
from inferway.credentials.managed_policies import MANAGED_POLICIES
from inferway.definition.bindings import Bindings
from inferway.faults import Findings, Severity

ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
KEYS = '[identities.ada]\naccess_key = "AKID"\nsecret_key = "hidden"\n'


def read(folder: Path, text: str, **environment: str) -> tuple[Bindings, Findings]:
    file = folder / "inferway.toml"
    file.write_text(text, encoding="utf-8")
    return read_bindings(file, environment)


def test_an_identity_with_every_kind_of_policy(tmp_path: Path) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
    (tmp_path / "policy.json").write_text(document, encoding="utf-8")
    managed = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"
    text = f"""
[identities.ada]
access_key = "env:KEY"
secret_key = "file:secret"
session_token = "token"
arn = "arn:aws:sts::111122223333:assumed-role/reader/ada"
policies = [
  "policy.json", "env:POLICY", "{managed}",
  {{ Statement = {{ Effect = "Allow", Action = "execute-api:Invoke", Resource = "*" }} }},
]
"""
    (tmp_path / "secret").write_text("hidden\n", encoding="utf-8")
    bindings, findings = read(tmp_path, text, KEY="AKID", POLICY=document)
    assert [(found.severity, found.code) for found in findings] == [(Severity.NOTE, "another-account")]
    ada = bindings.identities["ada"]
    assert (ada.name, ada.access_key, ada.secret, ada.session_token) == ("ada", "AKID", "hidden", "token")
    assert ada.arn == "arn:aws:sts::111122223333:assumed-role/reader/ada"
    read_back = [json.loads(policy) for policy in ada.policies]
    assert read_back == [json.loads(document)] * 2 + [json.loads(MANAGED_POLICIES[managed]), {"Statement": ALLOW}]


def test_an_identity_is_a_user_of_the_account_unless_it_says_otherwise(tmp_path: Path) -> None:
    bindings, findings = read(tmp_path, KEYS)
    assert bindings.identities["ada"].arn == "arn:aws:iam::000000000000:user/ada"
    assert [(found.severity, found.code) for found in findings] == [(Severity.WARNING, "no-policies")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[identities.ada]\naccess_key = "AKID"\n', 1, "needs an access_key and a secret_key"),
        ('[identities.ada]\naccess_key = ""\nsecret_key = ""\n', 1, "needs an access key and a secret"),
        (KEYS + 'secret = "x"\n', 4, "unknown key 'secret'"),
        (KEYS + 'arn = "ada"\n', 1, "no ARN"),
        (KEYS + 'policies = "policy.json"\n', 4, "are a list"),
        (KEYS + 'policies = ["none.json"]\n', 4, "none.json cannot be read"),
        (KEYS + "policies = [1]\n", 4, "a table, a file's path or an ARN"),
        (KEYS + "policies = [{ Statement = [] , Extra = 1 }]\n", 4, "no element 'Extra'"),
        (KEYS + 'policies = ["{"]\n', 4, "not JSON"),
        (KEYS + 'policies = ["arn:aws:iam::aws:policy/Nope"]\n', 4, "no policy is known as"),
        (KEYS + KEYS.replace("ada", "eve"), 5, "have the same access key"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    _, findings = read(tmp_path, text)
    errors = [found for found in findings if found.severity is Severity.ERROR]
    assert [(found.place.line, said in found.text) for found in errors] == [(line, True)], findings
    assert not any("hidden" in found.text for found in findings)


def test_an_operator_that_is_not_known_is_a_warning(tmp_path: Path) -> None:
    policy = '{ Statement = { Effect = "Allow", Action = "*", Resource = "*", Condition = { Odd = { a = "b" } } } }'
    _, findings = read(tmp_path, KEYS + f"policies = [{policy}]\n")
    assert [(found.code, found.place.line) for found in findings] == [("unknown-condition", 4)]
