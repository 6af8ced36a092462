"""Canary releases: what definitions and bindings say of them, and the deployments that they become."""

import hashlib
from collections.abc import Mapping

import msgspec

from inferway.definition.api import ApiDefinition
from inferway.definition.canary import Canary
from inferway.definition.deployment import Deployment, Part
from inferway.definition.stage import StageSettings
from inferway.faults import Finding, Findings, Severity

Revisions = Mapping[str, tuple[ApiDefinition, ...]]
"""What the definitions of canary releases hold, by their paths."""


def joined_canary(declared: Canary | None, bound: Canary | None) -> Canary | None:
    """Give a canary release as it is declared, with what the bindings say of it on top."""
    if declared is None or bound is None or declared is bound:
        return bound or declared
    return Canary(
        percent=bound.percent or declared.percent,
        variables={**declared.variables, **bound.variables},
        use_stage_cache=bound.use_stage_cache or declared.use_stage_cache,
        definition=bound.definition,
        rule=bound.rule,
    )


def revision_of(
    api: ApiDefinition, stage: StageSettings, revisions: Revisions
) -> tuple[ApiDefinition | None, Findings]:
    """Give the API that a stage's canary release serves: the stage's own, or that of its definition.

    None where the stage has no canary release, and, with an error, where its definition does not have the API.
    """
    if stage.canary is None:
        return None, ()
    path = stage.canary.definition
    if not path:
        return api, ()
    found = revisions.get(path, ())
    named = [each for each in found if each.slug == api.slug] or (list(found) if len(found) == 1 else [])
    if not named:
        text = f"the canary release of {api.slug}:{stage.name}: {path} does not define the API {api.name!r}"
        return None, (Finding(severity=Severity.ERROR, code="canary", text=text, place=api.place),)
    return msgspec.structs.replace(named[0], slug=api.slug, id=api.id, base=api.base, hosts=api.hosts), ()


def with_canary(deployment: Deployment, revision: Deployment | None) -> Deployment:
    """Put a canary release beside a deployment; `revision` is the stage's deployment of what the release serves.

    Keys and plans are the stage's, since clients are let in before it is known who serves them.
    """
    settings = deployment.stage.canary
    if settings is None or revision is None:
        return deployment
    stage = deployment.stage
    own = msgspec.structs.replace(stage, variables={**stage.variables, **settings.variables}, canary=None)
    canary = msgspec.structs.replace(
        revision,
        id=hashlib.sha256(msgspec.json.encode((revision.api, own.variables))).hexdigest()[:10],
        stage=own,
        keys=deployment.keys,
        plans=deployment.plans,
        part=Part.CANARY,
        shares_cache=settings.use_stage_cache and revision.api == deployment.api,
    )
    return msgspec.structs.replace(deployment, part=Part.STAGE, canary=canary)
