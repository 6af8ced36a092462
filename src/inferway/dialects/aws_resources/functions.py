"""The functions that a definition declares, in both spellings.

Sources: CloudFormation Template Reference, "AWS::Lambda::Function"; https://www.pulumi.com/registry/packages/aws/
api-docs/lambda/function/; Lambda API reference, "CreateFunction", for bounds and defaults.
"""

import re
from typing import Final

from inferway.backends.function_names import function_name_of
from inferway.definition.bindings import BoundFunction, CodePart, Declared
from inferway.dialects.aws_resources.function_code import CodeFinder, origin_of
from inferway.dialects.aws_resources.resource_type import is_pulumi
from inferway.faults import Findings
from inferway.formats.cloudformation.scope import PLACEHOLDER
from inferway.formats.cursor import Cursor, Report
from inferway.formats.report import nearest
from inferway.formats.resources import Resource, ResourceGraph

FUNCTIONS: Final = ("AWS::Lambda::Function", "aws:lambda/function:Function")
LAYERS: Final = ("AWS::Lambda::LayerVersion", "aws:lambda/layerVersion:LayerVersion")

RUNTIMES: Final = (
    *("dotnet10", "dotnet9", "dotnet8", "dotnet6", "dotnetcore3.1", "dotnetcore2.1", "dotnetcore2.0", "dotnetcore1.0"),
    *("go1.x", "java25", "java21", "java17", "java11", "java8.al2", "java8"),
    *("java17.al2023", "java11.al2023", "java8.al2023"),
    *("nodejs26.x", "nodejs24.x", "nodejs22.x", "nodejs20.x", "nodejs18.x", "nodejs16.x", "nodejs14.x", "nodejs12.x"),
    *("nodejs10.x", "nodejs8.10", "nodejs6.10", "nodejs4.3-edge", "nodejs4.3", "nodejs"),
    *("provided.al2023", "provided.al2", "provided"),
    *("python3.15", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "python3.8"),
    *("python3.7", "python3.6", "python2.7"),
    *("ruby4.0", "ruby3.4", "ruby3.3", "ruby3.2", "ruby2.7", "ruby2.5"),
)
"""The identifiers that Lambda has or had (AWS Lambda Developer Guide, "Lambda runtimes"; API reference,
"CreateFunction")."""

_RUN_HERE: Final = re.compile(r"(python|nodejs)\d.*|provided(\..*)?")
_LATEST: Final = "provided.al2023"
_CONCURRENCY: Final = 10
_MOST_CONCURRENCY: Final = 1000
_TIMEOUT: Final = 3
_BOUNDS: Final = {"Timeout": (1, 900, "seconds"), "MemorySize": (128, 10_240, "MiB")}


def declared_functions(graph: ResourceGraph) -> tuple[Declared, Findings]:
    """Give each function whose code is here, and of each other one why it is not run, and what to do.

    Functions that only custom resources call are left out, as those resources are.
    """
    findings: Report = {}
    made: dict[str, BoundFunction] = {}
    not_run: dict[str, Findings] = {}
    reader = _Reader(graph)
    for resource in (each for each in graph.resources if each.type in FUNCTIONS):
        found: Report = {}
        function = reader.read(resource, found)
        if function is None:
            not_run[resource.id or resource.name] = tuple(found)
            continue
        findings |= found
        if function.name in made:
            text = f"a function has the name {function.name} already; this one is left out"
            Cursor.of(resource, findings).warning("duplicate-function", text)
        else:
            made[function.name] = function
    return Declared(functions=tuple(made.values()), not_run=not_run), tuple(findings)


class _Reader:
    """Reads the functions of one graph."""

    def __init__(self, graph: ResourceGraph) -> None:
        self._findings: Report = {}
        self._code = CodeFinder(graph)
        self._layers = {
            name: resource
            for resource in graph.resources
            if resource.type in LAYERS
            for name in (resource.id, str(resource.attributes.get("arn", resource.id)), resource.name)
        }
        tokens = (resource.properties.get("ServiceToken") for resource in graph.resources)
        self._only_custom = {function_name_of(token) for token in tokens if isinstance(token, str)}

    def read(self, resource: Resource, findings: Report) -> BoundFunction | None:
        """Read one function; what is reported goes to `findings`."""
        self._findings = findings
        function = _Function(resource, self._findings)
        if function.name in self._only_custom or not function.runs_here():
            return None
        code = self._code_of(function)
        handler, timeout, memory = function["Handler"], function.bounded("Timeout"), function.bounded("MemorySize")
        if not handler.text():
            handler.error("no-handler", f"function {function.name} needs a handler, as 'module.function'")
        if not code or not handler.text() or timeout is None or memory is None:
            return None
        function.note_file_systems()
        is_plain = len(code) == 1 and bool(code[0].path) and not code[0].at
        return BoundFunction(
            name=function.name,
            path=code[0].path if is_plain else "",
            code=() if is_plain else code,
            handler=handler.text(),
            runtime=function["Runtime"].text(),
            layers=self._layers_of(function),
            environment={key: value.text() for key, value in function.variables.entries()},
            concurrency=function.concurrency(),
            timeout=timeout or _TIMEOUT,
            memory=memory,
            arn=str(resource.attributes.get("arn", resource.attributes.get("Arn", ""))),
        )

    def _code_of(self, function: "_Function") -> tuple[CodePart, ...]:
        """Give the code of a function; report that it is not here."""
        before = len(self._findings)
        code = self._code.find(function.resource, function.properties)
        if not code and len(self._findings) == before:
            where = origin_of(function.resource, function.properties)
            text = f"the code of function {function.name} is {f'at {where}, ' if where else ''}not here"
            function["Code"].warning("code-elsewhere", f"{text}; bind {function.binding} path, or url where it runs")
        return code

    def _layers_of(self, function: "_Function") -> tuple[CodePart, ...]:
        layers: list[CodePart] = []
        for item in function["Layers"].items():
            layer = self._layers.get(item.text())
            if layer is None:
                text = f"layer {item.text()} of function {function.name} is not declared here"
                item.warning("unknown-layer", f"{text}; what is in it is missing: put it beside the function's code")
                continue
            content = Cursor.of(layer, self._findings)
            parts = self._code.find(layer, content, "Content")
            layers += parts
            if not parts:
                where = origin_of(layer, content, "Content")
                text = f"layer {layer.name} of function {function.name} is {f'at {where}, ' if where else ''}not here"
                item.warning(
                    "unserved-layer", f"{text}; what is in it is missing: give it a folder or a zip archive here"
                )
        return tuple(layers)


class _Function:
    """A function's properties by CloudFormation's names, in either spelling."""

    def __init__(self, resource: Resource, findings: Report) -> None:
        self.resource = resource
        self.properties = Cursor.of(resource, findings)
        self.name = resource.id or resource.name
        self.binding = f'[functions."{self.name}"]'

    def __getitem__(self, name: str) -> Cursor:
        return self.properties[self._spelled(name)]

    def _spelled(self, name: str) -> str:
        return f"{name[0].lower()}{name[1:]}" if is_pulumi(self.resource) else name

    @property
    def variables(self) -> Cursor:
        """Its environment."""
        return self["Environment"][self._spelled("Variables")]

    def runs_here(self) -> bool:
        """Say whether its kind and its runtime are ones that run here; report why not."""
        image = self["ImageUri"] if is_pulumi(self.resource) else self["Code"]["ImageUri"]
        if image.value or self["PackageType"].text() == "Image":
            text = f"function {self.name} is a container image, and those are not run here"
            image.warning("container-image", f"{text}; run it beside, and bind {self.binding} url")
            return False
        runtime = self["Runtime"]
        if not runtime.text():
            runtime.error("no-runtime", f"function {self.name} needs a runtime, such as python3.13 or nodejs22.x")
            return False
        if runtime.text() not in RUNTIMES and not runtime.text().startswith(PLACEHOLDER):
            meant = nearest(runtime.text(), RUNTIMES)
            runtime.error("unknown-runtime", f"Lambda has no runtime {runtime.text()}{meant}")
            return False
        if not _RUN_HERE.fullmatch(runtime.text()):
            text = f"functions of {runtime.text()} are not run here; build {self.name} with a bootstrap for {_LATEST}"
            runtime.warning("unserved-runtime", f"{text}, or run it elsewhere and bind {self.binding} url")
            return False
        return True

    def bounded(self, name: str) -> int | None:
        """Give a whole number within its bounds, 0 where there is none; None, with a report, for any other value."""
        given = self[name]
        if not given.present or given.value is None:
            return 0
        number = given.integer()
        least, most, unit = _BOUNDS[name]
        if number is None:
            return None
        if not least <= number <= most:
            given.error("out-of-bounds", f"{given.label} of function {self.name} is {least} to {most} {unit}")
            return None
        return number

    def concurrency(self) -> int:
        """Give how many events it takes at a time: what is reserved for it, else as many as any function here."""
        reserved = self["ReservedConcurrentExecutions"]
        number = reserved.integer()
        if number is None or number < 0:
            return _CONCURRENCY
        if number == 0:
            text = (
                f"function {self.name} takes no events on the service, with no concurrency; here it takes one at a time"
            )
            reserved.warning("no-concurrency", text)
        return min(max(number, 1), _MOST_CONCURRENCY)

    def note_file_systems(self) -> None:
        """Note that file systems are not mounted."""
        systems = self["FileSystemConfig" if is_pulumi(self.resource) else "FileSystemConfigs"]
        if systems.value:
            systems.note("no-file-system", f"the file system of function {self.name} is not mounted here")
