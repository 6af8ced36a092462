"""The stage cache.

Source of what is documented: "Cache settings for REST APIs in API Gateway".
"""

from typing import Any

import pytest

from inferway.definition.stage import CacheSettings, RouteSettings, StageSettings, UnauthorizedInvalidation

KEYS = ("method.request.querystring.type", "method.request.header.X-Tenant", "method.request.path.id")
FRESH = {"Cache-Control": "max-age=0"}


def cached(lab: Any, *keys: str, kind: str = "http") -> dict[str, Any]:
    parameters = [
        {"name": name, "in": where, "required": where == "path", "schema": {"type": "string"}}
        for name, where in (("type", "query"), ("X-Tenant", "header"), ("id", "path"))
    ]
    integration = (lab.http if kind == "http" else lab.proxy)(method="ANY", cacheKeyParameters=list(keys))
    operation = lab.operation(integration, parameters=parameters)
    document: dict[str, Any] = lab.document({"/t/{id}": {"get": operation, "post": operation}})
    return document


def stage(enabled: bool = True, **parts: Any) -> StageSettings:
    return StageSettings(name="prod", cache=enabled, routes={"*/*": RouteSettings(**parts)} if parts else {})


def replies(lab: Any) -> tuple[Any, ...]:
    return tuple(lab.reply(200, {}, str(number).encode()) for number in range(9))


def texts(played: Any) -> list[str]:
    return [answer.text for answer in played.answers]


def test_a_stage_without_a_cache_keeps_nothing(lab: Any) -> None:
    """Documented: caching is enabled per stage."""
    played = lab.play(cached(lab), ("GET", "/t/1"), ("GET", "/t/1"), replies=replies(lab), stage=stage(enabled=False))
    assert texts(played) == ["0", "1"]


def test_an_answer_is_kept_for_its_time_to_live(lab: Any, clock: Any) -> None:
    """Documented: 300 seconds by default."""

    def later(number: int) -> None:
        clock.now += {2: 299, 3: 2}.get(number, 0)

    asked = [("GET", "/t/1")] * 4
    played = lab.play(cached(lab), *asked, replies=replies(lab), stage=stage(), clock=clock, between=later)
    assert texts(played) == ["0", "0", "0", "1"]


def test_the_key_is_made_of_the_key_parameters_only(lab: Any) -> None:
    """Documented ("Use method or integration parameters as cache keys"): a parameter that is no key changes nothing."""
    asked = [
        ("GET", "/t/1?type=admin&department=A"),
        ("GET", "/t/1?type=admin&department=B"),
        ("GET", "/t/2?type=admin"),
        ("GET", "/t/1?type=regular"),
    ]
    played = lab.play(cached(lab, KEYS[0]), *asked, replies=replies(lab), stage=stage())
    assert texts(played) == ["0", "0", "0", "1"]


def test_path_and_headers_can_be_keys(lab: Any) -> None:
    """Documented: "custom headers, URL paths, or query strings"."""
    asked = [
        ("GET", "/t/1", {"X-Tenant": "a"}),
        ("GET", "/t/2", {"X-Tenant": "a"}),
        ("GET", "/t/1", {"x-tenant": "b"}),
        ("GET", "/t/1", {"x-tenant": "a"}),
    ]
    assert texts(lab.play(cached(lab, *KEYS), *asked, replies=replies(lab), stage=stage())) == ["0", "1", "2", "0"]


def test_only_get_is_cached_unless_the_method_says_so(lab: Any) -> None:
    """Documented: "only GET methods have caching enabled by default", others by overriding method settings."""
    asked: list[tuple[Any, ...]] = [("POST", "/t/1", {}, "{}")] * 2
    assert texts(lab.play(cached(lab), *asked, replies=replies(lab), stage=stage())) == ["0", "1"]
    own = StageSettings(name="prod", cache=True, routes={"/t/{id}/POST": RouteSettings(caching=True)})
    assert texts(lab.play(cached(lab), *asked, replies=replies(lab), stage=own)) == ["0", "0"]


def test_a_method_can_be_left_out(lab: Any) -> None:
    """Documented ("Override API Gateway stage-level caching for method-level caching")."""
    own = StageSettings(name="prod", cache=True, routes={"/t/{id}/GET": RouteSettings(caching=False)})
    asked = [("GET", "/t/1")] * 2
    assert texts(lab.play(cached(lab), *asked, replies=replies(lab), stage=own)) == ["0", "1"]


def test_a_time_to_live_of_zero_disables_caching(lab: Any) -> None:
    """Documented: "TTL=0 means caching is disabled"."""
    asked = [("GET", "/t/1")] * 2
    played = lab.play(cached(lab), *asked, replies=replies(lab), stage=stage(cache=CacheSettings(ttl=0)))
    assert texts(played) == ["0", "1"]


def test_an_integration_s_error_is_kept_and_a_gateway_response_is_not(lab: Any) -> None:
    """Recorded in a public question ("prevent caching of non 200 responses"): integration responses of any status."""
    made = (lab.reply(429, {}, b"busy"), lab.reply(200, {}, b"fine"))
    played = lab.play(cached(lab, kind="proxy"), ("GET", "/t/1"), ("GET", "/t/1"), replies=made, stage=stage())
    assert [(answer.status, answer.text) for answer in played.answers] == [(429, "busy"), (429, "busy")]
    refused = cached(lab) | {"x-amazon-apigateway-gateway-responses": {}}
    refused["paths"]["/t/{id}"]["get"]["x-amazon-apigateway-integration"]["responses"] = {"200": {"statusCode": "200"}}
    made = (lab.reply(500), lab.reply(200, {}, b"fine"))
    played = lab.play(refused, ("GET", "/t/1"), ("GET", "/t/1"), replies=made, stage=stage())
    assert [answer.status for answer in played.answers] == [500, 200]


def test_a_kept_answer_has_its_status_headers_and_an_identifier_of_its_own(lab: Any) -> None:
    """Documented: the response comes from the cache instead of the endpoint; each request has its own identifier."""
    made = (lab.reply(203, {"Content-Type": "text/csv", "X-Own": "1", "Server": "s"}, b"1"),)
    first, second = lab.play(
        cached(lab, kind="proxy"), ("GET", "/t/1"), ("GET", "/t/1"), replies=made, stage=stage()
    ).answers
    assert (second.status, second.body) == (203, b"1")
    assert [second.headers[name] for name in ("content-type", "x-own", "x-amzn-remapped-server")] == [
        "text/csv",
        "1",
        "s",
    ]
    assert first.headers["x-amzn-requestid"] != second.headers["x-amzn-requestid"]


def test_the_largest_answer_that_is_kept(lab: Any) -> None:
    """Documented: "the maximum size of a response that can be cached is 1048576 bytes"."""
    for size, calls in ((1_000_000, 1), (1_048_577, 2)):
        played = lab.play(
            cached(lab), ("GET", "/t/1"), ("GET", "/t/1"), replies=(lab.reply(200, {}, b"x" * size),), stage=stage()
        )
        assert len(played.calls) == calls


def test_any_client_may_invalidate_where_no_authorization_is_required(lab: Any) -> None:
    """Documented ("Invalidate an API Gateway cache entry"): max-age=0 gets a fresh answer, which replaces the old."""
    settings = CacheSettings(require_authorization=False)
    asked = [("GET", "/t/1"), ("GET", "/t/1", FRESH), ("GET", "/t/1"), ("GET", "/t/1", {"Cache-Control": "no-cache"})]
    played = lab.play(cached(lab), *asked, replies=replies(lab), stage=stage(cache=settings))
    assert texts(played) == ["0", "1", "1", "1"]


@pytest.mark.parametrize(
    ("strategy", "status", "warning"),
    [
        (UnauthorizedInvalidation.FAIL_WITH_403, 403, None),
        (
            UnauthorizedInvalidation.SUCCEED_WITH_RESPONSE_HEADER,
            200,
            "199 Cache-control headers were ignored because the caller was unauthorized.",
        ),
        (UnauthorizedInvalidation.SUCCEED_WITHOUT_RESPONSE_HEADER, 200, None),
    ],
)
def test_a_client_that_may_not_invalidate(
    lab: Any, strategy: UnauthorizedInvalidation, status: int, warning: str | None
) -> None:
    """Documented ("Handle unauthorized requests"), the three strategies; the warning's words are recorded."""
    settings = CacheSettings(unauthorized=strategy)
    played = lab.play(
        cached(lab), ("GET", "/t/1"), ("GET", "/t/1", FRESH), replies=replies(lab), stage=stage(cache=settings)
    )
    assert (played.answer.status, played.answer.headers.get("warning")) == (status, warning)
    assert len(played.calls) == 1
    if status == 200:
        assert played.answer.text == "0"


def test_a_namespace_can_be_shared(lab: Any) -> None:
    """Documented (API reference, `PutIntegration`, cacheNamespace): "you can use the same ... to share" answers."""
    parts = {"method": "GET", "cacheNamespace": "both", "cacheKeyParameters": []}
    paths = {path: {"get": lab.operation(lab.http(**parts))} for path in ("/a", "/b")}
    played = lab.play(lab.document(paths), ("GET", "/a"), ("GET", "/b"), replies=replies(lab), stage=stage())
    assert texts(played) == ["0", "0"]
