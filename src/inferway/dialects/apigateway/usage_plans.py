"""Reads usage plans and API keys.

Sources: CloudFormation Template Reference, "AWS::ApiGateway::UsagePlan" (the throttles of an API's stage by
`/path/METHOD`), "AWS::ApiGateway::UsagePlanKey", "AWS::ApiGateway::ApiKey". That a key is disabled where `Enabled` does
not say otherwise is CreateApiKey's default; in pulumi-aws it is enabled.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from inferway.definition.stage import Period, Quota, Throttle
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.dialects.apigateway.documents import Parts
from inferway.dialects.apigateway.numbers import number
from inferway.dialects.apigateway.resource_kinds import API_KEY_VALUE
from inferway.dialects.apigateway.resource_view import ResourceView, View
from inferway.dialects.apigateway.stage_settings import throttle_of
from inferway.formats.cursor import Cursor

_SHORTEST: Final = 20
_LONGEST: Final = 128
"""Characters of a key's value (API Gateway API reference, `CreateApiKey`)."""


def covered_apis(kinds: Mapping[str, list[ResourceView]]) -> Iterator[tuple[ResourceView, Iterable[str]]]:
    """Give each plan, plan's key and key with the identifiers of the APIs that it is of importance to."""
    by_plan: dict[str, dict[str, None]] = {}
    for plan in kinds.get("plan", ()):
        covered = dict.fromkeys(stage["ApiId"].text() for stage in plan.items("ApiStages"))
        by_plan.setdefault(plan.id, {}).update(covered)
        yield plan, covered
    by_key: dict[str, dict[str, None]] = {}
    for plan_key in kinds.get("plan-key", ()):
        covered = by_plan.get(plan_key["UsagePlanId"].text(), {})
        by_key.setdefault(plan_key["KeyId"].text(), {}).update(covered)
        yield plan_key, covered
    for key in kinds.get("key", ()):
        stages = dict.fromkeys(stage["RestApiId"].text() for stage in key.items("StageKeys"))
        yield key, by_key.get(key.id, {}) | stages


def read_plans(parts: Parts) -> tuple[UsagePlan, ...]:
    """Read the plans that cover a stage of an API."""
    made: list[UsagePlan] = []
    for plan in parts.of("plan"):
        covered = [stage for stage in plan.items("ApiStages") if stage["ApiId"].text() == parts.api.id]
        if not covered:
            continue
        limits = plan.inside("Throttle")
        own = [(stage["Stage"].text(), _routes(stage)) for stage in covered]
        # A plan may limit a method of one stage otherwise than of another; the counts are the plan's all the same.
        alike = [own] if all(routes == own[0][1] for _, routes in own) else [[each] for each in own]
        keys = [key for key in parts.of("plan-key") if key["UsagePlanId"].text() == plan.id]
        made += [
            UsagePlan(
                id=plan.id,
                name=plan["UsagePlanName"].text() or plan.label,
                keys=tuple(key["KeyId"].text() for key in keys),
                stages=tuple(dict.fromkeys(name for name, _ in group)),
                throttle=throttle_of(limits["RateLimit"], limits["BurstLimit"]),
                quota=_quota(plan.inside("Quota")),
                routes=group[0][1],
            )
            for group in alike
        ]
    return tuple(made)


def report_stages(parts: Parts, stages: Collection[str]) -> None:
    """Report plans for a stage that an API of these stages does not have; their limits would hold nowhere."""
    for plan in parts.of("plan"):
        for covered in plan.items("ApiStages"):
            name = covered["Stage"]
            if covered["ApiId"].text() == parts.api.id and stages and name.text() not in stages:
                name.warning("unknown-stage", f"the API has no stage {name.text()!r}; the plan covers nothing there")


def read_keys(parts: Parts, plans: tuple[UsagePlan, ...]) -> tuple[ApiKey, ...]:
    """Read the keys of the plans that cover an API, and those that name a stage of it themselves."""
    wanted = {key for plan in plans for key in plan.keys}
    made = []
    for key in parts.of("key"):
        stages = [stage for stage in key.items("StageKeys") if stage["RestApiId"].text() == parts.api.id]
        if key.id not in wanted and not stages:
            continue
        for stage in stages:
            name = stage["StageName"].text()
            if not any(key.id in plan.keys and name in plan.stages for plan in plans):
                stage.at.note("stage-keys", f"no usage plan has this key and covers the stage {name}; it needs one")
        value = key.attributes.get(API_KEY_VALUE[key.type])
        if not isinstance(value, str):
            continue
        given = key["Value"]
        if given.value and not _SHORTEST <= len(value) <= _LONGEST:
            given.warning("key-length", f"a key has {_SHORTEST} to {_LONGEST} characters; Amazon refuses this one")
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
        made.append(ApiKey(id=key.id, name=key["Name"].text() or key.label, digest=digest, enabled=_enabled(key)))
    return tuple(made)


def _enabled(key: ResourceView) -> bool:
    given = key["Enabled"]
    if given.present and given.value is not None:
        return given.flag()
    if key.is_pulumi:
        return True
    key.at.warning("disabled-key", f"{key.label} is disabled, since a key without Enabled: true is")
    return False


def _routes(stage: View) -> dict[str, Throttle]:
    """Give the throttles of a stage's methods: by path in CloudFormation, in a list in Pulumi."""
    made = {}
    for path, limits in stage["Throttle"].entries() if stage.names is None else ():
        throttle = throttle_of(limits["RateLimit"], limits["BurstLimit"])
        if throttle is not None:
            made[_path(path)] = throttle
    for listed in stage.items("Throttles") if stage.names is not None else ():
        throttle = throttle_of(listed["RateLimit"], listed["BurstLimit"])
        if throttle is not None:
            made[_path(listed["Path"].text())] = throttle
    return made


def _path(written: str) -> str:
    return "/" + written.lstrip("/")


def _quota(quota: View) -> Quota | None:
    limit, period = quota["Limit"], quota["Period"]
    if limit.value is None or not limit.present:
        return None
    count = number(limit, whole=True)
    known = {each.value: each for each in Period}
    if count is None or period.text().upper() not in known:
        # What is no number, and in a template what is no period, is reported as that.
        if quota.names is not None or not period.present:
            _refuse(period)
        return None
    try:
        offset = number(quota["Offset"], whole=True) or 0
        return Quota(limit=int(count), period=known[period.text().upper()], offset=int(offset))
    except ValueError as error:
        limit.error("bad-quota", str(error))
        return None


def _refuse(period: Cursor) -> None:
    period.error("bad-quota", f"a quota has a Limit and a Period of {', '.join(Period)}")
