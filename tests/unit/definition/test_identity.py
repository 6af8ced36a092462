"""Identities."""

from typing import Any

import pytest

from inferway.definition.identity import Identity


def made(**fields: Any) -> Identity:
    given = {"name": "ada", "access_key": "AKID", "secret": "hidden", "arn": "arn:aws:iam::123456789012:user/eng/ada"}
    return Identity(**{**given, **fields})


def test_the_secret_is_never_shown() -> None:
    assert "hidden" not in repr(made())
    assert "hidden" not in f"{[made()]}"


@pytest.mark.parametrize("fields", [{"access_key": ""}, {"secret": ""}, {"arn": "ada"}, {"arn": "urn:a:b:c:d:e"}])
def test_what_could_sign_nothing_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="identity 'ada'"):
        made(**fields)
