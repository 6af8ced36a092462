from pathlib import Path

import msgspec

from inferway.app.dry_run import dry_run
from inferway.app.project import Project
from inferway.app.up import ModelApi, model_project
from inferway.definition.bindings import Bindings
from inferway.definition.endpoints import BoundEndpoint
from inferway.definition.stage import Throttle


def project(folder: Path) -> Project:
    code = folder / "code"
    code.mkdir()
    (code / "inference.py").write_text(
        f"open({str(folder / 'started')!r}, 'w')\ndef model_fn(d): ...\ndef predict_fn(data, model): ...\n"
    )
    throttle = Throttle(rate=1, burst=1)
    return model_project(ModelApi(name="numbers", folder=folder, key="0123456789abcdef0123", throttle=throttle))


def test_a_sound_project_has_no_findings_and_starts_nothing(tmp_path: Path) -> None:
    assert dry_run(project(tmp_path)) == ()
    assert not (tmp_path / "started").exists()


def test_an_endpoint_that_is_not_bound(tmp_path: Path) -> None:
    unbound = msgspec.structs.replace(project(tmp_path), bindings=Bindings())
    assert [finding.code for finding in dry_run(unbound)] == ["unbound-endpoint"]


def test_an_endpoint_whose_url_cannot_be_called(tmp_path: Path) -> None:
    wrong = Bindings(endpoints={"numbers": BoundEndpoint(name="numbers", url="http://:99999")})
    assert [finding.code for finding in dry_run(msgspec.structs.replace(project(tmp_path), bindings=wrong))] == [
        "deployment"
    ]
