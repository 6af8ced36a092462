"""A Lambda handler in processes of its own, behind the Invoke API."""

import asyncio
import base64
import json
import os
import re
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.processes.process import ProcessFailedError, ProcessState
from inferway.serving.functions.function_server import FunctionServer
from inferway.serving.functions.options import FunctionOptions

Serving = Callable[..., Any]
Until = Callable[[Callable[[], object]], Any]

ECHO = "def handler(event, context): return event\n"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# What ends a test of hanging handlers at once; Lambda's default is 3 s.
SHORT = {"timeout": 0.5}


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for, a zombie, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_handler_gets_the_event_and_its_result_comes_back(serving: Serving) -> None:
    # Lambda API reference, Invoke, Response Elements: 200, X-Amz-Executed-Version
    async def scenario() -> None:
        async with serving("def handler(event, context): return {'hello': event['name'], 'é': [1, None]}") as function:
            answer = await function.invoke({"name": "Ada"})
            assert (answer.status, answer.json, answer.failed) == (200, {"hello": "Ada", "é": [1, None]}, False)
            assert answer.headers["x-amz-executed-version"] == "$LATEST"
            assert answer.headers["x-amzn-remapped-content-length"] == "0"
            trace = r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"
            assert re.fullmatch(trace, answer.headers["x-amzn-trace-id"])
            assert re.fullmatch(UUID, answer.headers["x-amzn-requestid"])
            url = function.server.url
        assert url.startswith("http://127.0.0.1:")
        assert function.server.state is ProcessState.STOPPED

    asyncio.run(scenario())


def test_an_event_that_is_no_json_is_refused_and_none_is_an_empty_object(serving: Serving) -> None:
    # Invoke, Errors: InvalidRequestContentException, "The request body could not be parsed as JSON", 400
    async def scenario() -> None:
        async with serving(ECHO) as function:
            for body in (b"{", b"\xff", b"nothing", b"{} {}"):
                answer = await function.invoke(body)
                assert (answer.status, answer.headers["x-amzn-errortype"]) == (400, "InvalidRequestContentException")
                assert answer.json["message"].startswith("Could not parse request body into json: ")
            assert (await function.invoke(b"")).json == {}
            assert (await function.invoke(b"null")).json is None

    asyncio.run(scenario())


def test_the_context_has_the_vendors_attributes(serving: Serving) -> None:
    # Lambda guide, "Using the Lambda context object to retrieve Python function information"
    code = """
        def handler(event, context):
            return [
                context.function_name, context.function_version, context.invoked_function_arn,
                context.memory_limit_in_mb, context.aws_request_id, context.log_group_name,
                context.log_stream_name, context.get_remaining_time_in_millis(),
                context.client_context.custom, context.identity.cognito_identity_id,
            ]
        """

    async def scenario() -> None:
        custom = base64.b64encode(b'{"custom": {"a": "b"}}').decode()
        arn = "arn:aws:lambda:eu-west-1:123456789012:function:greeter"
        async with serving(code, arn, memory=512, timeout=7.0) as function:
            answer = await function.invoke({}, X_Amz_Client_Context=custom)
            name, version, own_arn, memory, request, group, stream, left, given, identity = answer.json
            assert (name, version, own_arn, memory) == ("greeter", "$LATEST", arn, "512")
            assert request == answer.headers["x-amzn-requestid"]
            assert group == "/aws/lambda/greeter"
            assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
            assert 0 < left <= 7000
            assert (given, identity) == ({"a": "b"}, None)
            refused = await function.invoke({}, X_Amz_Client_Context="no base64")
            assert refused.status == 400

    asyncio.run(scenario())


def test_the_context_is_written_as_the_vendor_writes_it(serving: Serving) -> None:
    # aws-lambda-python-runtime-interface-client, lambda_context.py
    code = "def handler(event, context): return repr(context)"

    async def scenario() -> None:
        async with serving(code) as function:
            answer = await function.invoke()
            assert re.fullmatch(
                r"LambdaContext\(\[aws_request_id=[0-9a-f-]{36},log_group_name=/aws/lambda/greeter,log_stream_name=\S+,"
                r"function_name=greeter,memory_limit_in_mb=128,function_version=\$LATEST,"
                r"invoked_function_arn=arn:aws:lambda:us-east-1:000000000000:function:greeter,client_context=None,"
                r"identity=CognitoIdentity\(\[cognito_identity_id=None,cognito_identity_pool_id=None\]\),tenant_id=None\]\)",
                answer.json,
            )

    asyncio.run(scenario())


def test_the_environment_is_lambdas_and_the_functions_own_and_not_the_gateways(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Lambda guide, "Defined runtime environment variables"
    monkeypatch.setenv("A_SECRET_OF_THE_GATEWAY", "hidden")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the user's own")
    code = "import os\ndef handler(event, context): return [dict(os.environ), os.getcwd()]"
    given = {"MODEL": "movies", "AWS_ACCESS_KEY_ID": "local", "AWS_REGION": "eu-west-1", "_HANDLER": "other"}

    async def scenario() -> None:
        async with serving(code, environment=given) as function:
            environment, folder = (await function.invoke()).json
            assert folder == environment["LAMBDA_TASK_ROOT"] == str(function.folder)
            assert "A_SECRET_OF_THE_GATEWAY" not in environment
            assert "INFERWAY_FUNCTION" not in environment
            assert "HOME" not in environment
            assert "AWS_SECRET_ACCESS_KEY" not in environment
            expected = {
                "_HANDLER": "index.handler",
                "MODEL": "movies",
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_REGION": "eu-west-1",
                "AWS_DEFAULT_REGION": "eu-west-1",
                "AWS_LAMBDA_FUNCTION_NAME": "greeter",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/greeter",
                "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
                "TZ": ":UTC",
            }
            assert {name: environment[name] for name in expected} == expected

    asyncio.run(scenario())


def test_an_exception_is_the_runtimes_error_document(serving: Serving) -> None:
    # Lambda guide, "Handling exceptions in Python": errorMessage, errorType, requestId, stackTrace
    code = """
        def deeper():
            raise ValueError("no such movie")
        def handler(event, context):
            deeper()
        """

    async def scenario() -> None:
        async with serving(code) as function:
            answer = await function.invoke({})
            assert (answer.status, answer.failed) == (200, True)
            document = answer.json
            stack = document.pop("stackTrace")
            assert document == {
                "errorMessage": "no such movie",
                "errorType": "ValueError",
                "requestId": answer.headers["x-amzn-requestid"],
            }
            file = function.folder / "index.py"
            assert stack == [
                f'  File "{file}", line 5, in handler\n    deeper()\n',
                f'  File "{file}", line 3, in deeper\n    raise ValueError("no such movie")\n',
            ]
            assert await function.logged("[ERROR] ValueError: no such movie")
            assert (await function.invoke({})).failed

    asyncio.run(scenario())


def test_a_result_that_is_no_json_is_a_marshal_error(serving: Serving) -> None:
    # Lambda guide, "Define Lambda function handler in Python": Runtime.MarshalError
    async def scenario() -> None:
        async with serving("def handler(event, context): return {1, 2}") as function:
            document = (await function.invoke({})).json
            assert document["errorType"] == "Runtime.MarshalError"
            assert document["errorMessage"] == (
                "Unable to marshal response: Object of type set is not JSON serializable"
            )
            assert document["stackTrace"] == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "runtime", "body"),
    [
        # python-handler: the response's form; awslambdaric 4.2.2 gives these bytes for the same handlers
        ("[Decimal('1.50'), Decimal('3'), Decimal('1E+2'), Decimal('nan')]", "", b"[1.50, 3, 1E+2, NaN]"),
        ("b'[1]'", "", b"[1]"),
        ("'\u00fc'", "python3.11", b'"\\u00fc"'),
        ("'\u00fc'", "python3.12", '"ü"'.encode()),
    ],
)
def test_a_result_has_the_runtimes_form(serving: Serving, code: str, runtime: str, body: bytes) -> None:
    async def scenario() -> None:
        source = f"from decimal import Decimal\ndef handler(event, context): return {code}"
        async with serving(source, runtime=runtime) as function:
            answer = await function.invoke({})
            assert (answer.body, answer.failed) == (body, False)

    asyncio.run(scenario())


def test_a_handler_that_hangs_is_killed_at_its_limit(serving: Serving) -> None:
    # Lambda guide, "Configure Lambda function timeout"; the document as Invoke gives it
    code = """
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        def handler(event, context):
            print("pid", os.getpid())
            while event: time.sleep(1)
        """

    async def scenario() -> None:
        async with serving(code, timeout=0.5) as function:
            answer = await function.invoke({"hang": True}, X_Amz_Log_Type="Tail")
            request = answer.headers["x-amzn-requestid"]
            assert answer.failed
            assert answer.json == {
                "errorType": "Sandbox.Timedout",
                "errorMessage": f"RequestId: {request} Error: Task timed out after 0.50 seconds",
            }
            pid = int((await function.logged("pid ")).split()[1])
            assert not is_alive(pid)
            assert f"pid {pid}" in answer.log
            assert not (await function.invoke({})).failed

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("os._exit(1)", "Runtime exited with error: exit status 1"),
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("raise KeyboardInterrupt", "Runtime exited with error: signal: interrupt"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_a_process_that_ends_in_the_middle_is_an_exit_error_and_the_next_event_gets_another(
    serving: Serving, act: str, text: str
) -> None:
    code = f"""
        import os, sys, time
        def handler(event, context):
            if event: {act}
            return "well"
        """

    async def scenario() -> None:
        async with serving(code) as function:
            answer = await function.invoke({"end": 1})
            assert answer.failed
            request = answer.headers["x-amzn-requestid"]
            assert answer.json == {
                "errorType": "Runtime.ExitError",
                "errorMessage": f"RequestId: {request} Error: {text}",
            }
            assert (await function.invoke({})).json == "well"

    asyncio.run(scenario())


def test_a_handler_that_closes_what_it_has_not_opened_answers(serving: Serving) -> None:
    code = "import os\ndef handler(event, context):\n    os.closerange(3, 100)\n    return event"

    async def scenario() -> None:
        async with serving(code) as function:
            assert [(await function.invoke(number)).json for number in range(3)] == [0, 1, 2]

    asyncio.run(scenario())


def test_a_process_killed_from_outside_while_it_waits_is_replaced(serving: Serving, wait_until: Until) -> None:
    async def scenario() -> None:
        async with serving("import os\ndef handler(event, context): return os.getpid()") as function:
            first = (await function.invoke()).json
            os.kill(first, signal.SIGKILL)
            await wait_until(lambda: not is_alive(first))
            second = await function.invoke()
            assert not second.failed
            assert second.json != first

    asyncio.run(scenario())


def test_a_warm_process_is_used_again(serving: Serving) -> None:
    code = """
        import os
        count = 0
        def handler(event, context):
            global count
            count += 1
            return [os.getpid(), count]
        """

    async def scenario() -> None:
        async with serving(code) as function:
            answers = [(await function.invoke()).json for _ in range(3)]
            assert [count for _, count in answers] == [1, 2, 3]
            assert len({pid for pid, _ in answers}) == 1

    asyncio.run(scenario())


def test_each_event_has_a_process_and_beyond_the_concurrency_it_is_throttled(
    serving: Serving, wait_until: Until, tmp_path: Path
) -> None:
    # Invoke, Errors: TooManyRequestsException, 429, Reason ReservedFunctionConcurrentInvocationLimitExceeded
    code = f"""
        import os, pathlib, time
        def handler(event, context):
            folder = pathlib.Path({str(tmp_path)!r})
            (folder / f"began-{{event}}").touch()
            while not (folder / "go").exists(): time.sleep(0.01)
            return os.getpid()
        """

    async def scenario() -> None:
        async with serving(code, concurrency=3, timeout=60.0) as function:
            calls = [asyncio.create_task(function.invoke(number)) for number in range(3)]
            await wait_until(lambda: len(list(tmp_path.glob("began-*"))) == 3)
            refused = await function.invoke(9)
            assert refused.status == 429
            assert refused.headers["x-amzn-errortype"] == "TooManyRequestsException"
            assert refused.json == {
                "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
                "Type": "User",
                "message": "Rate Exceeded.",
            }
            (tmp_path / "go").touch()
            assert len({(await call).json for call in calls}) == 3
            assert (await function.invoke(9)).status == 200

    asyncio.run(scenario())


def test_what_a_handler_starts_ends_with_it_even_a_daemon(serving: Serving, wait_until: Until) -> None:
    code = """
        import os, subprocess, sys, time
        sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
        daemonize = f"from subprocess import *; print(Popen({sleep!r}, start_new_session=True).pid)"
        def handler(event, context):
            child = subprocess.Popen(sleep)
            daemon = subprocess.Popen(
                [sys.executable, "-c", daemonize],
                stdout=subprocess.PIPE, text=True,
            )
            print("pids", child.pid, int(daemon.stdout.readline()), flush=True)
            daemon.wait()
            time.sleep(600)
        """

    async def scenario() -> None:
        async with serving(code, timeout=2.0) as function:
            call = asyncio.create_task(function.invoke({}))
            pids = [int(pid) for pid in (await function.logged("pids ")).split()[1:]]
            assert all(is_alive(pid) for pid in pids)
            assert (await call).json["errorType"] == "Sandbox.Timedout"
            await wait_until(lambda: not any(is_alive(pid) for pid in pids))

    asyncio.run(scenario())


def test_a_handler_that_forks_answers_once(serving: Serving) -> None:
    code = "import os\ndef handler(event, context):\n    os.fork()\n    return event"

    async def scenario() -> None:
        async with serving(code) as function:
            assert [(await function.invoke(number)).json for number in range(20)] == list(range(20))

    asyncio.run(scenario())


def test_a_crash_is_seen_though_a_forked_child_holds_the_socket(serving: Serving) -> None:
    code = """
        import os, time
        def handler(event, context):
            if os.fork() == 0:
                time.sleep(600)
            os._exit(2)
        """

    async def scenario() -> None:
        async with serving(code, timeout=60.0) as function:
            answer = await function.invoke({})
            assert answer.json["errorMessage"].endswith("Runtime exited with error: exit status 2")

    asyncio.run(scenario())


def test_nonsense_on_standard_output_is_only_log(serving: Serving) -> None:
    code = """
        import os, sys
        def handler(event, context):
            os.write(1, b"\\x00\\x00\\x00\\x02\\xff\\xfe{}\\n" * 1000)
            sys.stdout.write("x" * 3_000_000 + "\\n")
            print("last words")
            sys.stdout.close()
            return "well"
        """

    async def scenario() -> None:
        async with serving(code) as function:
            assert (await function.invoke({})).json == "well"
            assert (await function.logged("last words")) == "last words"
            assert await function.logged("x" * 8128 + "… (2991872 bytes cut)")
            assert {name for name, _ in function.lines} == {"greeter"}

    asyncio.run(scenario())


def test_the_tail_of_the_log_comes_with_the_answer(serving: Serving) -> None:
    # Invoke, LogType: Tail gives "the last 4 KB of the execution log", base64-encoded
    code = """
        import logging
        logging.getLogger().setLevel("INFO")
        def handler(event, context):
            print("a line")
            logging.info("what %s", "happens")
            print("y" * event)
        """

    async def scenario() -> None:
        async with serving(code) as function:
            answer = await function.invoke(1, X_Amz_Log_Type="Tail")
            request = answer.headers["x-amzn-requestid"]
            first, line, logged, _, end, report, rest = answer.log.split("\n")
            assert first == f"START RequestId: {request} Version: $LATEST"
            assert line == "a line"
            assert re.fullmatch(
                rf"\[INFO\]\t\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z\t{request}\twhat happens", logged
            )
            assert end == f"END RequestId: {request}"
            assert report.startswith(f"REPORT RequestId: {request}\tDuration: ")
            assert rest == ""
            assert "x-amz-log-result" not in (await function.invoke(1)).headers
            long = await function.invoke(9000, X_Amz_Log_Type="Tail")
            assert len(base64.b64decode(long.headers["x-amz-log-result"])) == 4096

    asyncio.run(scenario())


def test_payloads_have_the_services_limits(serving: Serving) -> None:
    # Lambda guide, "Lambda quotas": 6 MB each for request and response
    code = "def handler(event, context): return 'x' * event if isinstance(event, int) else len(event)"

    async def scenario() -> None:
        async with serving(code) as function:
            assert (await function.invoke(b'"' + b"x" * 6_291_454 + b'"')).json == 6_291_454
            refused = await function.invoke(b'"' + b"x" * 6_291_455 + b'"')
            assert (refused.status, refused.headers["x-amzn-errortype"]) == (413, "RequestTooLargeException")
            text = "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"
            assert refused.json["Message"] == text
            assert len((await function.invoke(6_291_554)).json) == 6_291_554
            answer = await function.invoke(6_291_555)
            assert answer.failed
            assert answer.json == {
                "errorType": "Function.ResponseSizeTooLarge",
                "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
            }

    asyncio.run(scenario())


def test_an_event_type_is_accepted_and_run_and_a_dry_run_runs_nothing(serving: Serving) -> None:
    # Invoke, StatusCode: 200 for RequestResponse, 202 for Event, 204 for DryRun
    async def scenario() -> None:
        async with serving("def handler(event, context): print('ran', event)") as function:
            dry = await function.invoke("dry", X_Amz_Invocation_Type="DryRun")
            assert (dry.status, dry.body) == (204, b"")
            accepted = await function.invoke("later", X_Amz_Invocation_Type="Event")
            assert (accepted.status, accepted.body) == (202, b"")
            assert await function.logged("ran later") == "ran later"
            assert not any("dry" in line for _, line in function.lines)
            assert (await function.invoke({}, X_Amz_Invocation_Type="Other")).status == 400

    asyncio.run(scenario())


def test_another_function_is_not_found_and_every_form_of_the_name_is(serving: Serving) -> None:
    # Invoke, FunctionName: name, ARN, partial ARN; Errors: ResourceNotFoundException, 404
    async def scenario() -> None:
        async with serving(ECHO) as function:
            for name in ("greeter", "greeter:live", "123456789012:function:greeter"):
                answer = await asyncio.to_thread(
                    function.ask, b"1", f"/2015-03-31/functions/{name}/invocations?Qualifier=x"
                )
                assert answer.json == 1
            missing = await asyncio.to_thread(function.ask, b"1", "/2015-03-31/functions/other/invocations")
            assert (missing.status, missing.headers["x-amzn-errortype"]) == (404, "ResourceNotFoundException")
            text = "Function not found: arn:aws:lambda:us-east-1:000000000000:function:other"
            assert missing.json == {"Type": "User", "Message": text}
            assert (await asyncio.to_thread(function.ask, b"", "/other", "GET")).status == 404

    asyncio.run(scenario())


def test_boto3_itself_can_invoke_it(serving: Serving) -> None:
    boto3 = import_module("boto3")
    code = "def handler(event, context):\n    if event is None: raise KeyError('x')\n    return event"

    async def scenario() -> None:
        async with serving(code) as function:
            client = boto3.client(
                "lambda",
                region_name="us-east-1",
                endpoint_url=function.server.url,
                aws_access_key_id="local",
                aws_secret_access_key="local",
            )
            reply = await asyncio.to_thread(client.invoke, FunctionName="greeter", Payload=b'{"a": 1}', LogType="Tail")
            assert (reply["StatusCode"], json.load(reply["Payload"])) == (200, {"a": 1})
            assert b"START RequestId" in base64.b64decode(reply["LogResult"])
            failed = await asyncio.to_thread(client.invoke, FunctionName="greeter", Payload=b"null")
            assert failed["FunctionError"] == "Unhandled"
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                await asyncio.to_thread(client.invoke, FunctionName="other")
            client.close()

    asyncio.run(scenario())


def test_memory_beyond_the_bound_ends_the_process(serving: Serving) -> None:
    code = """
        import time
        def handler(event, context):
            held = bytearray(event * 1024 * 1024)
            time.sleep(60 if event > 100 else 0)
        """

    async def scenario() -> None:
        async with serving(code, memory=128, enforce_memory=True, timeout=30.0) as function:
            assert not (await function.invoke(1)).failed
            answer = await function.invoke(300)
            assert answer.json["errorMessage"].endswith("Runtime exited with error: signal: killed")
            assert not (await function.invoke(1)).failed

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "handler", "kind", "text"),
    [
        (
            "import no_such_module\n" + ECHO,
            "index.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'index': No module named 'no_such_module'",
        ),
        (
            ECHO,
            "other.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'other': No module named 'other'",
        ),
        (ECHO, "index.other", "Runtime.HandlerNotFound", "Handler 'other' missing on module 'index'"),
        (
            ECHO,
            "index",
            "Runtime.MalformedHandlerName",
            "Bad handler 'index': not enough values to unpack (expected 2, got 1)",
        ),
        (ECHO, ".handler", "ValueError", "Empty module name"),
        (
            ECHO,
            "sys.exit",
            "Runtime.BuiltInModuleConflict",
            "Cannot use built-in module sys as a handler module",
        ),
        ("1 / 0\n" + ECHO, "index.handler", "ZeroDivisionError", "division by zero"),
    ],
)
def test_every_event_of_a_handler_that_cannot_be_loaded_fails_and_says_why(
    serving: Serving, code: str, handler: str, kind: str, text: str
) -> None:
    # Lambda guide, "Troubleshoot deployment issues"; texts: aws-lambda-python-runtime-interface-client
    async def scenario() -> None:
        async with serving(code, handler=handler) as function:
            for _ in range(2):
                answer = await function.invoke()
                assert (answer.status, answer.failed) == (200, True)
                document = answer.json
                request = answer.headers["x-amzn-requestid"]
                assert (document["errorType"], document["errorMessage"]) == (kind, text)
                assert document["requestId"] == request
            assert f"[ERROR] {kind}: {text}; every event" in await function.logged("every event")

    asyncio.run(scenario())


def test_a_module_with_an_error_of_syntax_says_where(serving: Serving) -> None:
    # aws-lambda-python-runtime-interface-client, _get_handler: one entry of the trace, with the line
    async def scenario() -> None:
        async with serving("x = 1\ndef handler(:\n") as function:
            document = (await function.invoke()).json
            assert document["errorType"] == "Runtime.UserCodeSyntaxError"
            assert document["errorMessage"].startswith("Syntax error in module 'index': ")
            assert document["stackTrace"] == [f'  File "{function.folder}/index.py" Line 2\n    def handler(:\n']

    asyncio.run(scenario())


def test_a_process_that_ends_while_it_loads_is_an_exit_error(serving: Serving) -> None:
    async def scenario() -> None:
        async with serving("import os; os._exit(4)\n" + ECHO) as function:
            answer = await function.invoke()
            request = answer.headers["x-amzn-requestid"]
            assert answer.json == {
                "errorType": "Runtime.ExitError",
                "errorMessage": f"RequestId: {request} Error: Runtime exited with error: exit status 4",
            }

    asyncio.run(scenario())


def test_a_handler_that_can_be_loaded_again_is(serving: Serving) -> None:
    # Lambda guide, "Lambda runtime environment", "Failures during the Init phase": the next event initializes anew
    code = """
        import pathlib
        flag = pathlib.Path(__file__).with_name("flag")
        if not flag.exists():
            raise RuntimeError("not yet")
        def handler(event, context): return "well"
        """

    async def scenario() -> None:
        async with serving(code) as function:
            assert (await function.invoke()).json["errorMessage"] == "not yet"
            (function.folder / "flag").touch()
            assert (await function.invoke()).json == "well"

    asyncio.run(scenario())


def test_a_handler_may_stand_in_a_package(serving: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "function" / "src"
    folder.mkdir(parents=True)
    (folder / "app.py").write_text("from neighbour import value\ndef main(event, context): return value\n")
    (tmp_path / "function" / "neighbour.py").write_text("value = 7\n")

    async def scenario() -> None:
        for handler in ("src.app.main", "src/app.main"):
            async with serving(ECHO, handler=handler) as function:
                assert (await function.invoke()).json == 7

    asyncio.run(scenario())


def test_handler_processes_die_with_their_server_and_the_server_comes_again(
    serving: Serving, wait_until: Until
) -> None:
    async def scenario() -> None:
        async with serving("import os\ndef handler(event, context): return os.getpid()") as function:
            first = (await function.invoke()).json
            url = function.server.url
            os.kill(function.server.processes[0].pid, signal.SIGKILL)
            await wait_until(
                lambda: function.server.processes[0].restarts == 1 and function.server.state is ProcessState.READY
            )
            assert not is_alive(first)
            assert function.server.url == url
            second = (await function.invoke()).json
            assert second != first
        assert not is_alive(second)

    asyncio.run(scenario())


def test_a_stop_lets_the_event_under_way_finish(serving: Serving, tmp_path: Path, wait_until: Until) -> None:
    code = f"""
        import pathlib, time
        def handler(event, context):
            pathlib.Path({str(tmp_path)!r}, "began").touch()
            time.sleep(0.5)
            return "done"
        """

    async def scenario() -> None:
        async with serving(code) as function:
            call = asyncio.create_task(function.invoke())
            await wait_until((tmp_path / "began").exists)
            await function.server.stop()
            assert (await call).json == "done"

    asyncio.run(scenario())


def test_processes_beyond_one_are_ended_when_they_are_not_needed(serving: Serving, wait_until: Until) -> None:
    code = "import os, time\ndef handler(event, context):\n    time.sleep(0.3)\n    return os.getpid()"

    async def scenario() -> None:
        async with serving(code, keep_warm=0.5) as function:
            answers = await asyncio.gather(*(function.invoke() for _ in range(3)))
            pids = {answer.json for answer in answers}
            assert len(pids) == 3
            await wait_until(lambda: sum(is_alive(pid) for pid in pids) == 1)

    asyncio.run(scenario())


def test_a_missing_interpreter_is_said(tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(ECHO)

    async def scenario() -> None:
        options = FunctionOptions(path=tmp_path, handler="index.handler", python="/no/such/python")
        with pytest.raises(ProcessFailedError, match="cannot run /no/such/python: No such file or directory"):
            await FunctionServer("greeter", options, lambda *_: None).start()

    asyncio.run(scenario())
