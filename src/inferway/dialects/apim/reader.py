"""Reads the resources of API Management services into APIs: one for each API of a service."""

from typing import Final

from inferway.definition.api import ApiDefinition, Host, RequestLimits, Route
from inferway.definition.guard_steps import AllowOrigins
from inferway.definition.message_steps import BeginResponse, PassRequest, SelectBackend
from inferway.definition.steps import Choose, Invoke, Parameter, ParameterIn, Pipeline, Refuse, RequireApiKey, Step
from inferway.definition.targets import HttpService, Selected
from inferway.definition.traversal import every_step
from inferway.dialects.apim import kinds
from inferway.dialects.apim.catalog import Catalog
from inferway.dialects.apim.classic import native
from inferway.dialects.apim.imports import HOST, read_import
from inferway.dialects.apim.kinds import CLAIMS as CLAIMS
from inferway.dialects.apim.kinds import kind_of
from inferway.dialects.apim.operations import Operation, read_operation
from inferway.dialects.apim.policies.site import BACKEND, INBOUND, ON_ERROR, OUTBOUND, Surroundings
from inferway.dialects.apim.resources import View
from inferway.dialects.apim.sections import Documents, section_steps
from inferway.faults import FaultKind, Finding, Findings, Severity
from inferway.formats.cursor import Report
from inferway.formats.resources import Coverage, ResourceGraph

LIMITS: Final = RequestLimits(url=16_384, headers=32_768, body=1_073_741_824)
"""Bytes ("API Management limits": URL, payload); the bound of headers is assumed."""

HEADER: Final = "Ocp-Apim-Subscription-Key"
QUERY: Final = "subscription-key"
"""Where a key stands unless an API names others ("Subscriptions in Azure API Management")."""

_HTTP: Final = ("", "http")
_REVISION: Final = ";rev="


def read(graph: ResourceGraph) -> tuple[tuple[ApiDefinition, ...], Findings]:
    """Read each API of each service, with findings for what the service refuses or is not served yet."""
    report: Report = {}
    services: dict[str, list[View]] = {}
    for resource in graph.resources:
        if not resource.type.startswith(CLAIMS):
            continue
        kind = kind_of(resource.type)
        if kind is None:
            text = f"{resource.name} of type {resource.type} is not read; it is left out"
            place = resource.places.find()
            report[Finding(severity=Severity.WARNING, code="unserved-resource", text=text, place=place)] = None
        elif kind.coverage is Coverage.IGNORED:
            text = f"{resource.name} of type {resource.type} is left out: {kind.reason}"
            place = resource.places.find()
            report[Finding(severity=Severity.WARNING, code="unserved-resource", text=text, place=place)] = None
        elif kind.coverage is Coverage.SERVED:
            view = View(native(resource, kind), kind, report)
            services.setdefault(view.names[0], []).append(view)
    apis: list[ApiDefinition] = []
    for service, views in services.items():
        catalog = Catalog(service, views, report)
        catalog.check()
        current = catalog.current_revisions()
        apis += [api for view in catalog.of(kinds.API) if (api := _read_api(view, catalog, current)) is not None]
        _check_orphans(catalog)
    return tuple(apis), tuple(report)


def _check_orphans(catalog: Catalog) -> None:
    """Report what belongs to an API that is not there; it would silently do nothing."""
    known = {view.name.partition(_REVISION)[0] for view in catalog.of(kinds.API)}
    for kind in (kinds.OPERATION, kinds.API_POLICY, kinds.OPERATION_POLICY, kinds.API_SCHEMA):
        for view in catalog.of(kind):
            name = view.names[1]
            if name.partition(_REVISION)[0] not in known:
                there = ", ".join(sorted(known)) or "none"
                text = f"{view.resource.name} belongs to the API {name or '(none named)'}; there are: {there}"
                if "/apis/" in name:
                    text += "; this is an identifier, where the API's name is asked for"
                view.whole.error("unknown-api", text)


def _read_api(view: View, catalog: Catalog, current: frozenset[str]) -> ApiDefinition | None:
    if view.name not in current:
        view.whole.note("other-revision", f"{view.name} is not the current revision; it is left out")
        return None
    kind = view["apiType"].text() or view["type"].text()
    if kind not in _HTTP:
        text = f"APIs of the type {kind} are not served; {view.name} is left out"
        (view["apiType"] if view["apiType"].present else view["type"]).warning("unserved-api", text)
        return None
    base = _base(view, catalog)
    if base is None:
        return None
    imported = read_import(view)
    schemas = catalog.api_schemas(view.name)
    operations = [
        operation
        for declared in catalog.of(kinds.OPERATION)
        if declared.names[1] == view.name and (operation := read_operation(declared, schemas)) is not None
    ]
    known = {operation.id for operation in operations}
    operations += [operation for operation in imported.operations if operation.id not in known]
    name = view.name.partition(_REVISION)[0]
    url = view["serviceUrl"].text() or imported.server
    fallback = HttpService(url=url, place=view["serviceUrl"].place) if url else None
    routes = _Routes(view, catalog, fallback)
    made = [routes.of(operation) for operation in operations]
    return ApiDefinition(
        dialect="apim",
        name=name,
        slug=catalog.service,
        hosts=(Host(name=f"{catalog.service}{HOST}"),),
        title=view["displayName"].text() or name,
        version=view["apiVersion"].text(),
        description=view["description"].text(),
        limits=LIMITS,
        routes=(*made, *_preflights(made)),
        base=base,
        plans=catalog.plans(name),
        keys=catalog.keys(name),
        place=view.whole.place,
    )


def _base(view: View, catalog: Catalog) -> str | None:
    """Give the path of an API, with its version where that is a segment of it; None for a version not served."""
    base, version = view["path"].text().strip("/"), view["apiVersion"].text()
    if not version:
        return base
    identifier = view["apiVersionSetId"].text()
    own = catalog.version_set(identifier) if identifier else None
    if identifier and own is None:
        view["apiVersionSetId"].error("unknown-version-set", f"there is no version set {identifier.rpartition('/')[2]}")
        return base
    scheme = own["versioningScheme"] if own is not None else view["apiVersionSet"]["versioningScheme"]
    if scheme.text().lower() != "segment":
        text = f"only versions that are a segment of the path are served; {view.name} is left out"
        view["apiVersion"].warning("unserved-version", text)
        return None
    return f"{base}/{version}".strip("/")


class _Routes:
    """Makes the routes of one API."""

    def __init__(self, view: View, catalog: Catalog, fallback: HttpService | None) -> None:
        self._view = view
        self._catalog = catalog
        self._fallback = fallback
        products = catalog.products_of(view.name.partition(_REVISION)[0])
        self._open = any(product["subscriptionRequired"].value is False for product in products)
        self._products = tuple(
            document for product in products if (document := catalog.document("product", product.name)) is not None
        )
        self._required = view["subscriptionRequired"].value is not False
        names = view["subscriptionKeyParameterNames"]
        self._key = RequireApiKey(
            header=names["header"].text() or HEADER,
            query=names["query"].text() or QUERY,
            planless=True,
            optional=not self._required,
        )

    def of(self, operation: Operation) -> Route:
        """Make the route of an operation."""
        around = Surroundings(
            service=self._catalog.service,
            api=self._view.name,
            api_title=self._view["displayName"].text(),
            operation=operation.id,
            operation_title=operation.title,
            backends=self._catalog.backends,
            unserved_backends=self._catalog.unserved_backends,
            fallback=self._fallback,
            schemas=self._catalog.schemas,
            own_request=operation.request,
            own_responses=operation.responses,
            matched=tuple(operation.query.values()),
            examples=operation.examples,
            fragments=self._catalog.fragments,
        )
        documents = Documents(
            everywhere=self._catalog.document("everywhere"),
            products=self._products,
            api=self._catalog.document("api", self._view.name),
            operation=self._catalog.document("operation", self._view.name, operation.id),
        )
        section = {
            name: section_steps(name, documents, around, self._catalog.report)
            for name in (INBOUND, BACKEND, OUTBOUND, ON_ERROR)
        }
        pipeline = Pipeline(
            request=(PassRequest(parameters=operation.query), self._key, *section[INBOUND]),
            invoke=section[BACKEND],
            response=(BeginResponse(), *section[OUTBOUND]),
            error=section[ON_ERROR],
        )
        self._check_backend(pipeline)
        return Route(
            method=operation.method,
            path=operation.path,
            pipeline=pipeline,
            parameters=tuple(
                Parameter(location=ParameterIn.QUERY, name=name, required=True) for name in operation.query.values()
            ),
            operation=operation.id,
            title=operation.title,
            api_key_required=self._required and not self._open,
            example_body=operation.example_body,
            place=operation.place,
        )

    def _check_backend(self, pipeline: Pipeline) -> None:
        steps = list(every_step(pipeline))
        calls = any(isinstance(step, Invoke) and isinstance(step.target, Selected) for step in steps)
        if calls and self._fallback is None and not any(isinstance(step, (SelectBackend, Refuse)) for step in steps):
            text = "nothing says where requests go: the API has no serviceUrl, and no policy sets a backend service"
            self._view.whole.warning("no-backend", text)


def _preflights(routes: list[Route]) -> list[Route]:
    """Give an OPTIONS route for each path whose policies share with other origins ("CORS", preflight requests)."""
    made: dict[str, Route] = {}
    taken = {route.path for route in routes if route.method in ("OPTIONS", "ANY")}
    for route in routes:
        sharing = tuple(_sharing(route.pipeline.request))
        if sharing and route.path not in taken:
            there = made[route.path].pipeline.request[:-1] if route.path in made else ()
            steps = (*dict.fromkeys((*there, *sharing)), Refuse(kind=FaultKind.UNKNOWN_ROUTE, cause="no preflight"))
            made[route.path] = Route(
                method="OPTIONS", path=route.path, pipeline=Pipeline(request=steps), place=route.place
            )
    return list(made.values())


def _sharing(steps: tuple[Step, ...]) -> list[Step]:
    """Give the cross-origin policies that stand in a section itself, or in a product's: no other is looked at."""
    found: list[Step] = []
    for step in steps:
        if isinstance(step, AllowOrigins):
            found.append(step)
        elif isinstance(step, Choose) and step.when and step.when[0].condition.language == "product":
            found += _sharing(step.otherwise)
    return found
