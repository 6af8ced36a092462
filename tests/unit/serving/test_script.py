"""SageMaker's script contract, function by function, in this process."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inferway.serving.folder import ModelFolderError
from inferway.serving.formats import InvocationError
from inferway.serving.script import Invocation, Reply, Script

WriteModel = Callable[..., Path]
Load = Callable[..., Script]

ECHO = """
def model_fn(model_dir): return {"dir": model_dir}
def input_fn(body, content_type): return body, content_type
def predict_fn(data, model): return [type(data[0]).__name__, data[1], model["dir"]]
def output_fn(prediction, accept): return repr((prediction, accept))
"""


@pytest.fixture(autouse=True)
def _clean_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scripts go first on the path and into sys.modules, as in a process of their own: undo both."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in ("inference", "beside"):
        sys.modules.pop(name, None)


@pytest.fixture
def load(write_model: WriteModel) -> Load:
    return lambda code, **modules: Script(write_model(code, **modules))


def call(script: Script, body: bytes = b"[1, 2]", **headers: str) -> Reply:
    return script.reply(Invocation(body=body, headers={name.replace("_", "-"): v for name, v in headers.items()}))


def refused(script: Script, body: bytes = b"[1, 2]", **headers: str) -> tuple[int, str]:
    with pytest.raises(InvocationError) as error:
        call(script, body, **headers)
    return error.value.status, str(error.value)


def test_each_function_gets_what_the_contract_says(load: Load) -> None:
    script = load(ECHO)
    reply = call(script, b"x", content_type="text/csv; a=b", accept="text/html")
    (kind, content_type, _), accept = eval(reply.body)
    assert (kind, content_type, accept) == ("str", "text/csv; a=b", "text/html")
    assert (reply.status, reply.content_type) == (200, "text/html")


def test_a_body_that_is_neither_json_nor_csv_stays_bytes(load: Load) -> None:
    assert b"'bytes'" in call(load(ECHO), content_type="application/octet-stream").body


def test_the_model_dir_is_the_folder(write_model: WriteModel) -> None:
    folder = write_model(ECHO)
    assert repr(str(folder)).encode() in call(Script(folder)).body


@pytest.mark.parametrize("headers", [{}, {"accept": "*/*"}])
def test_without_an_accept_the_default_is_json(load: Load, headers: dict[str, str]) -> None:
    assert call(load(ECHO), b"x", **headers).content_type == "application/json"


def test_the_default_accept_can_be_set(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    # SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: sagemaker-inference-toolkit, environment.py
    monkeypatch.setenv("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/csv")
    assert call(load(ECHO)).content_type == "text/csv"


def test_without_model_fn_the_model_is_the_folders_path(write_model: WriteModel) -> None:
    folder = write_model("def predict_fn(data, model): return model")
    assert json.loads(call(Script(folder)).body) == str(folder)


def test_the_defaults_read_and_write_arrays(load: Load) -> None:
    script = load("def model_fn(d): return 2\ndef predict_fn(data, model): return data * model")
    assert json.loads(call(script, b"[1, 2.5]").body) == [2.0, 5.0]
    assert call(script, b"1,2\n3,4", content_type="text/csv", accept="text/csv").body == b"2.0,4.0\n6.0,8.0\n"


def test_output_fn_may_name_the_content_type(load: Load) -> None:
    script = load(
        """
        def model_fn(d): ...
        def predict_fn(d, m): return d
        def output_fn(p, accept): return b"<a/>", "text/xml"
        """
    )
    reply = call(script, accept="application/json")
    assert (reply.body, reply.content_type) == (b"<a/>", "text/xml")


def test_transform_fn_does_it_all(load: Load) -> None:
    script = load(
        """
        def model_fn(d): return 7
        def transform_fn(model, body, content_type, accept):
            return f"{model} {body} {content_type} {accept}", "text/plain"
        """
    )
    reply = call(script, b"hi", content_type="text/csv", accept="x/y")
    assert (reply.body, reply.content_type) == (b"7 hi text/csv x/y", "text/plain")


def test_a_function_with_one_parameter_more_gets_the_context(load: Load) -> None:
    script = load(
        """
        def model_fn(model_dir, context): return context.system_properties["model_dir"] == model_dir
        def predict_fn(data, model, context):
            trace = context.get_request_header(0, "X-Amzn-SageMaker-Custom-Attributes")
            context.set_response_header(0, "X-Amzn-SageMaker-Custom-Attributes", f"Trace ID: {trace}")
            context.set_response_status(202)
            return model
        """
    )
    reply = call(script, x_amzn_sagemaker_custom_attributes="abc")
    assert reply.body == b"true"
    assert reply.status == 202
    assert reply.headers == {"x-amzn-sagemaker-custom-attributes": "Trace ID: abc"}


def test_custom_attributes_come_back_only_if_the_script_sets_them(load: Load) -> None:
    # The API reference of InvokeEndpoint, CustomAttributes: code that does not set it gets an empty value back
    assert call(load(ECHO), x_amzn_sagemaker_custom_attributes="abc").headers == {}


def test_modules_beside_the_script_can_be_imported(load: Load) -> None:
    script = load(
        "from beside import predict_fn\ndef model_fn(d): ...",
        beside="def predict_fn(data, model): return 'beside'",
    )
    assert call(script).body == b'"beside"'


def test_a_value_error_of_input_fn_is_400_with_its_text(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    script = load(
        "def model_fn(d): ...\ndef input_fn(b, c): raise ValueError('ids missing')\ndef predict_fn(d, m): ..."
    )
    assert refused(script) == (400, "ids missing")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("malformed", [b"{", b"\xff", b"[" * 100_000, b"[[1], 2]"])
def test_a_malformed_json_body_is_400(load: Load, malformed: bytes) -> None:
    status, text = refused(load("def model_fn(d): ...\ndef predict_fn(d, m): return d"), malformed)
    assert status == 400
    assert text


def test_another_content_type_is_415_and_another_accept_406(load: Load) -> None:
    script = load("def model_fn(d): ...\ndef predict_fn(d, m): return d")
    assert refused(script, content_type="application/xml")[0] == 415
    assert refused(script, accept="text/html")[0] == 406


@pytest.mark.parametrize("error", ["ValueError('no')", "KeyError('x')", "SystemExit(3)", "KeyboardInterrupt()"])
def test_an_exception_of_predict_fn_is_500_with_the_traceback_on_stderr(
    load: Load, capsys: pytest.CaptureFixture[str], error: str
) -> None:
    script = load(f"def model_fn(d): ...\ndef predict_fn(d, m): raise {error}")
    status, text = refused(script)
    assert status == 500
    assert text.startswith(f"predict_fn: {error.partition('(')[0]}: ")
    stderr = capsys.readouterr().err
    assert "Traceback" in stderr
    assert "inference.py" in stderr


def test_an_error_with_a_status_code_gives_it(load: Load) -> None:
    # sagemaker-inference-toolkit, transformer.py: handle_error uses the exception's status_code
    script = load("class E(Exception): status_code = 422\ndef model_fn(d): ...\ndef predict_fn(d, m): raise E('so')")
    assert refused(script) == (422, "predict_fn: E: so")


def test_a_very_long_error_is_cut(load: Load) -> None:
    script = load("def model_fn(d): ...\ndef predict_fn(d, m): raise KeyError('x' * 10_000)")
    assert len(refused(script)[1]) == 501


@pytest.mark.parametrize("output", ["None", "12", "['a']", "('a', 'b', 'c')"])
def test_an_output_that_is_no_text_or_bytes_is_500(load: Load, output: str) -> None:
    script = load(f"def model_fn(d): ...\ndef predict_fn(d, m): ...\ndef output_fn(p, a): return {output}")
    assert refused(script)[0] == 500


def test_a_content_type_that_would_break_the_head_is_500(load: Load) -> None:
    script = load(
        "def model_fn(d): ...\ndef predict_fn(d, m): ...\ndef output_fn(p, a): return 'a', 'text/csv\\r\\nX: y'"
    )
    assert refused(script)[0] == 500


def test_a_script_that_cannot_be_imported_is_told_with_its_line(
    write_model: WriteModel, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_model("import json\nimport no_such_module\n\ndef model_fn(d): ...\ndef predict_fn(d, m): ...\n")
    with pytest.raises(ModelFolderError) as error:
        Script(folder)
    place = f"{folder}/code/inference.py:2"
    assert str(error.value).startswith(f"{place}: error: ModuleNotFoundError: No module named 'no_such_module'")
    assert "Traceback" in capsys.readouterr().err


def test_the_blame_goes_to_the_module_that_failed(write_model: WriteModel, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_model("from beside import *\n", beside="x = 1\nraise SystemExit('no')\n")
    with pytest.raises(ModelFolderError) as error:
        Script(folder)
    assert str(error.value).startswith(f"{folder}/code/beside.py:2: error: SystemExit: no")
    capsys.readouterr()


def test_a_star_import_that_brings_no_predict_fn_is_told(write_model: WriteModel) -> None:
    folder = write_model("from beside import *\ndef model_fn(d): ...\n", beside="")
    with pytest.raises(ModelFolderError, match="no predict_fn"):
        Script(folder)


def test_a_folder_with_findings_is_not_run(write_model: WriteModel) -> None:
    with pytest.raises(ModelFolderError, match="no predict_fn"):
        Script(write_model("raise SystemExit('ran')\ndef model_fn(d): ..."))


def test_what_model_fn_raises_comes_out(load: Load) -> None:
    with pytest.raises(FileNotFoundError):
        load("def model_fn(d): open(d + '/absent')\ndef predict_fn(d, m): ...")
