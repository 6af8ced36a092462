"""A frozen revision of an API with the settings of the stage that serves it."""

from enum import StrEnum
from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition
from inferway.definition.identity import Identity
from inferway.definition.issuer import Issuer
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.tracing import Tracing
from inferway.definition.usage import ApiKey, UsagePlan

REGION: Final = "us-east-1"
"""Where definitions run, as far as they can see it: one place for all that is named after a Region."""

ACCOUNT: Final = "000000000000"
"""Whose resources they are, as above."""


class Part(StrEnum):
    """Which part of a stage with a canary release a deployment is, if any."""

    WHOLE = "whole"
    STAGE = "stage"
    CANARY = "canary"


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """What is served under one address: a revision, its stage, and who may call it.

    `region` and `account` are those that its definition saw; they stand in the names of its resources. A `canary` is a
    deployment of its own under the same address, with the stage's `canary.percent` of its requests;
    it keeps its responses apart unless it `shares_cache`. `tracing` says where spans go, None where none are made.
    `is_test` says that its requests are test invocations, which come from no client.
    """

    id: str
    api: ApiDefinition
    stage: StageSettings
    keys: tuple[ApiKey, ...] = ()
    plans: tuple[UsagePlan, ...] = ()
    account_throttle: Throttle = Throttle(rate=10_000, burst=5_000)
    identities: tuple[Identity, ...] = ()
    issuers: tuple[Issuer, ...] = ()
    region: str = REGION
    account: str = ACCOUNT
    part: Part = Part.WHOLE
    shares_cache: bool = True
    tracing: Tracing | None = None
    is_test: bool = False
    canary: "Deployment | None" = None
