"""What SAM makes that nothing here serves: said once, where the template asks for it, and left out."""

from typing import Final

import msgspec

from inferway.faults import Severity
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry
from inferway.formats.report import Report
from inferway.formats.resources import Resource
from inferway.formats.sam.origins import Origins
from inferway.formats.sam.source import FUNCTION, PREFIX, Source

_KINDS: Final = (
    (
        "AWS::ApiGatewayV2::",
        (f"{PREFIX}HttpApi", f"{PREFIX}WebSocketApi"),
        Severity.WARNING,
        "unserved-http-api",
        "HTTP and WebSocket APIs are not served; an AWS::Serverless::Api, with events of type Api, is",
    ),
    (
        "AWS::CodeDeploy::",
        (),
        Severity.NOTE,
        "unserved-deployment-preference",
        "traffic is not shifted step by step; the alias leads to the newest version at once",
    ),
    (
        "AWS::Route53::",
        (),
        Severity.NOTE,
        "unserved-dns",
        "no DNS record is made; call the API by its path, or by its name under .localhost",
    ),
)
"""Types by their prefix, the type that asks for them where it is a resource of its own, what is said of it."""

_SHARED_BY_FUNCTIONS: Final = "AWS::CodeDeploy::Application"
"""What all functions with a deployment preference share; what each has of its own is reported."""

_EVENTS: Final = (
    *("AWS::Events::", "AWS::IoT::", "AWS::Lambda::EventSourceMapping", "AWS::Logs::SubscriptionFilter"),
    *("AWS::SNS::", "AWS::SQS::", "AWS::Scheduler::"),
)
"""What an event makes that would call its function."""

_SILENT_EVENTS: Final = frozenset(("AlexaSkill", "Cognito", "S3"))
"""Events that make a permission alone, and a setting of what they come from ("EventSource", SAM specification)."""

_SET_BY_EVENTS: Final = {"AWS::Cognito::UserPool": "LambdaConfig", "AWS::S3::Bucket": "NotificationConfiguration"}
"""The setting by type."""


class Unserved:
    """Sorts out the resources of a translated template; each cause is reported once."""

    def __init__(self, source: Source, origins: Origins, report: Report) -> None:
        self._declared = {declared.name: declared for declared in source.resources()}
        self._own = {name: declared.type for name, declared in self._declared.items()}
        self._origins = origins
        self._report = report
        self._said: set[tuple[str, str]] = set()

    def leaves_out(self, resource: Resource) -> bool:
        """Say whether a resource is left out; only ones that the translator made are."""
        origin = self._origins.of(resource.name)
        if origin is None:
            return resource.type == _SHARED_BY_FUNCTIONS and resource.name not in self._own
        if self._own.get(resource.name) == resource.type:
            return False
        for prefix, askers, severity, code, text in _KINDS:
            if resource.type.startswith(prefix):
                asker = self._own.get(origin.owner, "")
                self._say(origin.owner if asker in askers else "", origin.entry, severity, code, text)
                return True
        if not origin.event or not resource.type.startswith(_EVENTS):
            return False
        self._say_event(origin.owner, origin.event, origin.entry)
        return True

    def report_silent_events(self) -> None:
        """Report the events of which no resource tells."""
        for declared in self._declared.values():
            for event, entry in declared.entries("Events").items() if declared.type == FUNCTION else ():
                if text_of(part(entry.value, "Type")) in _SILENT_EVENTS:
                    self._say_event(declared.name, event, entry)

    def without_events(self, resource: Resource) -> Resource:
        """Give what events come from without what only events have set, which is reported at these."""
        name = _SET_BY_EVENTS.get(resource.type)
        declared = self._declared.get(resource.name)
        if name is None or declared is None or declared.node(name) is not None:
            return resource
        kept = {key: value for key, value in resource.properties.items() if key != name}
        return msgspec.structs.replace(resource, properties=kept)

    def _say_event(self, owner: str, event: str, at: Entry) -> None:
        kind = text_of(part(at.value, "Type")) or "?"
        text = f"the event {event} of type {kind} does not happen here: nothing calls {owner} for it"
        self._say(f"{owner}.{event}", at, Severity.WARNING, "unserved-event", text)

    def _say(self, owner: str, at: Entry, severity: Severity, code: str, text: str) -> None:
        if (code, owner) in self._said:
            return
        self._said.add((code, owner))
        {Severity.WARNING: self._report.warning, Severity.NOTE: self._report.note}[severity](at, code, text)
