import pytest

from inferway.formats.pulumi.diagnosis.likeness import likeness, nearest, words


def test_words_of_every_spelling() -> None:
    assert words("AWSAppSyncPushTo") == words("AWS_APP_SYNC_PUSH_TO") == ("aws", "app", "sync", "push", "to")
    assert words("graphql_api_v2") == ("graphql", "api", "v", "2")


@pytest.mark.parametrize(
    ("wanted", "candidate"), [("displayName", "display_name"), ("http", "HTTP"), ("GraphQlApi", "GraphQLApi")]
)
def test_another_spelling_is_the_same_name(wanted: str, candidate: str) -> None:
    assert likeness(wanted, candidate) == 1.0


def test_a_name_may_repeat_its_modules() -> None:
    assert likeness("Service", "ApiManagementService", "apimanagement") == 1.0
    assert likeness("Service", "ApiManagementService") < 1.0


def test_a_typing_error_is_near_and_a_stranger_is_not() -> None:
    assert nearest("publisher_emial", ["publisher_email", "publisher_name", "sku"])[0] == "publisher_email"
    assert nearest("api_key", ["api_type", "arn", "name", "uris"]) == ()


def test_the_last_word_counts_more_than_common_letters() -> None:
    names = ["scm_url", "gateway_url", "sku", "developer_portal_url", "name"]
    assert nearest("service_url", names) == ("gateway_url", "scm_url")


def test_the_same_name_stands_alone() -> None:
    assert nearest("http", ["HTTPS", "HTTP"]) == ("HTTP",)
