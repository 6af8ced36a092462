"""What both of the engine's services share: one run of one program."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

import msgspec

from inferway.faults import Place
from inferway.formats.pulumi.collected import Collected, RefusedError
from inferway.formats.pulumi.diagnosis.endings import FOREIGN
from inferway.formats.pulumi.invokes import Surroundings
from inferway.formats.pulumi.messages import Ask, Job
from inferway.formats.pulumi.protocol import Message, grpc
from inferway.formats.pulumi.providers import Provider
from inferway.formats.pulumi.sdk import Declaration
from inferway.formats.pulumi.transforms import Transforms
from inferway.formats.pulumi.wire import Unwrapped
from inferway.formats.resources import Provisioned

STACK: Final = "pulumi:pulumi:Stack"
"""The type of the resource that stands for the stack."""


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """Ways out of the engine: to whoever knows what resources are provisioned with, and to the operator."""

    ask: Callable[[Ask], Provisioned | None]
    say: Callable[[Sequence[str]], None]


class Declares(Protocol):
    """The SDKs that the program imports."""

    def resource(self, token: str) -> Declaration | None:
        """Give the class of a resource type; None where no SDK at hand declares it."""
        ...

    def result(self, token: str) -> Mapping[str, bool]:
        """Give the names that a function gives back, and whether each is always a text."""
        ...


class Services:
    """The state of a run. `states` are the id and the outputs of every resource by its URN."""

    def __init__(self, job: Job, sdk: Callable[[], Declares], talk: Talk, collected: Collected) -> None:
        self.job = job
        self.say = talk.say
        self.collected = collected
        self.transforms = Transforms()
        self.providers: dict[str, Provider] = {}
        self.default = Surroundings(region=job.region, account=job.account)
        self.root = ""
        self.states: dict[str, tuple[str, Message]] = {}
        self._ask = talk.ask
        self._folder = Path(job.folder)
        self._project = Path(job.root)
        self._sdk = sdk

    def place(self, request: Message) -> Place:
        """Give where the program made a request: its own innermost line."""
        if not hasattr(request, "sourcePosition"):
            return Place(file=self.job.main)
        positions = [request.sourcePosition, *(frame.pc for frame in request.stackTrace.frames)]
        found = [Place(file=unquote(urlsplit(each.uri).path), line=each.line) for each in positions if each.uri]
        own = (
            place
            for place in found
            if self._project in Path(place.file).parents and not FOREIGN & set(Path(place.file).parts)
        )
        return next(own, found[0] if found else Place(file=self.job.main))

    def urn(self, request: Message) -> str:
        """Give a resource's URN (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns)."""
        parent = request.parent.split("::")[2] if request.parent.count("::") >= 3 else ""
        within = "" if not parent or parent == STACK else f"{parent}$"
        return f"urn:pulumi:{self.job.stack}::{self.job.project}::{within}{request.type}::{request.name}"

    def declared(self, token: str) -> Declaration | None:
        """Give the SDK's class of a resource type."""
        return self._sdk().resource(token)

    def result(self, token: str) -> Mapping[str, bool]:
        """Give what the SDK says that a function gives back."""
        return self._sdk().result(token)

    def bag(self, values: Message) -> dict[str, object]:
        """Give a property bag as plain JSON."""
        return self.unwrapped().bag(values)

    def unwrapped(self) -> Unwrapped:
        """Give a reader of wire values."""
        return Unwrapped(self._folder)

    def where(self, provider: str) -> Surroundings:
        """Give where the resources of a provider are; it is named by its URN and its id, `""` for the default one."""
        held = self.providers.get(provider)
        return held.place if held else self.default

    def provisioned(self, ask: Ask) -> Provisioned | None:
        """Ask what a resource is provisioned with."""
        return self._ask(ask)

    def refuse(self, context: Any, refused: RefusedError, place: Place) -> None:
        """Note a refusal and tell the program; this raises gRPC's own exception."""
        self.collected.refuse(refused, place)
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, refused.text)
