"""An endpoint in front of real HTTP servers: who gets a call, what comes back, and what is seen of it."""

import asyncio
import json
import re
import threading
from collections import Counter
from typing import Any

import pytest

from inferway.backends.endpoints.container import MAX_TIMEOUT
from inferway.definition.balancing import (
    Balancing,
    HealthCheck,
    OutlierEjection,
    Queue,
    Retries,
    Routing,
)
from inferway.definition.endpoints import ServedEndpoint, ServedShadow, ServedVariant
from inferway.exchange import Reply
from inferway.faults import Fault, FaultKind

Scene = Any


async def two(scene: Scene, **weights: float) -> Any:
    for name in weights:
        await scene.model(name)
    variants = tuple(
        ServedVariant(name=name, urls=(scene.models[name].url,), weight=weight) for name, weight in weights.items()
    )
    return scene.endpoint(ServedEndpoint(name="movies", variants=variants))


def message(reply: Any) -> str:
    text: str = json.loads(reply.body)["Message"]
    return text


def test_calls_are_shared_by_weight(play: Any, ask: Any) -> None:
    # ProductionVariant, InitialVariantWeight: a variant's share is its weight over the sum of all.
    async def work(scene: Scene) -> Counter[str]:
        endpoint = await two(scene, blue=9, green=1, off=0)
        replies = [await ask(endpoint) for _ in range(600)]
        for reply in replies:
            shown = reply.header(b"x-amzn-invoked-production-variant")
            assert json.loads(reply.body)["model"] == shown.decode()
        return Counter(reply.header(b"x-amzn-invoked-production-variant").decode() for reply in replies)

    seen = play(work)
    assert set(seen) == {"blue", "green"}
    assert 25 <= seen["green"] <= 110  # 60, within six standard deviations


def test_a_target_variant_is_asked_whatever_its_weight(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, off=0)
        reply = await ask(endpoint, target_variant="off")
        assert json.loads(reply.body) == {"model": "off"}
        unknown = await ask(endpoint, target_variant="none")
        assert unknown.status == 400
        assert unknown.header(b"x-amzn-errortype") == b"ValidationError"
        assert message(unknown) == "Variant none was not found for endpoint movies."

    play(work)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({"target_variant": "-x"}, "at 'targetVariant' failed to satisfy constraint: Member must satisfy regular"),
        ({"target_variant": "x" * 64}, "Member must have length less than or equal to 63"),
        ({"session_id": "a b"}, "at 'sessionId'"),
        ({"inference_id": ""}, "Member must have length greater than or equal to 1"),
        ({"inference_id": "x" * 65}, "Member must have length less than or equal to 64"),
        ({"custom_attributes": "é"}, r"regular expression pattern: \p{ASCII}*"),
        ({"custom_attributes": "x" * 1025}, "Member must have length less than or equal to 1024"),
        ({"inference_component": "a_b"}, "at 'inferenceComponentName'"),
        ({"target_model": " m"}, "at 'targetModel'"),
    ],
)
def test_headers_are_held_to_the_service_s_shapes(play: Any, ask: Any, headers: dict[str, str], wanted: str) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=1)
        reply = await ask(endpoint, **headers)
        assert reply.status == 400
        assert reply.header(b"x-amzn-errortype") == b"ValidationError"
        assert re.match("[12] validation errors? detected: Value '", message(reply))
        assert wanted in message(reply)
        assert not scene.models["blue"].seen

    play(work)


def test_a_body_over_the_limit_is_refused(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=1)
        assert (await ask(endpoint, b"x" * 6_291_456)).status == 200
        assert (await ask(endpoint, b"x" * 6_291_457)).status == 413

    play(work)


def test_a_call_has_60_seconds_whatever_is_asked_for(play: Any, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """InvokeEndpoint: a container has to respond within 60 seconds, whoever asks."""
    assert MAX_TIMEOUT == 60
    monkeypatch.setattr("inferway.backends.endpoints.endpoint.MAX_TIMEOUT", 0.2)

    async def silent(path: str, headers: dict[str, str], body: bytes) -> None:
        await asyncio.sleep(20)

    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1)
        scene.models["blue"].answer = silent
        found = await ask(endpoint, seconds=300.0)
        assert isinstance(found, Fault)
        assert found.kind is FaultKind.BACKEND_TIMEOUT

    play(work)


def test_a_model_s_own_error_is_a_model_error(play: Any, ask: Any) -> None:
    # The words: https://github.com/aws/amazon-sagemaker-examples/issues/1809.
    async def fails(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return int(body), {}, b"no memory"

    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=0)
        scene.models["blue"].answer = fails
        reply = await ask(endpoint, b"500")
        assert (reply.status, reply.header(b"x-amzn-errortype")) == (424, b"ModelError")
        assert json.loads(reply.body) == {
            "ErrorCode": "SERVER_ERROR_FROM_MODEL",
            "LogStreamArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/movies",
            "Message": 'Received server error (500) from primary with message "no memory". See https://us-east-1.console.'
            "aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws/sagemaker/Endpoints/movies in "
            "account 000000000000 for more information.",
            "OriginalMessage": "no memory",
            "OriginalStatusCode": 500,
        }
        refused = json.loads((await ask(endpoint, b"400")).body)
        assert (refused["ErrorCode"], refused["OriginalStatusCode"]) == ("CLIENT_ERROR_FROM_MODEL", 400)
        seen = endpoint.variants["blue"].counts.seen()
        assert (seen.requests, seen.errors, seen.refused) == (2, 1, 1)

    play(work)


def test_weights_change_all_at_once_and_not_at_all_for_what_is_unknown(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=0)
        with pytest.raises(ValueError, match="Variant none"):
            endpoint.set_weights({"green": 5, "none": 1})
        with pytest.raises(ValueError, match="0 or more"):
            endpoint.set_weights({"green": -1})
        assert endpoint.weights == {"blue": 1, "green": 0}
        asking = [asyncio.create_task(ask(endpoint)) for _ in range(50)]
        for green in (1, 0, 3, 2):
            endpoint.set_weights({"green": green, "blue": 1})
            await asyncio.sleep(0)
        assert {reply.status for reply in await asyncio.gather(*asking)} == {200}
        endpoint.set_weights({"green": 0, "blue": 0})
        assert (await ask(endpoint)).status == 503

    play(work)


def test_counts_are_told_since_a_moment(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=0)
        for _ in range(3):
            await ask(endpoint)
        counts = endpoint.variants["blue"].counts
        seen = counts.seen()
        assert (seen.requests, seen.errors) == (3, 0)
        assert seen.p50 > 0
        assert counts.seen(moment=4e9).requests == 0
        assert endpoint.variants["green"].counts.seen().requests == 0

    play(work)


def test_an_endpoint_with_components_asks_for_one(play: Any, ask: Any) -> None:
    # https://github.com/BerriAI/litellm/pull/37766
    async def work(scene: Scene) -> None:
        small, large = await scene.model("small"), await scene.model("large")
        endpoint = scene.endpoint(
            ServedEndpoint(
                name="chat",
                components=(
                    ServedVariant(name="small", urls=(small.url,)),
                    ServedVariant(name="large", urls=(large.url,)),
                ),
            )
        )
        reply = await ask(endpoint, inference_component="large")
        assert json.loads(reply.body) == {"model": "large"}
        assert reply.header(b"x-amzn-invoked-production-variant") == b"AllTraffic"
        assert json.loads((await ask(endpoint)).body) == {
            "ErrorCode": "INFERENCE_COMPONENT_NAME_MISSING",
            "Message": "Inference Component Name header is required for endpoints to which you plan to deploy "
            "inference components. Please include Inference Component Name header or consider using SageMaker models.",
        }
        assert (await ask(endpoint, inference_component="none")).status == 400
        plain = await two(scene, blue=1, green=1)
        assert (await ask(plain, inference_component="large")).status == 400

    play(work)


async def several(scene: Scene, count: int, **options: Any) -> Any:
    models = [await scene.model(f"i{number}") for number in range(count)]
    balancing = Balancing(**options)
    urls = tuple(model.url for model in models)
    variant = ServedVariant(name="AllTraffic", urls=urls, balancing=balancing)
    return scene.endpoint(ServedEndpoint(name="movies", variants=(variant,)))


async def until(check: Any) -> None:
    for _ in range(2000):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


def test_a_session_stays_with_its_instance_until_it_is_closed(play: Any, ask: Any) -> None:
    # "Stateful sessions": the model makes the identifier and the expiry, and says when a session is closed.
    def stateful(model: Any) -> Any:
        async def answer(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
            given = headers["x-amzn-sagemaker-session-id"]
            if given == "NEW_SESSION":
                made = f"s-{model.name}-{len(model.seen)}"
                return 200, {"X-Amzn-SageMaker-New-Session-Id": f"{made}; Expires=2099-01-01T00:00:00Z"}, b"{}"
            closed = {"X-Amzn-SageMaker-Closed-Session-Id": given} if body == b"close" else {}
            return 200, closed, model.name.encode()

        return answer

    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 4)
        for model in scene.models.values():
            model.answer = stateful(model)
        made = []
        for _ in range(12):
            reply = await ask(endpoint, session_id="NEW_SESSION")
            made.append(reply.header(b"x-amzn-sagemaker-new-session-id").decode().partition(";")[0])
        assert len({name.split("-")[1] for name in made}) > 1
        for name in made:
            for _ in range(3):
                assert (await ask(endpoint, session_id=name)).body.decode() == name.split("-")[1]
        closed = await ask(endpoint, b"close", session_id=made[0])
        assert closed.header(b"x-amzn-sagemaker-closed-session-id").decode() == made[0]
        over = await ask(endpoint, session_id=made[0])
        assert (over.status, over.header(b"x-amzn-errortype")) == (400, b"ValidationError")
        assert len(endpoint.sessions) == len(made) - 1

    play(work)


def test_a_session_of_a_component_stays_with_its_instance(play: Any, ask: Any) -> None:
    def stateful(model: Any) -> Any:
        async def answer(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
            new = {"X-Amzn-SageMaker-New-Session-Id": f"s-{model.name}; Expires=2099-01-01T00:00:00Z"}
            return 200, new, model.name.encode()

        return answer

    async def work(scene: Scene) -> None:
        models = [await scene.model(f"i{number}") for number in range(3)]
        for model in models:
            model.answer = stateful(model)
        component = ServedVariant(name="chat", urls=tuple(model.url for model in models))
        endpoint = scene.endpoint(ServedEndpoint(name="assistants", components=(component,)))
        asked = {"inference_component": "chat"}
        first = (await ask(endpoint, session_id="NEW_SESSION", **asked)).body.decode()
        for _ in range(10):
            assert (await ask(endpoint, session_id=f"s-{first}", **asked)).body.decode() == first

    play(work)


def test_the_only_instance_is_asked_for_sessions_that_are_not_known(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 1)
        assert (await ask(endpoint, session_id="made-elsewhere")).status == 200
        assert scene.models["i0"].seen[0][1]["x-amzn-sagemaker-session-id"] == "made-elsewhere"

    play(work)


def test_a_session_that_is_over_is_unknown(play: Any, ask: Any) -> None:
    async def answer(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return 200, {"X-Amzn-SageMaker-New-Session-Id": "old; Expires=2001-01-01T00:00:00Z"}, b"{}"

    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 2)
        for model in scene.models.values():
            model.answer = answer
        await ask(endpoint, session_id="NEW_SESSION")
        assert (await ask(endpoint, session_id="old")).status == 400

    play(work)


def test_an_instance_that_dies_is_not_felt_where_calls_may_be_sent_again(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await several(
            scene, 3, ejection=OutlierEjection(failures=2, seconds=600, longest=600), retry=Retries(percent=100)
        )
        await scene.models["i0"].stop()
        replies = [await ask(endpoint) for _ in range(60)]
        assert {reply.status for reply in replies} == {200}
        dead = endpoint.variants["AllTraffic"].cluster.hosts[0]
        assert not endpoint.variants["AllTraffic"].cluster.is_usable(dead)
        assert dead.failures == 2

    play(work)


def test_health_checks_find_an_instance_that_stalls_and_one_that_is_back(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        check = HealthCheck(interval=0.05, timeout=0.1, unhealthy=1)
        endpoint = await several(scene, 2, health=check)
        cluster = endpoint.variants["AllTraffic"].cluster
        stalled, stalls = asyncio.Event(), asyncio.Event()
        model = scene.models["i0"]

        async def answer(path: str, headers: dict[str, str], body: bytes) -> Any:
            stalled.set()
            await stalls.wait()
            return await model.well(path, headers, body)

        model.answer = answer
        await stalled.wait()
        await until(lambda: not cluster.hosts[0].healthy)
        replies = [await ask(endpoint) for _ in range(20)]
        assert {json.loads(reply.body)["model"] for reply in replies} == {"i1"}
        stalls.set()
        await until(lambda: cluster.hosts[0].healthy)
        assert any(path == "/ping" for path, _, _ in model.seen)

    play(work)


def test_an_endpoint_none_of_whose_instances_was_ever_well_is_not_ready(play: Any, ask: Any) -> None:
    # ModelNotReadyException is 429 (service model of the runtime).
    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 1, health=HealthCheck(interval=0.05, timeout=1, unhealthy=1))
        await scene.models["i0"].stop()
        cluster = endpoint.variants["AllTraffic"].cluster
        await until(lambda: not cluster.hosts[0].healthy)
        reply = await ask(endpoint)
        if cluster.hosts[0].met:  # it was asked before it was stopped
            assert (reply.status, reply.header(b"x-amzn-errortype")) == (503, b"ServiceUnavailable")
        else:
            assert (reply.status, reply.header(b"x-amzn-errortype")) == (429, b"ModelNotReadyException")

    play(work)


def test_waiting_calls_are_bounded_and_refused_with_503(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 1, queue=Queue(outstanding=2, waiting=3, seconds=30))
        release = asyncio.Event()
        model = scene.models["i0"]

        async def answer(path: str, headers: dict[str, str], body: bytes) -> Any:
            await release.wait()
            return await model.well(path, headers, body)

        model.answer = answer
        asking = [asyncio.create_task(ask(endpoint)) for _ in range(10)]
        await until(lambda: sum(task.done() for task in asking) == 5)
        assert {task.result().status for task in asking if task.done()} == {503}
        await until(lambda: len(model.seen) == 2)
        release.set()
        replies = await asyncio.gather(*asking)
        assert Counter(reply.status for reply in replies) == {200: 5, 503: 5}
        assert len(model.seen) == 5

    play(work)


def test_the_least_busy_instance_gets_the_next_call(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 2, routing=Routing.LEAST_OUTSTANDING_REQUESTS)
        release = asyncio.Event()
        slow = scene.models["i0"]

        async def answer(path: str, headers: dict[str, str], body: bytes) -> Any:
            await release.wait()
            return await slow.well(path, headers, body)

        slow.answer = answer
        held: list[Any] = []
        while not slow.seen:  # until the slow one has one
            held.append(asyncio.create_task(ask(endpoint)))
            await asyncio.wait(held, timeout=0.05)
        replies = [await ask(endpoint) for _ in range(20)]
        assert {json.loads(reply.body)["model"] for reply in replies} == {"i1"}
        release.set()
        await asyncio.gather(*held)

    play(work)


def test_faults_of_the_transport_are_told_apart(play: Any, ask: Any) -> None:
    async def stalls(path: str, headers: dict[str, str], body: bytes) -> Any:
        await asyncio.sleep(20)

    async def breaks(path: str, headers: dict[str, str], body: bytes) -> Any:
        return None

    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=0)
        scene.models["blue"].answer = stalls
        late = await ask(endpoint, seconds=0.1)
        assert isinstance(late, Fault)
        assert late.kind is FaultKind.BACKEND_TIMEOUT
        scene.models["blue"].answer = breaks
        broken = await ask(endpoint)
        assert isinstance(broken, Fault)
        assert broken.kind is FaultKind.BACKEND_UNREACHABLE
        assert "'blue'" in broken.cause
        assert endpoint.variants["blue"].counts.seen().errors == 2

    play(work)


def shadowed(scene: Scene, **settings: Any) -> Any:
    main, shadow = scene.models["main"], scene.models["shadow"]
    return scene.endpoint(
        ServedEndpoint(
            name="movies",
            variants=(ServedVariant(name="AllTraffic", urls=(main.url,)),),
            shadows=(ServedShadow(name="next", urls=(shadow.url,), **settings),),
        )
    )


def test_a_shadow_gets_copies_and_is_compared(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        await scene.model("main")
        model = await scene.model("shadow")
        endpoint = shadowed(scene)
        (shadow,) = endpoint.shadows

        async def same(path: str, headers: dict[str, str], body: bytes) -> Any:
            if body == b"other":
                return await model.well(path, headers, body)
            return 500 if body == b"fail" else 200, {}, json.dumps({"model": "main"}).encode()

        model.answer = same
        for body in (b"1", b"2", b"other", b"fail"):
            reply = await ask(endpoint, body, custom_attributes="a=b")
            assert isinstance(reply, Reply)
            assert json.loads(reply.body) == {"model": "main"}
            await until(lambda: not shadow.under_way)
        assert [seen[2] for seen in model.seen] == [b"1", b"2", b"other", b"fail"]
        assert model.seen[0][1]["x-amzn-sagemaker-custom-attributes"] == "a=b"
        assert (shadow.mirrored, shadow.same_status, shadow.same_body) == (4, 3, 3)
        other, failed = shadow.differences
        assert (other.production, other.shadow) == ('{"model": "main"}', '{"model": "shadow"}')
        assert (failed.production_status, failed.shadow_status) == (200, 500)
        assert shadow.variant.counts.seen().errors == 1

    play(work)


def test_a_share_of_the_calls_is_mirrored(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        await scene.model("main")
        await scene.model("shadow")
        endpoint = shadowed(scene, sampling=25.0, at_once=1000)
        for _ in range(400):
            await ask(endpoint)
        assert 48 <= endpoint.shadows[0].mirrored <= 152  # 100, within six standard deviations

    play(work)


@pytest.mark.parametrize("how", ["stalls", "is gone", "floods"])
def test_a_shadow_that_misbehaves_is_not_felt(play: Any, ask: Any, how: str) -> None:
    async def stalls(path: str, headers: dict[str, str], body: bytes) -> Any:
        await asyncio.sleep(60)

    async def floods(path: str, headers: dict[str, str], body: bytes) -> Any:
        return 200, {}, b"x" * 7_000_000

    async def work(scene: Scene) -> None:
        await scene.model("main")
        model = await scene.model("shadow")
        endpoint = shadowed(scene, at_once=3)
        (shadow,) = endpoint.shadows
        threads = threading.active_count()
        if how == "is gone":
            await model.stop()
        else:
            model.answer = stalls if how == "stalls" else floods
        for _ in range(30):
            reply = await ask(endpoint)
            assert reply.status == 200
            assert shadow.under_way <= 3
        if how == "stalls":
            assert (shadow.mirrored, shadow.dropped) == (3, 27)
        assert threading.active_count() <= threads + 1

    play(work)


def test_an_endpoint_speaks_the_protocol_of_its_instances(play: Any, ask: Any) -> None:
    # Open Inference Protocol: POST /v2/models/NAME/infer, GET /v2/models/NAME/ready.
    async def work(scene: Scene) -> None:
        model = await scene.model("kserve")
        check = HealthCheck(interval=0.05, timeout=1)
        variant = ServedVariant(name="AllTraffic", urls=(f"{model.url}/base",), balancing=Balancing(health=check))
        settings = ServedEndpoint(name="digits", variants=(variant,), protocol="kserve", model="mnist", tensor="x")
        endpoint = scene.endpoint(settings)
        assert (await ask(endpoint, b"[[1, 2], [3, 4]]")).status == 200
        await until(lambda: any(path.endswith("/ready") for path, _, _ in model.seen))
        asked = next((headers, body) for path, headers, body in model.seen if path == "/base/v2/models/mnist/infer")
        assert json.loads(asked[1])["inputs"][0]["name"] == "x"
        assert "/base/v2/models/mnist/ready" in {path for path, _, _ in model.seen}
        unsuited = json.loads((await ask(endpoint, b"no JSON")).body)
        assert (unsuited["OriginalStatusCode"], unsuited["ErrorCode"]) == (415, "CLIENT_ERROR_FROM_MODEL")

    play(work)


def test_instances_that_die_and_come_back_under_load_are_not_felt_and_nothing_is_left(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await several(
            scene,
            3,
            routing=Routing.LEAST_OUTSTANDING_REQUESTS,
            health=HealthCheck(interval=0.05, timeout=1, unhealthy=1),
            ejection=OutlierEjection(failures=2, seconds=0.1, longest=0.2),
            retry=Retries(attempts=2, percent=100, least=100, idempotent=True),
            queue=Queue(outstanding=20, waiting=1000, seconds=30),
        )
        cluster = endpoint.variants["AllTraffic"].cluster
        stop = asyncio.Event()
        seen: Counter[int] = Counter()

        async def caller() -> None:
            while not stop.is_set():
                reply = await ask(endpoint)
                seen[reply.status if isinstance(reply, Reply) else 0] += 1

        callers = [asyncio.create_task(caller()) for _ in range(30)]
        for number in (0, 1, 2, 0):
            flapping = scene.models[f"i{number}"]
            await flapping.stop()
            await asyncio.sleep(0.15)
            await flapping.start()
            await until(lambda: all(host.healthy for host in cluster.hosts))
        stop.set()
        await asyncio.gather(*callers)
        assert set(seen) == {200}
        assert seen[200] > 100
        assert [host.outstanding for host in cluster.hosts] == [0, 0, 0]
        assert cluster.waiting == 0
        for model in scene.models.values():
            assert scene.client.origin(model.url).waiting_calls == 0
            assert scene.client.origin(model.url).open_connections <= 30

    play(work)


def test_a_stalled_variant_slows_no_other(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await two(scene, blue=1, green=1)
        release = asyncio.Event()

        async def stalls(path: str, headers: dict[str, str], body: bytes) -> Any:
            await release.wait()
            return 200, {}, b"{}"

        scene.models["green"].answer = stalls
        stalled = [asyncio.create_task(ask(endpoint, target_variant="green")) for _ in range(50)]
        await until(lambda: len(scene.models["green"].seen) == 50)
        for _ in range(100):
            assert (await ask(endpoint, target_variant="blue")).status == 200
        assert not any(task.done() for task in stalled)
        assert endpoint.variants["blue"].counts.seen().requests == 100
        release.set()
        assert {reply.status for reply in await asyncio.gather(*stalled)} == {200}

    play(work)


def test_waiting_and_being_sent_again_stay_within_a_call_s_time(play: Any, ask: Any) -> None:
    async def work(scene: Scene) -> None:
        endpoint = await several(scene, 1, queue=Queue(outstanding=1, waiting=10, seconds=30))
        held = asyncio.Event()

        async def holds(path: str, headers: dict[str, str], body: bytes) -> Any:
            await held.wait()
            return 200, {}, b"{}"

        scene.models["i0"].answer = holds
        first = asyncio.create_task(ask(endpoint))
        await until(lambda: scene.models["i0"].seen)
        late = await ask(endpoint, seconds=0.05)
        assert isinstance(late, Fault)
        assert late.kind is FaultKind.BACKEND_TIMEOUT
        held.set()
        assert (await first).status == 200
        assert endpoint.variants["AllTraffic"].cluster.hosts[0].outstanding == 0
        assert endpoint.variants["AllTraffic"].cluster.waiting == 0

    play(work)


def test_a_multi_model_endpoint_asks_for_its_model_and_no_other_takes_one(play: Any, ask: Any) -> None:
    # https://github.com/aws/amazon-sagemaker-examples/issues/1216
    async def work(scene: Scene) -> None:
        first, rest = await scene.model("first"), await scene.model("rest")
        models = (ServedVariant(name="a.tar.gz", urls=(first.url,)), ServedVariant(name="*", urls=(rest.url,)))
        endpoint = scene.endpoint(ServedEndpoint(name="many", models=models))
        assert json.loads((await ask(endpoint, target_model="a.tar.gz")).body) == {"model": "first"}
        assert json.loads((await ask(endpoint, target_model="b.tar.gz")).body) == {"model": "rest"}
        assert rest.seen[0][1]["x-amzn-sagemaker-target-model"] == "b.tar.gz"
        missing = await ask(endpoint)
        assert missing.status == 400
        assert re.match("Request [0-9a-f-]{36} is missing a target model header", message(missing))
        known = scene.endpoint(ServedEndpoint(name="known", models=models[:1]))
        assert (await ask(known, target_model="b.tar.gz")).status == 400
        plain = await two(scene, blue=1, green=1)
        assert json.loads((await ask(plain, target_model="a.tar.gz")).body) == {
            "ErrorCode": "TARGET_MODEL_HEADER_NOT_SUPPORTED",
            "Message": "Endpoint movies is not a multi-model endpoint and does not support target model header.",
        }

    play(work)
