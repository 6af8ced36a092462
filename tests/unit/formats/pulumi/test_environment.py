import json

import msgspec
import pytest

from inferway.formats.pulumi.environment import environment
from inferway.formats.pulumi.messages import Job, Limits

JOB = Job(
    runtime="nodejs",
    main="/p/index.ts",
    program=".",
    folder="/p",
    root="/p",
    project="shop",
    stack="dev",
    python="",
    options={},
    configuration={"shop:a": "1", "env:MODEL": "m"},
    secret_keys=("shop:a",),
    stack_references={},
    region="us-east-1",
    account="1",
    limits=Limits(),
)


def test_a_program_gets_what_it_needs_and_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AZURE_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "NODE_OPTIONS", "SOME_TOKEN"):
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setenv("LC_TIME", "C")
    made = environment(JOB)
    assert "hidden" not in made.values()
    assert (made["PATH"], made["LC_TIME"], made["MODEL"]) == ("/bin", "C", "m")
    assert json.loads(made["PULUMI_CONFIG"]) == {"shop:a": "1"}
    assert json.loads(made["PULUMI_CONFIG_SECRET_KEYS"]) == ["shop:a"]


def test_credentials_in_files_are_led_away_from_unless_asked_for() -> None:
    assert environment(JOB)["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    asked = msgspec.structs.replace(JOB, configuration={"env:AWS_CONFIG_FILE": "/mine"})
    assert environment(asked)["AWS_CONFIG_FILE"] == "/mine"
