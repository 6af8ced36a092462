"""Reads canary releases of stages.

Sources: API Gateway, "Set up an API Gateway canary release deployment" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/canary-release.html); CloudFormation Template Reference, "AWS::ApiGateway::Stage CanarySetting" and
"AWS::ApiGateway::Deployment DeploymentCanarySettings".
"""

from inferway.definition.canary import Canary
from inferway.dialects.apigateway.numbers import number
from inferway.dialects.apigateway.resource_view import View


def read_canary(view: View, name: str) -> Canary | None:
    """Read a canary release; None where there is none, and, with an error, where the service refuses it.

    A definition holds one revision of an API, so the release differs from its stage by variables alone, unless the
    bindings name another definition for it.
    """
    settings = view[name]
    if not settings.present or settings.value is None:
        return None
    inside = view.inside(name)
    percent = number(inside["PercentTraffic"])
    if percent is not None and not 0 <= percent <= 100:
        inside["PercentTraffic"].error("bad-canary", "Canary percentTraffic must be between 0.0 and 100.0")
        return None
    text = "the release serves this same definition, but for its stage variables; the bindings can name another one"
    settings.note("canary-revision", text)
    return Canary(
        percent=percent or 0.0,
        variables={key: value.text() for key, value in inside["StageVariableOverrides"].entries()},
        use_stage_cache=inside["UseStageCache"].flag(),
    )
