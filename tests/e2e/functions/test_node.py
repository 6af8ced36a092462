"""Node.js handlers, as the Lambda guide describes them ("Building Lambda functions with Node.js")."""

import asyncio
import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.processes.process import ProcessFailedError

Serving = Callable[..., Any]

NODE = {"runtime": "nodejs20.x"}
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        # nodejs-handler: "Define Lambda function handler in Node.js", async, callback, and both module systems
        ("index.mjs", "export const handler = async (event) => ({ got: event.name })"),
        ("index.js", "exports.handler = async (event) => ({ got: event.name })"),
        ("index.cjs", "module.exports = { handler: async (event) => ({ got: event.name }) }"),
        ("index.js", "exports.handler = (event, context, callback) => { callback(null, { got: event.name }) }"),
        ("index.js", "exports.handler = (event) => new Promise((r) => setTimeout(() => r({ got: event.name }), 5))"),
        ("index.js", "exports.handler = (event, context) => { context.succeed({ got: event.name }) }"),
    ],
)
def test_each_form_of_handler_answers(serving: Serving, file: str, code: str) -> None:
    async def scenario() -> None:
        async with serving({file: code}, **NODE) as function:
            for name in ("Ada", "Grace"):
                answer = await function.invoke({"name": name})
                assert (answer.json, answer.failed) == ({"got": name}, False)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("handler", "files"),
    [
        ("src/app.handler", {"src/app.js": "exports.handler = async () => 'here'"}),
        ("index.api.handler", {"index.js": "exports.api = { handler: async () => 'here' }"}),
        (
            "dist/index.handler",
            {"package.json": '{"type": "module"}', "dist/index.js": "export const handler = async () => 'here'"},
        ),
    ],
)
def test_a_handler_may_stand_below_and_in_an_object(serving: Serving, handler: str, files: dict[str, str]) -> None:
    async def scenario() -> None:
        async with serving(files, handler=handler, **NODE) as function:
            assert (await function.invoke()).json == "here"

    asyncio.run(scenario())


def test_the_context_has_the_vendors_properties(serving: Serving) -> None:
    # nodejs-context, "Using the Lambda context object to retrieve Node.js function information"
    code = """
        export const handler = async (event, context) => [
          context.functionName, context.functionVersion, context.invokedFunctionArn, context.memoryLimitInMB,
          context.awsRequestId, context.logGroupName, context.logStreamName, context.getRemainingTimeInMillis(),
          context.clientContext.custom, context.callbackWaitsForEmptyEventLoop,
          process.env._X_AMZN_TRACE_ID, process.env.AWS_EXECUTION_ENV, process.env._HANDLER, process.cwd(),
        ]
        """

    async def scenario() -> None:
        custom = base64.b64encode('{"custom": {"a": "ü"}}'.encode()).decode()
        async with serving({"index.mjs": code}, memory=512, timeout=7.0, **NODE) as function:
            answer = await function.invoke({}, X_Amz_Client_Context=custom, X_Amzn_Trace_Id="Root=1-2-3")
            name, version, arn, memory, request, group, stream, left, given, waits, *environment = answer.json
            assert (name, version, memory) == ("greeter", "$LATEST", "512")
            assert arn == "arn:aws:lambda:us-east-1:000000000000:function:greeter"
            assert request == answer.headers["x-amzn-requestid"]
            assert group == "/aws/lambda/greeter"
            assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
            assert 0 < left <= 7000
            assert (given, waits) == ({"a": "ü"}, True)
            assert re.fullmatch(r"Root=1-2-3;Parent=[0-9a-f]{16};Sampled=0", environment.pop(0))
            assert environment == ["AWS_Lambda_nodejs20.x", "index.handler", str(function.folder)]

    asyncio.run(scenario())


def test_a_callback_waits_for_the_event_loop_unless_told_not_to(serving: Serving) -> None:
    # nodejs-context: "callbackWaitsForEmptyEventLoop"
    code = """
        exports.handler = (event, context, callback) => {
          context.callbackWaitsForEmptyEventLoop = event.waits
          const value = { late: false }
          setTimeout(() => { value.late = true }, 100)
          callback(null, value)
        }
        """

    async def scenario() -> None:
        async with serving({"index.js": code}, **NODE) as function:
            assert (await function.invoke({"waits": True})).json == {"late": True}
            assert (await function.invoke({"waits": False})).json == {"late": False}

    asyncio.run(scenario())


def test_a_handler_that_calls_nothing_back_gives_null_and_an_unsettled_promise_fails(serving: Serving) -> None:
    # nodejs-handler: the function completes when the event loop is empty; an async one has then not settled
    code = """
        exports.sync = (event) => 7
        exports.never = async (event) => { await new Promise(() => {}) }
        """

    async def scenario() -> None:
        async with serving({"index.js": code}, handler="index.sync", **NODE) as function:
            assert (await function.invoke()).body == b"null"
        async with serving({"index.js": code}, handler="index.never", **NODE) as function:
            for _ in range(2):
                answer = await function.invoke()
                assert answer.failed
                assert answer.json["errorType"] == "Runtime.NodeJsExit"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        # nodejs-exceptions: errorType, errorMessage, trace
        ("throw new RangeError('too far')", "RangeError", "too far"),
        ("callback(new TypeError('odd'))", "TypeError", "odd"),
        ("callback('a text')", "string", "a text"),
        ("return Promise.reject(new Error('no'))", "Error", "no"),
        ("class Own extends Error { get name() { return 'Own' } }; throw new Own('mine')", "Own", "mine"),
        ("callback(null, 1n)", "Error", "Unable to stringify response body"),
        ("context.fail()", "string", "handled"),
    ],
)
def test_an_error_has_the_runtimes_document(serving: Serving, code: str, kind: str, text: str) -> None:
    async def scenario() -> None:
        files = {"index.js": f"exports.handler = (event, context, callback) => {{ {code} }}"}
        async with serving(files, **NODE) as function:
            answer = await function.invoke({})
            assert (answer.status, answer.failed) == (200, True)
            assert (answer.json["errorType"], answer.json["errorMessage"]) == (kind, text)
            assert sorted(answer.json) == ["errorMessage", "errorType", "trace"]
            if kind != "string":
                assert answer.json["trace"][0] == f"{kind}: {text}"
            request = answer.headers["x-amzn-requestid"]
            line = await function.logged("Invoke Error")
            assert re.match(rf"{STAMP}\t{request}\tERROR\tInvoke Error \t\{{\"errorType\":", line)
            assert (await function.invoke({})).failed

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("setTimeout(() => { throw new Error('later') }, 5); return new Promise(() => {})", "Error", "later"),
        (
            "Promise.reject(new Error('lost')); return new Promise((r) => setTimeout(r, 2000))",
            "Runtime.UnhandledPromiseRejection",
            "Error: lost",
        ),
    ],
)
def test_what_nobody_catches_fails_the_event_and_ends_the_process(
    serving: Serving, code: str, kind: str, text: str
) -> None:
    files = {"index.js": f"exports.handler = (event) => {{ if (event) {{ {code} }}; return Promise.resolve('well') }}"}

    async def scenario() -> None:
        async with serving(files, **NODE) as function:
            answer = await function.invoke(1)
            assert answer.failed
            assert (answer.json["errorType"], answer.json["errorMessage"]) == (kind, text)
            assert (await function.invoke(0)).json == "well"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("process.exit(3)", "Runtime exited with error: exit status 3"),
        ("process.kill(process.pid, 'SIGKILL')", "Runtime exited with error: signal: killed"),
        ("process.exit(0)", "Runtime exited without providing a reason"),
    ],
)
def test_a_process_that_ends_is_an_exit_error(serving: Serving, act: str, text: str) -> None:
    async def scenario() -> None:
        async with serving({"index.js": f"exports.handler = async (e) => {{ if (e) {act} }}"}, **NODE) as function:
            answer = await function.invoke(1)
            request = answer.headers["x-amzn-requestid"]
            assert answer.json == {
                "errorType": "Runtime.ExitError",
                "errorMessage": f"RequestId: {request} Error: {text}",
            }
            assert not (await function.invoke(0)).failed

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "require('no-such-module'); exports.handler = 1",
            r"Runtime\.ImportModuleError: Error: Cannot find module 'no-such-module'",
        ),
        ("exports.handler = async (", r"Runtime\.UserCodeSyntaxError: SyntaxError: "),
        ("throw new TypeError('at the start'); exports.handler = 1", r"TypeError: at the start"),
        ("Promise.reject(new Error('early')); exports.handler = () => 1", r"UnhandledPromiseRejection: Error: early"),
        ("exports.handler = 7", r"Runtime\.HandlerNotFound: index\.handler is not a function"),
        ("Object.assign(exports, { other: () => {} }); 'handler'", r"HandlerNotFound: index\.handler is undefined"),
    ],
)
def test_every_event_of_a_handler_that_cannot_be_loaded_fails_and_says_why(
    serving: Serving, code: str, text: str
) -> None:
    # nodejs-exceptions and troubleshooting-deployment name the types
    async def scenario() -> None:
        async with serving({"index.js": code}, **NODE) as function:
            answer = await function.invoke()
            assert (answer.status, answer.failed) == (200, True)
            document = answer.json
            assert re.search(text, f"{document['errorType']}: {document['errorMessage']}")
            assert list(document) == ["errorType", "errorMessage", "trace"]

    asyncio.run(scenario())


def test_a_callback_handler_of_node_24_is_refused(serving: Serving) -> None:
    # lambda-nodejs, "Node.js 24": callback-based handlers are no longer supported
    async def scenario() -> None:
        code = "exports.handler = (event, context, callback) => callback(null, 1)"
        async with serving({"index.js": code}, runtime="nodejs24.x") as function:
            document = (await function.invoke()).json
            assert document["errorType"] == "Runtime.CallbackHandlerDeprecated"
            assert document["errorMessage"].startswith("ERROR: AWS Lambda has removed")

    asyncio.run(scenario())


def test_another_version_and_a_missing_one_are_said(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with serving({"index.js": "exports.handler = async () => 1"}, runtime="nodejs4.x") as function:
            assert "nodejs4.x is run by the Node.js of PATH, " in await function.logged("run by")
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(ProcessFailedError, match="cannot run node: No such file"):
            async with serving({"index.js": "exports.handler = async () => 1"}, **NODE):
                pass

    asyncio.run(scenario())


def test_what_is_written_to_the_console_is_the_log(serving: Serving) -> None:
    # nodejs-logging: time, request, level and message, with tabs between
    code = """
        console.log("at the start")
        exports.handler = async () => { console.log("a %s", "line"); console.warn({ b: 1 }) }
        """

    async def scenario() -> None:
        async with serving({"index.js": code}, **NODE) as function:
            answer = await function.invoke({}, X_Amz_Log_Type="Tail")
            request = answer.headers["x-amzn-requestid"]
            _, line, warning, _, report, _ = answer.log.split("\n")
            assert re.fullmatch(rf"{STAMP}\t{request}\tINFO\ta line", line)
            assert re.fullmatch(rf"{STAMP}\t{request}\tWARN\t{{ b: 1 }}", warning)
            assert re.search(
                r"Memory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: \d+\.\d\d ms\t$", report
            )
            assert re.fullmatch(rf"{STAMP}\tundefined\tINFO\tat the start", await function.logged("at the start"))
            assert "Init Duration" not in (await function.invoke({}, X_Amz_Log_Type="Tail")).log

    asyncio.run(scenario())


def test_a_streaming_handler_is_answered_as_one(serving: Serving) -> None:
    # config-rs-write-functions: awslambda.streamifyResponse(), HttpResponseStream.from()
    code = """
        import { pipeline } from "node:stream/promises"
        import { Readable } from "node:stream"
        export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
          if (event.fails) throw new Error("half way")
          if (event.open) return stream.write("never ended")
          if (event.status) stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 })
          await pipeline(Readable.from(["[1,", Buffer.from("2]")]), stream)
        })
        """

    async def scenario() -> None:
        async with serving({"index.mjs": code}, **NODE) as function:
            assert (await function.invoke({})).body == b"[1,2]"
            assert (await function.invoke({"status": 1})).body == b'{"statusCode":201}' + bytes(8) + b"[1,2]"
            assert (await function.invoke({"fails": 1})).json["errorMessage"] == "half way"
            assert (await function.invoke({"open": 1})).json["errorMessage"] == "Response stream is not finished."

    asyncio.run(scenario())


def test_payloads_have_the_services_limits(serving: Serving) -> None:
    code = "exports.handler = async (event) => Number.isInteger(event) ? 'x'.repeat(event) : event.length"

    async def scenario() -> None:
        async with serving({"index.js": code}, timeout=30.0, **NODE) as function:
            assert (await function.invoke(b'"' + b"x" * 6_291_454 + b'"')).json == 6_291_454
            assert len((await function.invoke(6_291_554)).json) == 6_291_554
            assert (await function.invoke(6_291_555)).json["errorType"] == "Function.ResponseSizeTooLarge"
            assert (await function.invoke(3)).json == "xxx"

    asyncio.run(scenario())


def test_a_hanging_handler_is_ended_at_its_limit(serving: Serving) -> None:
    async def scenario() -> None:
        code = "exports.handler = async (event) => { while (event) {} }"
        async with serving({"index.js": code}, timeout=0.5, **NODE) as function:
            answer = await function.invoke(1)
            request = answer.headers["x-amzn-requestid"]
            assert answer.json == {
                "errorType": "Sandbox.Timedout",
                "errorMessage": f"RequestId: {request} Error: Task timed out after 0.50 seconds",
            }
            assert re.fullmatch(rf"{STAMP} {request} Task timed out after 0\.50 seconds", await function.logged("Task"))
            assert (await function.invoke(0)).body == b"null"

    asyncio.run(scenario())


def test_memory_beyond_the_bound_ends_the_process(serving: Serving, tmp_path: Path) -> None:
    # configuration-memory; the heap's own bound is nine tenths of it
    code = """
        const kept = []
        exports.handler = async (event) => {
          for (let n = 0; n < event; n++) kept.push(Buffer.alloc(1 << 20, 1))
          return require("v8").getHeapStatistics().heap_size_limit
        }
        """

    async def scenario() -> None:
        async with serving({"index.js": code}, memory=256, timeout=30.0, **NODE) as function:
            assert (await function.invoke(1)).json < 300 * 1024 * 1024
            answer = await function.invoke(400)
            assert answer.json["errorMessage"].endswith("Runtime exited with error: signal: killed")
            assert not (await function.invoke(1)).failed

    asyncio.run(scenario())
