"""Reads projects: the definitions at a path, its bindings, and what is found in them."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from inferway.app.bindings_file import NAME, read_bindings
from inferway.app.canaries import Revisions
from inferway.app.deploy import deployments
from inferway.app.firewall import acl_files, guarded
from inferway.app.function_options import options_of
from inferway.app.local_identity import control_url, local_identity, surroundings
from inferway.app.options import Given
from inferway.app.project import Project, bound_keys, has_error, join
from inferway.app.project_files import read_beside, scripts, stamp
from inferway.app.served_endpoints import with_declared_endpoints
from inferway.app.state import State, StateError
from inferway.backends.function_names import function_name_of
from inferway.convert import Conversion, find, load
from inferway.definition.bindings import Bindings, Declared
from inferway.definition.check import check
from inferway.definition.deployment import Deployment
from inferway.definition.stage import LOG_DESTINATION
from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.resources import Environment
from inferway.serving.folder import check_model_folder
from inferway.serving.functions.check import check_function

JOURNAL: Final = "releases.jsonl"
"""The file, in the state folder, of what was decided about canary releases."""

FROM_BINDINGS: Final = frozenset(("no-keys", "no-usage-plan", "unknown-api", "unknown-route", "unknown-stage"))
"""Findings that follow from what the bindings hold."""


def bindings_path(path: Path, given: Path | None) -> Path | None:
    """Give the bindings file: the one named, else the one beside the definition."""
    if given is not None:
        return given
    beside = (path if path.is_dir() else path.parent) / NAME
    return beside if beside.is_file() else None


def read_project(
    path: Path,
    given_bindings: Path | None = None,
    format_name: str | None = None,
    base_url: str = "",
    given: Given = Given(),  # noqa: B008 - it is frozen
    inner_url: str = "",
) -> Project:
    """Read the definitions and the bindings; nothing is started and nothing raised for what they hold.

    `base_url` is where they will be served; without one nothing is kept, and keys that nothing binds are made up anew.
    `inner_url` is where their own parts reach it, "" for the same.
    """
    asked = _Asked(
        path=path,
        bindings=given_bindings,
        format=format_name,
        base_url=base_url,
        inner_url=inner_url or base_url,
        given=given,
    )
    return msgspec.structs.replace(_read(asked, ()), install=given.install)


def read_definitions(
    path: Path, given_bindings: Path | None, format_name: str | None, given: Given
) -> tuple[Conversion, Bindings]:
    """Read what a path defines as its bindings would have it, but nothing of what they put beside it."""
    file = bindings_path(path, given_bindings)
    bindings, bound = read_bindings(file) if file is not None else (Bindings(), ())
    asked = _Asked(path=path, bindings=given_bindings, format=format_name, base_url="", inner_url="", given=given)
    conversion = load(path, format_name, lambda: _environment(asked, bindings))
    findings = tuple(_shown(finding, path) for finding in (*bound, *conversion.findings))
    return msgspec.structs.replace(conversion, findings=findings), bindings


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which definition to read, and how; the parts of a project are asked for by their paths alone."""

    path: Path
    bindings: Path | None = None
    format: str | None = None
    base_url: str
    inner_url: str
    given: Given = Given()


def _read(asked: _Asked, above: tuple[Path, ...]) -> Project:
    path, base_url = asked.path, asked.base_url
    file = bindings_path(path, asked.bindings)
    bindings, bound = read_bindings(file) if file is not None else (Bindings(), ())
    above = (*above, path.resolve())
    within = tuple(folder for folder in bindings.projects if Path(folder) in above)
    parts = _read_parts(tuple(folder for folder in bindings.projects if folder not in within), asked, above)
    bound = (*bound, *(_in_itself(folder, file) for folder in within))
    try:
        own = _own(asked, bindings, bound) if not bindings.projects or _defines(path) else None
    except StateError as error:
        bound = (*bound, Finding(severity=Severity.ERROR, code="state", text=str(error), place=Place(file=str(path))))
        own = None
    if own is None:
        own = Project(deployments=(), bindings=bindings, findings=bound, stamps={})
    joined = join([own, *parts])
    if file is not None:
        joined.stamps[file] = stamp(file)
    try:
        if not base_url:
            return joined
        state = State.of(path, bindings.state)
        on_trial = any(endpoint.canary is not None for endpoint in joined.bindings.endpoints.values())
        if on_trial or any(deployment.canary is not None for deployment in joined.deployments):
            joined = msgspec.structs.replace(joined, journal=state.folder / JOURNAL)
        return _at_home(joined, state, asked.inner_url)
    except StateError as error:
        found = Finding(severity=Severity.ERROR, code="state", text=str(error), place=Place(file=str(path)))
        return msgspec.structs.replace(joined, findings=tuple(dict.fromkeys((*joined.findings, found))))


def _in_itself(folder: str, file: Path | None) -> Finding:
    text = f"projects: {folder} is this project, or one that this one is part of"
    return Finding(severity=Severity.ERROR, code="conflict", text=text, place=Place(file=str(file or folder)))


def _read_parts(folders: tuple[str, ...], asked: _Asked, above: tuple[Path, ...]) -> list[Project]:
    """Read projects side by side, since some run programs; each output gets its folder's name before its own."""

    def read(folder: str) -> Project:
        given = Given(install=asked.given.install)
        project = _read(
            _Asked(path=Path(folder), base_url=asked.base_url, inner_url=asked.inner_url, given=given), above
        )
        outputs = tuple(
            msgspec.structs.replace(output, name=f"{Path(folder).name}.{output.name}") for output in project.outputs
        )
        return msgspec.structs.replace(project, outputs=outputs)

    if not folders:
        return []
    with ThreadPoolExecutor(len(folders)) as pool:  # its threads outlive what they start, as programs need
        return list(pool.map(read, folders))


def _shown(finding: Finding, path: Path) -> Finding:
    """Give a finding with its file as the path to the definition was given: whole, or from here."""
    file, here = Path(finding.place.file), Path.cwd()
    if path.is_absolute() or not file.is_relative_to(here):
        return finding
    return msgspec.structs.replace(
        finding, place=msgspec.structs.replace(finding.place, file=str(file.relative_to(here)))
    )


def _of_function(name: str, finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, text=f"function {name}: {finding.text}")


def _at_home(project: Project, state: State, base_url: str) -> Project:
    """Give a project what its parts need to call each other at an address, where there are such parts."""
    bindings = project.bindings
    leads_here = any(target.startswith("control:") for target in bindings.urls.values())
    managed = any(not endpoint.is_plain for endpoint in bindings.endpoints.values())
    called = bindings.endpoints and bindings.identities  # who can sign may ask the runtime for them
    if not (bindings.functions or bindings.training or bindings.tables or leads_here or managed or called):
        return project
    place = Environment()
    identity = local_identity(state.secret(), place.account)
    return msgspec.structs.replace(
        project,
        bindings=msgspec.structs.replace(
            bindings, urls={url: control_url(target, base_url) for url, target in bindings.urls.items()}
        ),
        state=state.folder,
        identity=identity,
        surroundings=surroundings(identity, base_url, place.region),
    )


def _defines(path: Path) -> bool:
    return not any(finding.code == "no-definition" for finding in find(path)[1])


def _environment(asked: _Asked, bindings: Bindings) -> Environment:
    secret = State.of(asked.path, bindings.state).secret if asked.base_url else lambda: secrets.token_bytes(32)
    place = Environment()
    return msgspec.structs.replace(
        place,
        base_url=asked.base_url or place.base_url,
        keys={key.name: key.value for key in bindings.keys.values()},
        parameters={**bindings.parameters, **asked.given.parameters},
        stack=asked.given.stack or place.stack,
        stack_references=bindings.stack_references,
        secret=secret(),
    )


def _own(asked: _Asked, bindings: Bindings, bound: Findings) -> Project:
    """Read the definitions that stand at a path itself."""
    path = asked.path
    conversion = load(path, asked.format, lambda: _environment(asked, bindings))
    not_run = _not_run(bindings, conversion.declared)
    bindings, homeless = with_declared_endpoints(_with_declared(bindings, conversion.declared), conversion.declared)
    not_run = (*not_run, *homeless)
    revisions, read_revisions, of_revisions = _revisions(asked, bindings)
    made, joined = deployments(conversion.definitions, bindings, revisions)
    made, of_firewall = guarded(made, conversion.declared.web_acls, bindings)
    checked = tuple(finding for api in conversion.definitions for finding in check(api))
    models = tuple(
        finding
        for endpoint in bindings.endpoints.values()
        for folder in endpoint.folders
        for finding in check_model_folder(Path(folder))
    )
    if has_error(bound) or not conversion.definitions:
        # What the bindings lack may stand in the part that could not be read.
        joined = tuple(finding for finding in joined if finding.code not in FROM_BINDINGS)
    functions = tuple(
        _of_function(function.name, finding)
        for function in bindings.functions.values()
        if function.runs_here
        for finding in check_function(options_of(function, install=asked.given.install))
    )
    findings = (
        *_without_destinations(conversion.findings, made),
        *of_revisions,
        *of_firewall,
        *not_run,
        *checked,
        *bound,
        *joined,
        *models,
        *functions,
    )
    if not conversion.definitions and not any(finding.severity is Severity.ERROR for finding in findings):
        nothing = Finding(
            severity=Severity.ERROR, code="no-api", text="no API is defined here", place=Place(file=str(path))
        )
        findings = (*findings, nothing)
    return Project(
        deployments=made,
        bindings=bindings,
        findings=tuple(_shown(finding, path) for finding in findings),
        stamps={
            read: stamp(read)
            for read in (
                *(conversion.files or (path,)),
                *read_revisions,
                *read_beside(conversion.files),
                *scripts(bindings),
                *acl_files(bindings),
            )
        },
        outputs=conversion.outputs,
        keys={**bound_keys(bindings), **conversion.keys},
        exit_status=conversion.exit_status,
    )


def _without_destinations(found: Findings, made: tuple[Deployment, ...]) -> Iterator[Finding]:
    """Leave out the notes on access logs of the files whose stages all have one in the bindings."""
    elsewhere = {each.api.place.file for each in made if each.stage.access_log_format and not each.stage.access_log}
    bound = {each.api.place.file for each in made if each.stage.access_log} - elsewhere
    yield from (each for each in found if each.code != LOG_DESTINATION or each.place.file not in bound)


def _revisions(asked: _Asked, bindings: Bindings) -> tuple[Revisions, tuple[Path, ...], Findings]:
    """Read the definitions of canary releases: what each holds by its path, the files of all, what was found in them.

    What stands behind their APIs has to stand behind the stage's as well, or in the bindings.
    """
    stages = (stage for stages in bindings.stages.values() for stage in stages)
    paths = dict.fromkeys(stage.canary.definition for stage in stages if stage.canary and stage.canary.definition)
    read = {path: load(Path(path), None, lambda: _environment(asked, bindings)) for path in paths}
    findings = [finding for each in read.values() for finding in each.findings]
    findings += [finding for each in read.values() for api in each.definitions for finding in check(api)]
    files = tuple(file for path, each in read.items() for file in each.files or (Path(path),))
    files = (*files, *read_beside(files))
    return {path: each.definitions for path, each in read.items()}, files, tuple(findings)


def _not_run(bindings: Bindings, declared: Declared) -> Findings:
    """Give what is said of declared functions that cannot be run, but for those that are bound."""
    bound = {function_name_of(name) for name in bindings.functions}
    said = (findings for name, findings in declared.not_run.items() if function_name_of(name) not in bound)
    return tuple(finding for findings in said for finding in findings)


def _with_declared(bindings: Bindings, declared: Declared) -> Bindings:
    """Put what a definition declares behind its APIs beside what the bindings say, which comes first."""
    bound = {function_name_of(name) for name in bindings.functions}
    functions = {each.name: each for each in declared.functions if function_name_of(each.name) not in bound}
    tables = {table.name: table for table in declared.tables}
    return msgspec.structs.replace(
        bindings, tables={**tables, **bindings.tables}, functions={**functions, **bindings.functions}
    )
