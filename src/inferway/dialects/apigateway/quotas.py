"""What the service's quotas refuse, where Inferway serves it all the same.

Sources: "Amazon API Gateway quotas" (stages and authorizers of an API, stage variables and their lengths), "Usage plans
and API keys for REST APIs" (one plan for a key and stage); the words about stage variables are the service's own, as
users of it published them (sirceljm/aws-lambda-blog issue 10, serverless/serverless issue 6133).
"""

import re
from collections.abc import Sequence
from typing import Final

from inferway.definition.stage import StageSettings
from inferway.dialects.apigateway.documents import Parts
from inferway.dialects.apigateway.lambda_authorizers import AUTHORIZER
from inferway.formats.cursor import Cursor

MOST_STAGES: Final = 10
MOST_AUTHORIZERS: Final = 10
MOST_VARIABLES: Final = 100
LONGEST_NAME: Final = 64
LONGEST_VALUE: Final = 512
"""Characters."""

_VALUE: Final = re.compile(r"[A-Za-z0-9 \-._~:/?#&=,]+")
"""The API reference's characters (`CreateStage`), and the blank that the service's own words name."""

_RAISED: Final = "until the quota is raised"


def report_authorizers(document: Cursor) -> None:
    """Report more authorizers than an API may have."""
    swagger = document["securityDefinitions"]
    schemes = swagger if swagger.present else document["components"]["securitySchemes"]
    count = sum(1 for _, scheme in schemes.entries() if isinstance(scheme.value, dict) and AUTHORIZER in scheme.value)
    if count > MOST_AUTHORIZERS:
        text = f"{count} authorizers; Amazon refuses more than {MOST_AUTHORIZERS} of an API {_RAISED}"
        schemes.warning("too-many-authorizers", text)


def report_stage_count(parts: Parts, stages: Sequence[StageSettings]) -> None:
    """Report more stages than an API may have."""
    if len(stages) > MOST_STAGES:
        text = f"{len(stages)} stages; Amazon refuses more than {MOST_STAGES} of an API {_RAISED}"
        parts.api.at.warning("too-many-stages", text)


def report_variables(variables: Cursor) -> None:
    """Report stage variables that the service refuses."""
    entries = list(variables.entries())
    if len(entries) > MOST_VARIABLES:
        text = f"{len(entries)} stage variables; Amazon refuses more than {MOST_VARIABLES} of a stage"
        variables.warning("too-many-variables", text)
    for name, given in entries:
        value = given.text()
        if not re.fullmatch(r"\w+", name, re.ASCII) or len(name) > LONGEST_NAME:
            text = f"Invalid stage variable name: {name}.  Please use names with only word characters."
            given.warning("bad-stage-variable", f"{text} At most {LONGEST_NAME} of them; Amazon refuses this one")
        elif not _VALUE.fullmatch(value) or len(value) > LONGEST_VALUE:
            text = (
                f"Invalid stage variable value: {value[:80]}.  Please use values with alphanumeric characters and the "
                "symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
            )
            given.warning("bad-stage-variable", f"{text} At most {LONGEST_VALUE}; Amazon refuses this one")


def report_shared_keys(parts: Parts) -> None:
    """Report a key that two plans give the same stage of an API."""
    stages = {
        plan.id: {covered["Stage"].text() for covered in plan.items("ApiStages")
                  if covered["ApiId"].text() == parts.api.id}
        for plan in parts.of("plan")
    }  # fmt: skip
    taken: dict[tuple[str, str], str] = {}
    for plan_key in parts.of("plan-key"):
        plan, key = plan_key["UsagePlanId"].text(), plan_key["KeyId"].text()
        for stage in sorted(stages.get(plan, ())):
            if taken.setdefault((key, stage), plan) != plan:
                text = (
                    f"the key has another usage plan on the stage {stage}; Amazon refuses a second, and the last counts"
                )
                plan_key["KeyId"].warning("key-of-two-plans", text)
