"""The policies of the extended program, end to end: schema, throttle, header, masking, choose and return-response."""

import json
from typing import Any

Lab = Any
Clock = Any

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["user_id"],
    "additionalProperties": False,
    "properties": {"user_id": {"type": "integer", "minimum": 1, "maximum": 100_000}, "debug": {"type": "boolean"}},
}

PRODUCT = """<policies>
  <inbound>
    <base />
    <rate-limit calls="3" renewal-period="60" remaining-calls-header-name="X-Calls-Left" />
  </inbound>
  <backend><base /></backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>"""

API = """<policies>
  <inbound>
    <base />
    <set-backend-service backend-id="my-backend" />
    <validate-content unspecified-content-type-action="prevent" max-size="1024" size-exceeded-action="prevent"
                      errors-variable-name="schemaErrors">
      <content type="application/json" validate-as="json" schema-id="prediction-request" action="prevent" />
    </validate-content>
    <set-variable name="user" value="@((int)context.Request.Body.As<JObject>(preserveContent: true)["user_id"])" />
    <choose>
      <when condition="@(context.Variables.GetValueOrDefault<int>("user") == 13)">
        <return-response>
          <set-status code="403" reason="Forbidden" />
          <set-header name="Content-Type" exists-action="override"><value>application/json</value></set-header>
          <set-body>@{
            var reason = "user " + context.Variables["user"] + " opted out";
            return new JObject(new JProperty("error", reason)).ToString();
          }</set-body>
        </return-response>
      </when>
      <otherwise>
        <set-header name="X-Customer" exists-action="override">
          <value>@(context.Subscription?.Id ?? "anonymous")</value>
        </set-header>
        <set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />
      </otherwise>
    </choose>
  </inbound>
  <backend><base /></backend>
  <outbound>
    <base />
    <set-header name="X-Model" exists-action="override"><value>{{model-name}}</value></set-header>
    <choose>
      <when condition="@(context.Response.StatusCode == 200 && (context.Product?.Name != "Internal"))">
        <set-body>@{
          var body = context.Response.Body.As<JObject>();
          foreach (var rating in body["ratings"]) {
            var email = (string)rating["email"];
            if (email != null) {
              rating["email"] = email.Substring(0, 1) + "***" + email.Substring(email.IndexOf("@"));
            }
          }
          body.Property("debug")?.Remove();
          return body.ToString(Newtonsoft.Json.Formatting.None);
        }</set-body>
      </when>
    </choose>
  </outbound>
  <on-error>
    <base />
    <set-header name="X-Error" exists-action="override"><value>@(context.LastError.Reason)</value></set-header>
  </on-error>
</policies>"""

HEADER = "Ocp-Apim-Subscription-Key"
ANSWER = {
    "ratings": [{"movie": 1, "rating": 4.5, "email": "ada@example.com"}, {"movie": 2, "rating": 3.0}],
    "debug": {"ms": 3},
}


def service(lab: Lab) -> Any:
    backend = {"backendId": "my-backend", "url": lab.backend, "protocol": "http"}
    value = {"namedValueId": "model-name", "displayName": "model-name", "value": "movies"}
    schema = {"schemaId": "prediction-request", "schemaType": "json", "value": json.dumps(SCHEMA)}
    return lab.service(
        ("Backend", "backend", backend),
        ("NamedValue", "name", value),
        ("GlobalSchema", "schema", schema),
        *lab.product(policy=PRODUCT, name="ml-models"),
        api={"serviceUrl": None, "subscriptionRequired": True},
        api_policy=API,
    )


def ask(body: Any, key: str = "k") -> Any:
    return ("POST", "/ml-model/predict", {HEADER: key}, json.dumps(body))


def test_the_extended_policy_end_to_end(lab: Lab, clock: Clock) -> None:
    reply = lab.reply(200, {"content-type": "application/json"}, json.dumps(ANSWER).encode())
    played = lab.play(
        service(lab),
        ask({"user_id": 7}),
        ask({"user_id": "x"}),
        ask({"user_id": 13}),
        ask({"user_id": 7}),
        ask({"user_id": 7}, key="wrong"),
        replies=(reply,),
        keys={"customer": ("k", "ml-models")},
        clock=clock,
    )
    assert played.statuses == [200, 400, 403, 429, 401]
    good, bad, opted_out, throttled, refused = played.answers
    assert good.json == {
        "ratings": [{"movie": 1, "rating": 4.5, "email": "a***@example.com"}, {"movie": 2, "rating": 3.0}]
    }
    assert good.headers["x-model"] == "movies"
    assert [answer.headers.get("x-calls-left") for answer in played.answers] == ["2", "1", "0", "0", None]
    assert bad.headers["x-error"] == "Bad request"
    assert opted_out.json == {"error": "user 13 opted out"}
    assert throttled.headers["retry-after"] == "60"
    assert throttled.headers["x-error"] == "RateLimitExceeded"
    assert refused.headers["x-error"] == "SubscriptionKeyInvalid"
    assert len(played.calls) == 1
    assert played.call.headers["x-customer"] == "customer"
    assert HEADER.lower() not in played.call.headers
    assert played.call.body == b'{"user_id": 7}'
