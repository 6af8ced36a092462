"""Loads a model folder's script and runs requests through its functions: SageMaker's script contract."""

import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec

from inferway.faults import Finding, Place, Severity
from inferway.serving import formats
from inferway.serving.context import InvocationContext
from inferway.serving.folder import ModelFolderError, check_model_folder, script_of
from inferway.serving.formats import InvocationError

_LONGEST_TEXT: Final = 500  # characters of an exception that the request's sender gets


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """One POST /invocations; the header names are in lower case."""

    body: bytes
    headers: Mapping[str, str]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back: the status, the body with its type, and the headers that the script set."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str]


class _Step:
    """A function of the script; takes the request's context first and hands it on last, if the function wants it.

    Errors become InvocationErrors: 400 for those that `malformed` names, the status of one that carries a `status_code`
    as the toolkit's own do, and else 500 with the traceback on standard error.
    """

    def __init__(
        self, function: Callable[..., Any], arguments: int, malformed: tuple[type[Exception], ...] = ()
    ) -> None:
        self._function = function
        self._malformed = malformed
        # The toolkit's rule (transformer.py, _run_handler_function): one parameter more than arguments is the context.
        self._takes_context = len(inspect.signature(function).parameters) == arguments + 1
        self._name = getattr(function, "__name__", type(function).__name__)

    def __call__(self, context: InvocationContext, *arguments: Any) -> Any:
        try:
            return self._function(*arguments, context) if self._takes_context else self._function(*arguments)
        except InvocationError:
            raise
        except self._malformed as error:
            raise InvocationError(400, _shortened(str(error) or type(error).__name__)) from None
        except BaseException as error:  # noqa: BLE001 - a script's sys.exit() must not end the server either
            status = getattr(error, "status_code", 500)
            if not (isinstance(status, int) and 400 <= status <= 599):
                status = 500
            if status >= 500:
                traceback.print_exception(error)
            raise InvocationError(status, _shortened(f"{self._name}: {type(error).__name__}: {error}")) from None


class Script:
    """A loaded model with the functions around it. `reply` may run in any thread."""

    def __init__(self, folder: Path) -> None:
        """Import the script and load the model; raises ModelFolderError, and whatever model_fn itself raises."""
        path = script_of(folder)
        findings = check_model_folder(folder, path.name)
        if findings:
            raise ModelFolderError(findings)
        module = _import(path)
        load: Callable[..., Any] = getattr(module, "model_fn", _folder_itself)
        self._folder = str(folder)
        self._default_accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", formats.JSON)
        self._transform = self._own_transform(module) if hasattr(module, "transform_fn") else self._steps(module, path)
        with_context = len(inspect.signature(load).parameters) > 1
        self._model = load(self._folder, InvocationContext(self._folder, {})) if with_context else load(self._folder)

    def reply(self, invocation: Invocation) -> Reply:
        """Run one request through the script; raises InvocationError."""
        context = InvocationContext(self._folder, invocation.headers)
        # A caller without a Content-Type means JSON: API Gateway's own default for an integration request.
        content_type = invocation.headers.get("content-type") or formats.JSON
        accept = invocation.headers.get("accept", formats.ANY)
        if accept == formats.ANY:
            accept = self._default_accept
        result = self._transform(context, _text(invocation.body, content_type), content_type, accept)
        output, output_type = result if isinstance(result, tuple) and len(result) == 2 else (result, accept)
        if isinstance(output, str):
            output = output.encode()
        if not isinstance(output, bytes | bytearray | memoryview):
            raise InvocationError(500, f"the script gave {type(output).__name__}, and not str or bytes")
        return Reply(
            status=context.response_status,
            body=bytes(output),
            content_type=context.response_content_type or _media_type(output_type),
            headers=context.response_headers,
        )

    def _own_transform(self, module: ModuleType) -> Callable[[InvocationContext, Any, str, str], Any]:
        transform = _Step(module.transform_fn, 4)
        return lambda context, body, content_type, accept: transform(context, self._model, body, content_type, accept)

    def _steps(self, module: ModuleType, path: Path) -> Callable[[InvocationContext, Any, str, str], Any]:
        if not hasattr(module, "input_fn"):
            formats.load_decoders()
        malformed = (ValueError, RecursionError)  # RecursionError is json's, for a body nested too deeply
        input_fn = _Step(getattr(module, "input_fn", formats.default_input_fn), 2, malformed)
        predict_fn = _Step(_function(module, "predict_fn", path), 2)
        output_fn = _Step(getattr(module, "output_fn", formats.default_output_fn), 2)

        def transform(context: InvocationContext, body: Any, content_type: str, accept: str) -> Any:
            data = input_fn(context, body, content_type)
            prediction = predict_fn(context, data, self._model)
            return output_fn(context, prediction, accept)

        return transform


def _folder_itself(folder: str) -> str:
    """Stand in for a missing model_fn: the model is the folder's path."""
    return folder


def _import(path: Path) -> ModuleType:
    """Run the script as a module, with its folder first on the path; raises ModelFolderError with the line to blame."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ModelFolderError((_finding("model-script-unreadable", "not a Python script", path, 0),))
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # pickled models and dataclasses look their module up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        traceback.print_exception(error)
        text = _shortened(f"{type(error).__name__}: {error}")
        raise ModelFolderError((_finding("model-script-failed", text, *_blame(error, path)),)) from error
    return module


def _blame(error: BaseException, path: Path) -> tuple[Path, int]:
    """Give the innermost place of a traceback that lies in the script's folder."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(path.parent)]
    return (Path(own[-1].filename), own[-1].lineno or 0) if own else (path, 0)


def _function(module: ModuleType, name: str, path: Path) -> Callable[..., Any]:
    """Give a function that the script must have; a star import may have brought less than was hoped for."""
    function = getattr(module, name, None)
    if not callable(function):
        raise ModelFolderError((_finding("model-function-missing", f"no {name}", path, 1),))
    return function  # type: ignore[no-any-return]  # callable() narrows Any to a callable of no known type


def _text(body: bytes, content_type: str) -> bytes | str:
    if formats.essence(content_type) not in formats.TEXT:
        return body
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvocationError(400, f"the body is not UTF-8: {error.reason} at byte {error.start}") from None


def _media_type(value: Any) -> str:
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise InvocationError(500, "the script gave a content type that is none")
    return value


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


def _finding(code: str, text: str, file: Path, line: int) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(file), line=line))
