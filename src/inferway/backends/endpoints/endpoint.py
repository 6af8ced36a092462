"""One endpoint: who gets a call, and what is made of the reply.

Source: SageMaker Runtime API reference, "InvokeEndpoint".
"""

import random
import time
import uuid
from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Final

import msgspec

from inferway.backends.endpoints import errors
from inferway.backends.endpoints.capture import DataCapture, Side
from inferway.backends.endpoints.container import MAX_BODY, MAX_TIMEOUT, SENT_ON, SENT_PREFIX, HeaderSet, Outgoing
from inferway.backends.endpoints.headers import NEW_SESSION, NOTHING, Wanted, broken, wanted
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.backends.endpoints.sessions import Sessions
from inferway.backends.endpoints.shadow import Mirrored, Shadow, content_type
from inferway.backends.endpoints.variant import Sending, Variant, invocation, stop_all
from inferway.backends.link import transport_fault
from inferway.backends.protocols.sent import UnsuitedError
from inferway.backends.protocols.translation import Translation, translation
from inferway.definition.balancing import HealthCheck
from inferway.definition.endpoints import ONLY_VARIANT, ServedEndpoint, ServedVariant
from inferway.exchange import Call, Headers, Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.client import HttpClient
from inferway.transport.cluster.cluster import ClusterRefusedError, Refusal
from inferway.transport.cluster.host import Host
from inferway.transport.errors import TransportError, TransportErrorKind

INVOKED_VARIANT: Final = b"x-amzn-invoked-production-variant"

_MOST_ASKED: Final = 32
"""Sets of headers that are looked at once and then known, as callers send few; others are looked at each time."""

_ANY_MODEL: Final = "*"

BROKE_OFF: Final = ("connection", "broke off")
"""The detail of a fault where a container took the call and ended the connection without a reply."""

Locate = Callable[[str], Path]
"""Gives the folder or file of an S3 URI or a path; raises an error that says what is wrong with it."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets a call, and the session's instance where there is a session.

    `shown` is the production variant that the caller is told of: a component or a model is one of the only variant's.
    """

    variant: Variant
    shown: str = ONLY_VARIANT
    pinned: Host | None = None


class Endpoint:
    """An endpoint that is served; belongs to one event loop. Raises ValueError for a URL that cannot be called."""

    def __init__(self, settings: ServedEndpoint, client: HttpClient, locate: Locate, writer: JsonLines) -> None:
        self.settings = settings
        self.name = settings.name
        self._asked: dict[HeaderSet, Wanted] = {(): NOTHING}
        self._translation = _translation(settings)
        if self._translation is not None:
            settings = _checked_by(settings, self._translation.ready.decode())
        self.variants = {each.name: Variant(each.name, each.urls, each.balancing, client) for each in settings.variants}
        self.components = {
            each.name: Variant(each.name, each.urls, each.balancing, client) for each in settings.components
        }
        self.models = {each.name: Variant(each.name, each.urls, each.balancing, client) for each in settings.models}
        parts = self._parts()
        self._only = parts[0] if len(parts) == 1 and len(parts[0].containers) == 1 else None
        self.sessions = Sessions()
        capture = settings.capture
        self.capture = DataCapture(settings.name, capture, locate, writer) if capture is not None else None
        self.shadows = tuple(Shadow(each, client, self.capture) for each in settings.shadows)
        self._weights: dict[str, float] = {}
        self._wheel: tuple[list[float], list[Variant]] = ([], [])
        self.set_weights({each.name: each.weight for each in settings.variants})

    @property
    def is_up(self) -> bool:
        """Say whether anybody answers for it."""
        return any(each.containers for each in self._parts())

    @property
    def weights(self) -> Mapping[str, float]:
        """The variants' weights as they are now."""
        return self._weights

    def set_weights(self, weights: Mapping[str, float]) -> None:
        """Change some variants' weights, all at once; a call under way keeps the variant that it has.

        Raises ValueError for a variant that there is not, and changes none then.
        """
        for name, weight in weights.items():
            if name not in self.variants:
                raise ValueError(f"Variant {name} was not found for endpoint {self.name}.")
            if not 0 <= weight <= 1e9:
                raise ValueError(f"The weight of variant {name} must be 0 or more.")
        self._weights = {**self._weights, **weights}
        drawn = [variant for name, variant in self.variants.items() if self._weights[name] > 0]
        self._wheel = list(accumulate(self._weights[variant.name] for variant in drawn)), drawn

    def start(self) -> None:
        """Begin to check the health of its instances."""
        for variant in self._parts():
            variant.start()

    async def stop(self) -> None:
        """End what runs beside the calls; calls under way go on."""
        await stop_all(self._parts())
        for shadow in self.shadows:
            await shadow.stop()

    async def invoke(self, call: Call, seconds: float = MAX_TIMEOUT) -> Reply | Fault:
        """Send the body to a variant's container. Its own refusal is the service's ModelError, status 424."""
        if len(call.body) > MAX_BODY:
            return errors.too_large(MAX_BODY)
        headers = sent_on(call.headers)
        asked = self._asked.get(headers)
        if asked is None:
            flaws = broken(headers)
            if flaws:
                return errors.validation_error(flaws)
            asked = wanted(headers)
            if len(self._asked) < _MOST_ASKED:
                self._asked[headers] = asked
        if self.settings.asynchronous is not None:
            return errors.validation_error(errors.ASYNCHRONOUS.format(self.name))
        outgoing = self.outgoing(headers, call.body)
        if isinstance(outgoing, Reply):
            return outgoing
        chosen = self.choose(asked)
        if isinstance(chosen, Reply):
            return chosen
        started = time.perf_counter()
        seconds = min(seconds, MAX_TIMEOUT)
        sent = await self.send(chosen, invocation(outgoing, seconds), started, seconds)
        if not isinstance(sent, tuple):
            return sent
        reply, host = sent
        took = chosen.variant.count(started, status=reply.status)
        if asked.session:
            self.sessions.learn(reply, chosen.variant, host)
        if self.shadows or self.capture is not None:
            mirrored = Mirrored(
                headers=headers,
                body=call.body,
                outgoing=outgoing,
                wanted=asked,
                variant=chosen.variant.name,
                status=reply.status,
                answer=reply.body,
                milliseconds=took,
            )
            self._beside(mirrored, reply.headers, seconds)
        if reply.status // 100 != 2:
            return errors.model_error(self.name, reply.status, reply.body)
        reply.headers.append((INVOKED_VARIANT, chosen.shown.encode()))
        return reply

    def choose(self, asked: Wanted) -> Chosen | Reply:
        """Say who gets a call, or give the reply to one that nobody can get."""
        if asked.session and asked.session != NEW_SESSION:
            return self._of_session(asked)
        if self.models:
            return self._target_model(asked)
        if asked.model:
            return errors.not_multi_model(self.name)
        if self.components:
            return self._component(asked)
        if asked.component:
            return errors.validation_error(f"Inference Component {asked.component} was not found for {self.name}.")
        if asked.variant:
            named = self.variants.get(asked.variant)
            if named is None:
                return errors.validation_error(f"Variant {asked.variant} was not found for endpoint {self.name}.")
            return Chosen(variant=named, shown=named.name)
        sums, drawn = self._wheel
        if not drawn:
            return errors.unavailable(f"Endpoint {self.name} has no variant with a weight.")
        if len(drawn) == 1:
            return Chosen(variant=drawn[0], shown=drawn[0].name)
        one = drawn[bisect_right(sums, random.random() * sums[-1], hi=len(drawn) - 1)]
        return Chosen(variant=one, shown=one.name)

    def outgoing(self, headers: HeaderSet, body: bytes) -> Outgoing | Reply:
        """Give what a call becomes in the protocol of the instances, or the reply where that has no place for it."""
        if self._translation is None:
            return Outgoing(headers, body)
        try:
            sent = self._translation.request(content_type(headers), body)
        except UnsuitedError as error:
            return errors.model_error(self.name, 415, str(error).encode())
        others = [pair for pair in headers if pair[0] != b"content-type"]
        return Outgoing((*sent.headers, *others), sent.body, sent.target)

    async def send(
        self, chosen: Chosen, sending: Sending, started: float, seconds: float = 0.0
    ) -> tuple[Reply, Host] | Reply | Fault:
        """Send a call, and give the container's reply with the instance, or what stands for one that did not come.

        Within `seconds` it has waited, been sent and been sent again; 0 leaves that to each attempt's own time.
        """
        variant = chosen.variant
        try:
            if seconds:
                reply, host = await variant.send_within(seconds, sending, chosen.pinned)
            else:
                reply, host = await variant.send(sending, chosen.pinned)
        except TransportError as error:
            variant.count(started, status=0)
            fault = transport_fault(error, f"endpoint {self.name!r}, variant {variant.name!r}")
            if error.kind is TransportErrorKind.CLOSED_EARLY:
                fault = msgspec.structs.replace(fault, details=(BROKE_OFF,))
            return fault
        except TimeoutError:
            variant.count(started, status=0)
            cause = f"endpoint {self.name!r}, variant {variant.name!r}: nothing came within {seconds:g} s"
            return Fault(kind=FaultKind.BACKEND_TIMEOUT, cause=cause, retryable=True)
        except ClusterRefusedError as error:
            variant.count(started, status=0)
            return _refused(error, self.name, variant.name)
        except ValueError as error:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"endpoint {self.name!r}: {error}")
        if self._translation is not None:
            reply = msgspec.structs.replace(reply, headers=self._translation.reply(reply.headers))
        return reply, host

    def _component(self, asked: Wanted) -> Chosen | Reply:
        if not asked.component:
            # Recorded, with its ErrorCode: https://github.com/BerriAI/litellm/pull/37766.
            return errors.validation_error(
                "Inference Component Name header is required for endpoints to which you plan to deploy inference "
                "components. Please include Inference Component Name header or consider using SageMaker models.",
                "INFERENCE_COMPONENT_NAME_MISSING",
            )
        named = self.components.get(asked.component)
        if named is None:
            return errors.validation_error(f"Inference Component {asked.component} was not found for {self.name}.")
        return Chosen(variant=named)

    def _target_model(self, asked: Wanted) -> Chosen | Reply:
        if not asked.model:
            # The beginning is recorded: https://github.com/aws/sagemaker-tensorflow-serving-container/issues/166.
            return errors.validation_error(f"Request {uuid.uuid4()} is missing a target model header.")
        named = self.models.get(asked.model) or self.models.get(_ANY_MODEL)
        if named is None:
            return errors.validation_error(f"Model {asked.model} was not found for endpoint {self.name}.")
        return Chosen(variant=named)

    def _parts(self) -> tuple[Variant, ...]:
        return (*self.variants.values(), *self.components.values(), *self.models.values())

    def _of_session(self, asked: Wanted) -> Chosen | Reply:
        session = self.sessions.find(asked.session)
        if session is None and self._only is not None:
            return self._shown(self._only)  # it can be nowhere else, and its model knows better
        if session is None:
            return errors.validation_error(f"Session {asked.session} was not found for endpoint {self.name}.")
        if not session.variant.cluster.acquire_this(session.host):
            return errors.unavailable(f"The instance of session {asked.session} is not available.")
        return self._shown(session.variant, session.host)

    def _shown(self, variant: Variant, pinned: Host | None = None) -> Chosen:
        shown = variant.name if self.variants.get(variant.name) is variant else ONLY_VARIANT
        return Chosen(variant=variant, shown=shown, pinned=pinned)

    def _beside(self, call: Mirrored, answer_headers: Headers, seconds: float) -> None:
        for shadow in self.shadows:
            shadow.mirror(call, seconds)
        capture = self.capture
        if capture is not None and call.status // 100 == 2 and capture.is_due():
            asked = Side(content_type=content_type(call.headers), body=call.body)
            capture.take(
                call.variant, asked, Side(content_type=content_type(answer_headers), body=call.answer), call.wanted
            )


def _translation(settings: ServedEndpoint) -> Translation | None:
    if settings.protocol in {"", "sagemaker"}:
        return None
    return translation(settings.protocol, settings.model, settings.version, settings.tensor)


def _checked_by(settings: ServedEndpoint, ready: str) -> ServedEndpoint:
    """Give an endpoint whose health checks ask what its protocol answers, where the bindings name nothing else."""

    def checked(variant: ServedVariant) -> ServedVariant:
        check = variant.balancing.health
        if check is None or check.path != HealthCheck().path:
            return variant
        health = msgspec.structs.replace(check, path=ready)
        return msgspec.structs.replace(variant, balancing=msgspec.structs.replace(variant.balancing, health=health))

    return msgspec.structs.replace(
        settings,
        variants=tuple(checked(each) for each in settings.variants),
        components=tuple(checked(each) for each in settings.components),
        models=tuple(checked(each) for each in settings.models),
    )


def sent_on(headers: Headers) -> HeaderSet:
    """Give the headers that the service hands to a container; it strips all others."""
    return tuple([pair for pair in headers if pair[0] in SENT_ON or pair[0].startswith(SENT_PREFIX)])


def _refused(error: ClusterRefusedError, endpoint: str, variant: str) -> Reply:
    if error.refusal is Refusal.NOT_READY:
        return errors.not_ready(f"The model of variant {variant} of endpoint {endpoint} is not ready yet.")
    return errors.unavailable(f"Variant {variant} of endpoint {endpoint}: {error.refusal}.")
