"""Endpoints and models of the bindings file: what is read, and what is said of what cannot be."""

from pathlib import Path

import pytest

from inferway.app.bindings_file import read_bindings
from inferway.definition.balancing import Balancing, Queue, Retries, Routing
from inferway.definition.bindings import Bindings


def read(folder: Path, text: str) -> tuple[Bindings, list[str]]:
    file = folder / "inferway.toml"
    file.write_text(text)
    bindings, findings = read_bindings(file, {})
    return bindings, [f"{finding.place.line}: {finding.text}" for finding in findings]


def test_an_endpoint_with_all_its_parts(tmp_path: Path) -> None:
    bindings, findings = read(
        tmp_path,
        """
[endpoints.movies]
routing = "LEAST_OUTSTANDING_REQUESTS"
retry = { idempotent = true }
queue = { outstanding = 3 }
capture = { destination = "./captures", json = ["application/json"] }
asynchronous = { output = "s3://b/out" }
variants.blue = { serve = "./blue", weight = 2, replicas = 3 }
[endpoints.movies.variants.green]
urls = ["http://a:1", "http://b:1/x"]
[endpoints.movies.shadows.next]
url = "http://c:1"
sampling = 10
[models.m]
serve = "./m"
""",
    )
    assert findings == []
    endpoint = bindings.endpoints["movies"]
    assert endpoint.variants["blue"].serve == str(tmp_path / "blue")
    assert (endpoint.variants["blue"].weight, endpoint.variants["blue"].replicas) == (2.0, 3)
    assert endpoint.variants["green"].known_urls == ("http://a:1", "http://b:1/x")
    assert endpoint.shadows["next"].sampling == 10.0
    assert endpoint.balancing == Balancing(
        routing=Routing.LEAST_OUTSTANDING_REQUESTS, retry=Retries(idempotent=True), queue=Queue(outstanding=3)
    )
    assert endpoint.capture is not None
    assert endpoint.capture.destination == str(tmp_path / "captures")
    assert endpoint.asynchronous is not None
    assert endpoint.asynchronous.output == "s3://b/out"
    assert [key for key, _ in endpoint.slots()] == ["variants/blue", "variants/green", "shadows/next"]
    assert bindings.models["m"].serve == str(tmp_path / "m")
    assert not endpoint.is_plain


@pytest.mark.parametrize("more", ["", 'routing = "RANDOM"\n', "replicas = 4\n"])
def test_one_place_and_nothing_besides_is_plain(tmp_path: Path, more: str) -> None:
    bindings, findings = read(tmp_path, f'[endpoints.e]\nurl = "http://h:1"\n{more}')
    assert findings == []
    assert bindings.endpoints["e"].is_plain


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[endpoints.e]\nreplicas = 1\n", 1, "needs either url or serve"),
        ('[endpoints.e]\nurl = "http://h:1"\nvariants.a = { url = "http://h:2" }\n', 1, "needs either url or serve"),
        ('[endpoints.e]\nvariants = "blue"\n', 2, "must be a table"),
        ('[endpoints.e]\nvariants.a = { url = "http://h:1", wieght = 1 }\n', 2, "unknown key 'wieght'"),
        ('[endpoints.e]\nvariants.a = { url = "http://h:1", serve = "./m" }\n', 2, "both a place and a folder"),
        ('[endpoints.e]\nvariants.a = { url = "http://h:1", weight = -1 }\n', 2, "weight of variant 'a' is 0 or more"),
        ('[endpoints.e]\nvariants.a = { url = "ftp://h" }\n', 2, "must start with http"),
        ('[endpoints.e]\nurls = ["http://h:1", "h:2"]\n', 2, "must start with http"),
        ('[endpoints.e]\nurl = "http://h:1"\nshadows.s = { url = "http://h:2", sampling = 101 }\n', 3, "0 to 100"),
        ('[endpoints.e]\nurl = "http://h:1"\nhealth = { path = "ping" }\n', 3, "starts with /"),
        ('[endpoints.e]\nurl = "http://h:1"\nejection = { seconds = 0 }\n', 3, "seconds above 0"),
        ('[endpoints.e]\nurl = "http://h:1"\nbreaker = { percent = 0 }\n', 3, "percent is above 0"),
        ('[endpoints.e]\nurl = "http://h:1"\nretry = { attempts = 99 }\n', 3, "attempts is 0 to 10"),
        ('[endpoints.e]\nurl = "http://h:1"\nqueue = { outstanding = 0 }\n', 3, "outstanding is 1"),
        (
            '[endpoints.e]\nurl = "http://h:1"\nrouting = "KV_AWARE"\n',
            3,
            "KV_AWARE'; there are LEAST_OUTSTANDING_REQUESTS, RANDOM",
        ),
        ('[endpoints.e]\nurl = "http://h:1"\ncapture = { destination = "s3://b", sampling = 200 }\n', 3, "0 to 100"),
        ('[endpoints.e]\nurl = "http://h:1"\nasynchronous = { output = "s3://b", concurrency = 0 }\n', 3, "1 to 1000"),
        ('[endpoints.e]\nurl = "http://h:1"\nprotocol = "grpc"\n', 1, "is no protocol"),
        ('[endpoints.e]\nurl = "http://h:1"\nprotocol = "kserve"\n', 1, "needs the model's name"),
        ("[models.m]\nreplicas = 2\n", 1, "needs one of url, urls and serve"),
    ],
)
def test_what_cannot_be_is_said_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    bindings, (finding,) = read(tmp_path, text)
    assert finding.startswith(f"{line}: ")
    assert said in finding
    assert not bindings.endpoints
    assert not bindings.models
