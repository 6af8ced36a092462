"""What runs here and what only has a URL, and what is said of what does not start."""

import asyncio
from pathlib import Path

from inferway.app.function_options import options_of
from inferway.app.homes import Homes
from inferway.app.local_servers import LocalServers
from inferway.app.project import Project
from inferway.definition.bindings import Bindings, BoundFunction
from inferway.definition.endpoints import BoundEndpoint
from inferway.serving.functions.check import check_function

HANDLER = "def handler(event, context):\n    return event\n"


def project(endpoints: tuple[BoundEndpoint, ...] = (), functions: tuple[BoundFunction, ...] = ()) -> Project:
    bindings = Bindings(
        endpoints={endpoint.name: endpoint for endpoint in endpoints},
        functions={function.name: function for function in functions},
    )
    return Project(deployments=(), bindings=bindings, findings=(), stamps={})


def test_a_url_is_at_home_where_it_says() -> None:
    async def main() -> Homes:
        servers = LocalServers(lambda name, line: None)
        try:
            return await servers.start(
                project(
                    (BoundEndpoint(name="e", url="http://h:1"),),
                    (BoundFunction(name="f", url="http://h:2"),),
                )
            )
        finally:
            await servers.stop()

    assert asyncio.run(main()) == Homes(endpoints={"e": "http://h:1"}, functions={"f": "http://h:2"})


def test_what_does_not_start_has_no_home_and_a_reason(tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []
    given = project((BoundEndpoint(name="e", serve=str(tmp_path / "none")),))

    async def main() -> tuple[Homes, dict[str, str], dict[str, str]]:
        servers = LocalServers(lambda name, line: said.append((name, line)))
        try:
            homes, problems = await servers.start(given), servers.problems()
            await servers.keep(project())
            return homes, problems, servers.problems()
        finally:
            await servers.stop()

    homes, problems, after = asyncio.run(main())
    assert homes == Homes()
    assert list(problems) == ["e"]
    assert [name for name, _ in said] == ["e"]
    assert after == {}


def test_a_server_is_kept_until_its_scripts_change(tmp_path: Path) -> None:
    script = tmp_path / "h.py"
    script.write_text(HANDLER)
    given = project(functions=(BoundFunction(name="f", path=str(tmp_path), handler="h.handler", concurrency=1),))

    async def main() -> list[str]:
        servers = LocalServers(lambda name, line: None)
        try:
            urls = [(await servers.start(given)).functions["f"] for _ in range(2)]
            script.write_text(HANDLER + "\n# edited\n")
            urls.append((await servers.start(given)).functions["f"])
            await servers.keep(given)
            assert servers.problems() == {}
            urls.append((await servers.start(given)).functions["f"])
            return urls
        finally:
            await servers.stop()

    first, again, edited, kept = asyncio.run(main())
    assert first == again
    assert edited != first
    assert kept == edited


def test_what_the_project_tells_of_a_function_is_not_told_again(tmp_path: Path) -> None:
    (tmp_path / "h.py").write_text(HANDLER)
    bound = BoundFunction(name="f", path=str(tmp_path), handler="h.other", concurrency=1)
    assert [finding.code for finding in check_function(options_of(bound))] == ["handler-missing"]
    lines: list[str] = []

    async def main() -> None:
        servers = LocalServers(lambda name, line: lines.append(line))
        try:
            await servers.start(project(functions=(bound,)))
        finally:
            await servers.stop()

    asyncio.run(main())
    assert [line for line in lines if "[handler-missing]" in line] == []
