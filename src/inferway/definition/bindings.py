"""Where each named cloud resource lives here: `inferway.toml`, as data."""

from collections.abc import Mapping

import msgspec

from inferway.definition.canary import RolloutRule
from inferway.definition.endpoints import BoundEndpoint, BoundModel, DeclaredEndpoint
from inferway.definition.identity import Identity
from inferway.definition.issuer import Issuer
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.tracing import Tracing
from inferway.definition.training import BoundTraining
from inferway.definition.usage import UsagePlan
from inferway.definition.web_acl import Association
from inferway.faults import Findings


class BoundKey(msgspec.Struct, frozen=True, kw_only=True):
    """An API key's value under its name.

    A subscription has a `secondary` value too, and holds for one `product`, "" for every API of its service.
    """

    name: str
    value: str
    secondary: str = ""
    product: str = ""
    enabled: bool = True


class CodePart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a function's code: a `path` here (a folder, a file, a zip archive) or the `text` of a file.

    `at` is where it goes, below the function's folder; "" is the folder itself.
    """

    path: str = ""
    text: str = ""
    at: str = ""


class BoundFunction(msgspec.Struct, frozen=True, kw_only=True):
    """A function: a folder and a handler to run here, or a URL that speaks the function's invoke API.

    `runtime` is Lambda's identifier (`python3.12`, `nodejs22.x`, `provided.al2023`), "" for this Python. `path` may be
    a zip archive too; a definition may give the folder in parts instead, as `code`. `layers` are folders or zip
    archives whose content is put at `/opt` on the service. `timeout` in seconds; `memory` in MiB is held to, 0
    where it is not stated; `python` is the interpreter, "" for the running one. `arn` is what a definition gave the
    function, "" where none did.
    """

    name: str
    url: str = ""
    path: str = ""
    code: tuple[CodePart, ...] = ()
    handler: str = ""
    runtime: str = ""
    layers: tuple[CodePart, ...] = ()
    environment: dict[str, str] = {}
    concurrency: int = 10
    timeout: float = 3.0
    memory: int = 0
    python: str = ""
    arn: str = ""

    def __post_init__(self) -> None:
        """Refuse a function that has both a url and a path, or neither, or that could run no event."""
        if bool(self.url) == self.runs_here or (self.path and self.code):
            raise ValueError(f"function {self.name!r} needs either url or path")
        if self.runs_here and not self.handler and not self.runtime.startswith("provided"):
            raise ValueError(f"function {self.name!r} needs a handler, as 'module.function'")
        memory = self.memory or 128
        if not 1 <= self.concurrency <= 1000 or not 0 < self.timeout <= 900 or not 128 <= memory <= 10_240:
            text = "concurrency is 1 to 1000, timeout above 0 to 900 seconds, memory 128 to 10240 MiB"
            raise ValueError(f"function {self.name!r}: {text}")

    @property
    def runs_here(self) -> bool:
        """Say whether its handler runs here, rather than behind a URL."""
        return bool(self.path or self.code)


class BoundIndex(msgspec.Struct, frozen=True, kw_only=True):
    """A secondary index of a table: its key attributes, as a table's.

    `projection` is ALL, KEYS_ONLY, or INCLUDE with further `attributes`.
    """

    name: str
    partition_key: str
    sort_key: str = ""
    is_local: bool = False
    projection: str = "ALL"
    attributes: tuple[str, ...] = ()


class BoundTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table of items: its key attributes, each `NAME` or `NAME:TYPE` with the type S (a text), N or B."""

    name: str
    partition_key: str
    sort_key: str = ""
    indexes: tuple[BoundIndex, ...] = ()


class BoundPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A usage plan and the stages it covers, each as `API:STAGE`."""

    plan: UsagePlan
    stages: tuple[str, ...]


class BoundFirewall(msgspec.Struct, frozen=True, kw_only=True):
    """What web ACLs work with: databases of addresses' countries and networks, and the file of their log."""

    countries: str = ""
    networks: str = ""
    log: str = ""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a definition itself declares of what stands behind its APIs; a binding of the same name comes before it.

    `not_run` says of each function that cannot be run here why; it holds while nothing binds the function.
    """

    tables: tuple[BoundTable, ...] = ()
    functions: tuple[BoundFunction, ...] = ()
    endpoints: tuple[DeclaredEndpoint, ...] = ()
    not_run: Mapping[str, Findings] = {}
    web_acls: tuple[Association, ...] = ()


class Bindings(msgspec.Struct, frozen=True, kw_only=True):
    """All bindings of one project; `stages` maps an API's name or slug to its stages.

    `urls` gives URLs for prefixes of others: a URL, `endpoint:NAME` or `endpoint:NAME/path` for one of the endpoints,
    or `control:SERVICE` for this gateway's own control plane. `storage` gives folders for prefixes of S3 URIs.
    Event streams of backends below the URLs of `event_streams` are passed on as they come.
    `client_certificates` gives files for the certificates that backends are shown, by name.
    `alarms` are rules that take an endpoint's update back. `parameters` are a definition's own: template
    parameters, program configuration. `projects` are folders that are served with this one, `site` a folder of
    static files for the root, `state` the folder for what must last.
    """

    endpoints: dict[str, BoundEndpoint] = {}
    models: dict[str, BoundModel] = {}
    urls: dict[str, str] = {}
    keys: dict[str, BoundKey] = {}
    stages: dict[str, tuple[StageSettings, ...]] = {}
    plans: dict[str, BoundPlan] = {}
    identities: dict[str, Identity] = {}
    issuers: dict[str, Issuer] = {}
    functions: dict[str, BoundFunction] = {}
    tables: dict[str, BoundTable] = {}
    training: dict[str, BoundTraining] = {}
    alarms: dict[str, RolloutRule] = {}
    storage: dict[str, str] = {}
    client_certificates: dict[str, str] = {}
    parameters: dict[str, str] = {}
    stack_references: dict[str, dict[str, object]] = {}
    projects: tuple[str, ...] = ()
    event_streams: tuple[str, ...] = ()
    site: str = ""
    state: str = ""
    firewall: BoundFirewall = BoundFirewall()
    account_throttle: Throttle = Throttle(rate=10_000, burst=5_000)
    tracing: Tracing | None = None
