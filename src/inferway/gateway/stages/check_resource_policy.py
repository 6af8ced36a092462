"""CheckResourcePolicy: refuses callers whom the policy of a resource does not let in, whoever they are."""

from inferway.credentials.condition_keys import condition_keys
from inferway.credentials.method_arn import compile_arn
from inferway.credentials.policies import Decision
from inferway.credentials.principals import ANONYMOUS
from inferway.definition.policy_steps import CheckResourcePolicy
from inferway.exchange import Exchange
from inferway.gateway.permission import NOBODY, RESOURCE, compile_resource_policy, denied, network_of
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: CheckResourcePolicy, parts: Parts) -> tuple[Stage, ...]:
    """Read the policy once; nobody has signed, so it is asked about a caller without a name."""
    action, region, network = step.action, parts.deployment.region, network_of(parts)
    arn, says = (
        compile_arn(step.resource, parts.deployment),
        compile_resource_policy(action, step.resource, step.policy, parts),
    )
    passing = (Decision.ALLOW, Decision.IMPLICIT_DENY) if step.only_denials else (Decision.ALLOW,)

    def check_resource_policy(exchange: Exchange) -> Outcome:
        asked = arn(exchange)
        decision, _ = says(ANONYMOUS, asked, condition_keys(exchange.request, None, region, network))
        return None if decision in passing else denied(NOBODY, action, asked, decision, RESOURCE)

    return (check_resource_policy,)
