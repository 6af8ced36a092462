"""Claims as texts. Values of the plain form are those of public events of the service (see the module's sources)."""

from collections.abc import Mapping

from inferway.credentials.tokens.claim_texts import ClaimTexts, json_text, json_texts, plain_texts


def test_plain_claims_are_what_the_service_shows() -> None:
    claims = {"email_verified": True, "auth_time": 1469814773, "exp": 1469818373, "iat": 1469814773, "name": "Sarah"}
    assert plain_texts(claims) == {
        "email_verified": "true",
        "auth_time": "1469814773",
        "exp": "Fri Jul 29 18:52:53 UTC 2016",
        "iat": "Fri Jul 29 17:52:53 UTC 2016",
        "name": "Sarah",
    }


def test_a_day_has_two_digits() -> None:
    assert plain_texts({"exp": 1680633579})["exp"] == "Tue Apr 04 18:39:39 UTC 2023"


def test_lists_have_commas_and_null_is_left_out() -> None:
    claims = {"cognito:groups": ["admin", "team"], "one": ["x"], "none": None, "empty": [], "part": 1.5, "no": False}
    assert plain_texts(claims) == {
        "cognito:groups": "admin,team",
        "one": "x",
        "empty": "",
        "part": "1.5",
        "no": "false",
    }


def test_a_time_that_no_calendar_has_stays_a_number() -> None:
    assert plain_texts({"exp": 10**15, "iat": -1}) == {"exp": "1000000000000000", "iat": "-1"}


def test_json_claims_keep_their_types() -> None:
    """The example of "Pass JWT claims to your integration"."""
    claims = {
        "name": 'Doe, "Jane"',
        "iat": 1516239022,
        "version": "42",
        "roles": ["user", "editor"],
        "address": {"city": "Seattle"},
    }
    assert json_texts(claims) == {
        "name": '"Doe, \\"Jane\\""',
        "iat": "1516239022",
        "version": '"42"',
        "roles": '["user","editor"]',
        "address": '{"city":"Seattle"}',
    }


def test_what_is_not_ascii_is_escaped_in_upper_case() -> None:
    """The same page: `é` becomes `\\u00E9`; a backslash that is the text's own stays."""
    assert json_text("é") == '"\\u00E9"'
    assert json_text("\\u00e9") == '"\\\\u00e9"'
    assert json_text("\\é\n") == '"\\\\\\u00E9\\n"'


def test_texts_are_made_when_one_is_read() -> None:
    made = []

    def form(claims: Mapping[str, object]) -> Mapping[str, str]:
        made.append(claims)
        return plain_texts(claims)

    texts = ClaimTexts({"a": 1, "b": None}, form)
    assert texts
    assert not ClaimTexts({}, form)
    assert made == []
    assert (dict(texts), texts.get("b"), len(texts)) == ({"a": "1"}, None, 1)
    assert len(made) == 1
