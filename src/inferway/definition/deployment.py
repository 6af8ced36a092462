"""A frozen revision of an API with the settings of the stage that serves it."""

import msgspec

from inferway.definition.api import ApiDefinition
from inferway.definition.identity import Identity
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.usage import ApiKey, UsagePlan


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """What is served under one address: a revision, its stage, and who may call it.

    `region` and `account` are those that its definition saw; they stand in the names of its resources.
    A canary revision will stand beside `api` here (with its share and its own stage variables).
    """

    id: str
    api: ApiDefinition
    stage: StageSettings
    keys: tuple[ApiKey, ...] = ()
    plans: tuple[UsagePlan, ...] = ()
    account_throttle: Throttle = Throttle(rate=10_000, burst=5_000)
    identities: tuple[Identity, ...] = ()
    region: str = "us-east-1"
    account: str = "000000000000"
