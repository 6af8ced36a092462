"""What policy expressions see. Source: "API Management policy expressions", Context variable."""

from typing import Any

import pytest

Lab = Any

CALL = "/ml-model/predict"
ASKED = ("POST", f"{CALL}?q=1&q=2&e=a%20b", {"X-Own": "v", "Accept": "text/plain"}, '{"user": 7, "tags": ["a"]}')


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("context.Request.Method", "POST"),
        ("context.Request.OriginalUrl.Path", "/ml-model/predict"),
        ("context.Request.OriginalUrl.Host", "gateway.example"),
        ("context.Request.OriginalUrl.Scheme", "https"),
        ("context.Request.OriginalUrl.QueryString", "?q=1&q=2&e=a%20b"),
        ("context.Request.OriginalUrl.ToString()", "https://gateway.example/ml-model/predict?q=1&q=2&e=a%20b"),
        ("context.Request.Url.Path", "/predict"),
        ("context.Request.Url.Host", "backend.example"),
        ('context.Request.Url.Query.GetValueOrDefault("q", "")', "1,2"),
        ('context.Request.Url.Query.GetValueOrDefault("none", "d")', "d"),
        ('context.Request.Headers.GetValueOrDefault("x-own", "")', "v"),
        ('context.Request.Headers.GetValueOrDefault("X-None", "none")', "none"),
        ('context.Request.Headers["X-OWN"][0]', "v"),
        ('context.Request.Headers.ContainsKey("x-own")', "True"),
        ('context.Request.Headers.GetValueOrDefault("Host", "")', "gateway.example"),
        ("context.Request.IpAddress", "192.0.2.7"),
        ('context.Request.Headers["Content-Length"][0]', "26"),
        ("context.Request.Body.As<string>()", '{"user": 7, "tags": ["a"]}'),
        ('(int)context.Request.Body.As<JObject>()["user"] + 1', "8"),
        ('context.Request.Body.As<JObject>(preserveContent: true)["tags"][0]', "a"),
        ("context.Api.Id", "ml-model"),
        ("context.Api.Name", "ML model API"),
        ("context.Api.Path", "ml-model"),
        ("context.Operation.Id", "predict"),
        ("context.Operation.Name", "Predict"),
        ("context.Operation.Method", "POST"),
        ("context.Operation.UrlTemplate", "/predict"),
        ("context.Deployment.GatewayId", "managed"),
        ("context.Deployment.ServiceName", "svc"),
        ("context.RequestId.ToString().Length", "36"),
        ("context.Subscription == null", "True"),
        ("context.Product == null", "True"),
        ("context.User == null", "True"),
        ("context.Response == null", "True"),
        ("context.LastError == null", "True"),
        ("context.Elapsed.TotalSeconds < 60", "True"),
        ("context.Timestamp.Year > 2000", "True"),
    ],
)
def test_the_context_of_a_request(lab: Lab, expression: str, expected: str) -> None:
    assert lab.value(f"@({expression})", request=ASKED) == expected


def test_parameters_of_the_template(lab: Lab) -> None:
    value = lab.value(
        '@(context.Request.MatchedParameters["id"] + context.Request.MatchedParameters.GetValueOrDefault("x", "-"))',
        operation={"method": "GET", "urlTemplate": "/items/{id}"},
        request=("GET", "/ml-model/items/a%20b"),
    )
    assert value == "a b-"


def test_a_subscription_and_its_product(lab: Lab) -> None:
    expression = '@(context.Subscription.Id + "/" + context.Subscription.Key + "/" + context.Product.Name)'
    policy = lab.policy(outbound=f'<set-header name="X-Who"><value>{expression}</value></set-header>')
    service = lab.service(*lab.product(), api_policy=policy, api={"subscriptionRequired": True})
    played = lab.play(service, ("POST", f"{CALL}?subscription-key=right"), keys={"customer": ("right", "starter")})
    assert played.answer.headers["x-who"] == "customer/right/Starter"


def test_the_request_shows_what_policies_made_of_it(lab: Lab) -> None:
    policy = lab.policy(
        inbound='<set-header name="X-Own"><value>new</value></set-header><set-method>PUT</set-method>'
        '<set-body>changed</set-body><rewrite-uri template="/other" />'
        '<set-backend-service base-url="https://backend.example/base" />'
        '<set-header name="X-Seen"><value>@(context.Request.Method + context.Request.Url.Path '
        '+ context.Request.Headers["X-Own"][0] + context.Request.Body.As<string>(true))</value></set-header>'
    )
    call = lab.ask(lab.service(api_policy=policy), headers={"X-Own": "old"}).call
    assert call.headers["x-seen"] == "PUT/base/othernewchanged"
    assert (call.target, call.body) == ("/base/other", b"changed")


def test_variables_hold_typed_values(lab: Lab) -> None:
    policy = lab.policy(
        inbound='<set-variable name="n" value="@(40 + 2)" /><set-variable name="text" value="plain" />',
        outbound='<set-header name="X-N"><value>@(((int)context.Variables["n"] + 1) '
        '+ (string)context.Variables["text"] + context.Variables.GetValueOrDefault<int>("n") '
        '+ context.Variables.GetValueOrDefault<string>("no", "d"))'
        "</value></set-header>",
    )
    assert lab.ask(lab.service(api_policy=policy)).answer.headers["x-n"] == "43plain42d"


def test_the_response_in_outbound(lab: Lab) -> None:
    policy = lab.policy(
        outbound='<set-header name="X-Seen"><value>@(context.Response.StatusCode + context.Response.StatusReason '
        '+ context.Response.Headers.GetValueOrDefault("X-Backend", "") + context.Response.Body.As<string>(true))'
        "</value></set-header>"
    )
    answer = lab.ask(lab.service(api_policy=policy), lab.reply(201, {"x-backend": "b"}, b"made")).answer
    assert answer.headers["x-seen"] == "201Createdbmade"
    assert answer.body == b"made"


def test_reading_a_body_without_preserving_it_consumes_it(lab: Lab) -> None:
    """ "Set body", important note: the original body is lost, and reading it again fails."""
    read = '<set-variable name="b" value="@(context.Request.Body.As&lt;string&gt;())" />'
    once = lab.ask(lab.service(api_policy=lab.policy(inbound=read)))
    assert once.call.body == b""
    assert lab.ask(lab.service(api_policy=lab.policy(inbound=read + read))).answer.status == 500
    kept = read.replace("()", "(preserveContent: true)")
    assert lab.ask(lab.service(api_policy=lab.policy(inbound=kept + kept))).call.body == b'{"a": 1}'


def test_a_multi_statement_expression_with_raw_quotes_and_brackets(lab: Lab) -> None:
    policy = lab.policy(
        outbound="""<set-body>@{
            var response = context.Response.Body.As<JObject>(preserveContent: true);
            foreach (var key in new [] { "secret", "internal" }) {
                response.Property(key)?.Remove();
            }
            return response.ToString(Newtonsoft.Json.Formatting.None);
        }</set-body>"""
    )
    reply = lab.reply(200, {"content-type": "application/json"}, b'{"rating": 4.5, "secret": 1}')
    assert lab.ask(lab.service(api_policy=policy), reply).answer.body == b'{"rating":4.5}'


def test_choose_takes_the_first_true_branch(lab: Lab) -> None:
    policy = lab.policy(
        inbound="""<choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault("X-Tier", "") == "gold" && 1 < 2)">
                <set-header name="X-Way"><value>gold</value></set-header></when>
            <when condition="@(context.Request.Headers.ContainsKey(&quot;X-Tier&quot;))">
                <set-header name="X-Way"><value>other</value></set-header></when>
            <otherwise><set-header name="X-Way"><value>none</value></set-header></otherwise>
        </choose>"""
    )
    ways = [
        lab.ask(lab.service(api_policy=policy), headers=headers).call.headers["x-way"]
        for headers in ({"X-Tier": "gold"}, {"X-Tier": "iron"}, {})
    ]
    assert ways == ["gold", "other", "none"]


def test_retry_forwards_again_while_its_condition_holds(lab: Lab) -> None:
    policy = lab.policy(
        inbound='<set-variable name="tries" value="@(0)" />',
        backend="""<retry condition="@(context.Response.StatusCode == 503)" count="3" interval="0">
            <set-variable name="tries" value="@((int)context.Variables["tries"] + 1)" />
            <set-header name="X-Try"><value>@(context.Variables["tries"].ToString())</value></set-header>
            <forward-request buffer-request-body="true" /></retry>""",
        outbound='<set-header name="X-Tries"><value>@(context.Variables["tries"].ToString())</value></set-header>',
    )
    played = lab.ask(lab.service(api_policy=policy), lab.reply(503), lab.reply(503), lab.reply(200, {}, b"up"))
    assert (played.answer.status, played.answer.body, played.answer.headers["x-tries"]) == (200, b"up", "3")
    assert [call.headers["x-try"] for call in played.calls] == ["1", "2", "3"]


def test_a_retried_request_gives_its_last_answer(lab: Lab) -> None:
    policy = lab.policy(
        backend='<retry condition="@(context.Response.StatusCode >= 500)" count="2" interval="0"><forward-request />'
        "</retry>"
    )
    played = lab.ask(lab.service(api_policy=policy), lab.reply(503, {}, b"down"))
    assert (played.answer.status, len(played.calls)) == (503, 3)


def test_a_backend_chosen_by_an_expression(lab: Lab) -> None:
    backends = [
        ("Backend", name, {"backendId": name, "url": f"{lab.backend}/{name}", "protocol": "http"}) for name in "ab"
    ]
    inbound = '<set-backend-service backend-id="@(context.Request.Headers.GetValueOrDefault("X-To", ""))" />'
    service = lab.service(*backends, api_policy=lab.policy(inbound=inbound))
    assert lab.ask(service, headers={"X-To": "b"}).call.target == "/b/predict"
    assert lab.ask(service, headers={"X-To": "c"}).answer.status == 500
    inbound = '<set-backend-service base-url="@("https://backend.example/" + context.Request.Method)" />'
    assert lab.ask(lab.service(api_policy=lab.policy(inbound=inbound))).call.target == "/POST/predict"


def test_a_response_kept_in_a_variable_can_be_returned(lab: Lab) -> None:
    policy = lab.policy(
        outbound='<set-variable name="kept" value="@(context.Response)" />'
        '<return-response response-variable-name="kept"><set-header name="X-More"><value>1</value></set-header>'
        "</return-response>"
    )
    answer = lab.ask(lab.service(api_policy=policy), lab.reply(203, {"x-own": "v"}, b"kept")).answer
    assert (answer.status, answer.body) == (203, b"kept")
    assert answer.headers == {"x-own": "v", "x-more": "1"}
