"""A frozen revision of an API with the settings of the stage that serves it."""

import msgspec

from inferway.definition.api import ApiDefinition
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.usage import ApiKey, UsagePlan


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """What is served under one address: a revision, its stage, and who may call it.

    A canary revision will stand beside `api` here (with its share and its own stage variables).
    """

    id: str
    api: ApiDefinition
    stage: StageSettings
    keys: tuple[ApiKey, ...] = ()
    plans: tuple[UsagePlan, ...] = ()
    account_throttle: Throttle = Throttle(rate=10_000, burst=5_000)
