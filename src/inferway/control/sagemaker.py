"""The SageMaker API's subset, in AWS JSON 1.1: `POST /` with the operation in X-Amz-Target.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Service.html
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from inferway.control import sagemaker_views as views
from inferway.control.authorization import Authorize
from inferway.control.aws_json import ApiError, error_reply, internal_error, no_content, reply, signature_error
from inferway.control.sagemaker_errors import api_error
from inferway.control.sagemaker_inputs import INPUTS
from inferway.control.sagemaker_views import Document, Summary
from inferway.control.shapes import SerializationError, read
from inferway.exchange import Request, Response
from inferway.registry.errors import InvalidRequestError, RegistryError
from inferway.registry.record import Kind, Page, Query
from inferway.registry.registry import Registry

_PREFIX: Final = b"SageMaker."
_NAMES: Final = {
    "TrainingJobName": Kind.TRAINING_JOB,
    "ModelPackageGroupName": Kind.MODEL_PACKAGE_GROUP,
    "ModelPackageName": Kind.MODEL_PACKAGE,
    "ModelPackageArn": Kind.MODEL_PACKAGE,
    "ModelName": Kind.MODEL,
    "EndpointName": Kind.ENDPOINT,
    "EndpointConfigName": Kind.ENDPOINT_CONFIG,
}
"""Members that name the thing an operation is for, the first that a request has: its ARN is what policies are asked."""

Operation = Callable[[Document], Awaitable[Document | None]]
"""Takes a request that holds to its shape; gives the result, None for an operation without any."""


class SageMaker:
    """One registry behind the SageMaker API; `authorize` sees every request first."""

    def __init__(self, registry: Registry, authorize: Authorize) -> None:
        self._registry = registry
        self._authorize = authorize
        self._operations: dict[str, Operation] = {
            "CreateTrainingJob": self._create_training_job,
            "DescribeTrainingJob": self._describe_training_job,
            "ListTrainingJobs": self._list_training_jobs,
            "StopTrainingJob": self._stop_training_job,
            "CreateModelPackageGroup": self._create_group,
            "DescribeModelPackageGroup": self._describe_group,
            "ListModelPackageGroups": self._list_groups,
            "CreateModelPackage": self._create_model_package,
            "DescribeModelPackage": self._describe_model_package,
            "ListModelPackages": self._list_model_packages,
            "UpdateModelPackage": self._update_model_package,
            "CreateModel": self._create_model,
            "DescribeModel": self._describe_model,
            "ListModels": self._list_models,
            "DeleteModel": self._delete_model,
            "CreateEndpointConfig": self._create_endpoint_config,
            "DescribeEndpointConfig": self._describe_endpoint_config,
            "CreateEndpoint": self._create_endpoint,
            "DescribeEndpoint": self._describe_endpoint,
            "ListEndpoints": self._list_endpoints,
            "UpdateEndpoint": self._update_endpoint,
            "UpdateEndpointWeightsAndCapacities": self._weigh_endpoint,
            "DeleteEndpoint": self._delete_endpoint,
        }

    async def handle(self, request: Request, below: str) -> Response:
        """Answer one request; `below` is what its path has below the service's own."""
        try:
            result = await self._answer(request, below)
        except ApiError as error:
            return error_reply(error)
        except Exception:  # noqa: BLE001 - the store may fail in any way: the caller gets an answer all the same
            return error_reply(internal_error(request))
        return no_content() if result is None else reply(result)

    async def _answer(self, request: Request, below: str) -> Document | None:
        target = request.header(b"x-amz-target") or b""
        name = target.removeprefix(_PREFIX).decode("latin-1")
        document = _decoded(request.body)
        fault = self._authorize(request, f"sagemaker:{name}", self._resource(name, document))
        if fault is not None:
            raise signature_error(fault, 400)
        if request.method != "POST" or below or not target.startswith(_PREFIX) or name not in self._operations:
            served = ", ".join(self._operations)
            asked = target.decode("latin-1", "replace")[:200] or f"{request.method} without X-Amz-Target"
            raise ApiError("UnknownOperationException", f"{asked} is not served by Inferway. Served: {served}.")
        if not isinstance(document, dict):
            raise ApiError("SerializationException", "The request's body is not a JSON object.")
        try:
            given, broken = read(document, INPUTS[name])
            if broken:
                raise _invalid(broken)
            return await self._operations[name](given)
        except SerializationError as error:
            raise ApiError("SerializationException", str(error)) from None
        except RegistryError as error:
            raise api_error(error, name) from None

    def _resource(self, name: str, document: Any) -> str:
        """Give the ARN that an operation is for, `*` for a list."""
        if isinstance(document, dict) and not name.startswith("List"):
            for member, kind in _NAMES.items():
                given = document.get(member)
                if isinstance(given, str):
                    return given if given.startswith("arn:") else self._registry.account.arn(kind, given)
        return "*"

    async def _create_training_job(self, given: Document) -> Document:
        return {"TrainingJobArn": (await self._registry.training_jobs.create(given)).arn}

    async def _describe_training_job(self, given: Document) -> Document:
        return views.describe_training_job(await self._registry.training_jobs.get(given["TrainingJobName"]))

    async def _list_training_jobs(self, given: Document) -> Document:
        page = await self._registry.training_jobs.page(_query(Kind.TRAINING_JOB, given))
        return self._listed("TrainingJobSummaries", page, views.summarize_training_job)

    async def _stop_training_job(self, given: Document) -> None:
        await self._registry.training_jobs.stop(given["TrainingJobName"])

    async def _create_group(self, given: Document) -> Document:
        name = given["ModelPackageGroupName"]
        catalogue = self._registry.catalogue
        return {"ModelPackageGroupArn": await catalogue.add(Kind.MODEL_PACKAGE_GROUP, name, given, "Completed")}

    async def _describe_group(self, given: Document) -> Document:
        record = await self._registry.model_packages.group(given["ModelPackageGroupName"])
        return views.describe_group(record, self._registry.account)

    async def _list_groups(self, given: Document) -> Document:
        page = await self._registry.catalogue.page(_query(Kind.MODEL_PACKAGE_GROUP, given))
        return self._listed("ModelPackageGroupSummaryList", page, views.summarize_group)

    async def _create_model_package(self, given: Document) -> Document:
        return {"ModelPackageArn": await self._registry.model_packages.create(given)}

    async def _describe_model_package(self, given: Document) -> Document:
        record = await self._registry.model_packages.get(given["ModelPackageName"])
        return views.describe_model_package(record, self._registry.account)

    async def _list_model_packages(self, given: Document) -> Document:
        query = _query(Kind.MODEL_PACKAGE, given)
        kind = given.get("ModelPackageType", "Versioned" if given.get("ModelPackageGroupName") else "Unversioned")
        group = given.get("ModelPackageGroupName")
        page = await self._registry.model_packages.page(
            msgspec.structs.replace(query, group=group, versioned=None if kind == "Both" else kind == "Versioned")
        )
        return self._listed("ModelPackageSummaryList", page, views.summarize_model_package)

    async def _update_model_package(self, given: Document) -> Document:
        arn = given.pop("ModelPackageArn")
        removed = given.pop("CustomerMetadataPropertiesToRemove", [])
        return {"ModelPackageArn": await self._registry.model_packages.update(arn, given, removed)}

    async def _create_model(self, given: Document) -> Document:
        return {"ModelArn": await self._registry.models.create(given)}

    async def _describe_model(self, given: Document) -> Document:
        record = await self._registry.catalogue.get(Kind.MODEL, given["ModelName"])
        return views.describe_model(record, self._registry.account)

    async def _list_models(self, given: Document) -> Document:
        page = await self._registry.catalogue.page(_query(Kind.MODEL, given, descending=True))
        return self._listed("Models", page, views.summarize_model)

    async def _delete_model(self, given: Document) -> None:
        await self._registry.catalogue.remove(Kind.MODEL, given["ModelName"])

    async def _create_endpoint_config(self, given: Document) -> Document:
        shadows = given.get("ShadowProductionVariants", [])
        if shadows and (len(shadows) > 1 or len(given["ProductionVariants"]) > 1):
            # CreateEndpointConfig, ShadowProductionVariants
            raise InvalidRequestError(
                "With a shadow variant there can be one production variant and one shadow variant."
            )
        variants = [*given["ProductionVariants"], *shadows]
        for variant in variants:
            if "ModelName" not in variant:
                raise InvalidRequestError("Each production variant needs a ModelName.")
            await self._registry.catalogue.get(Kind.MODEL, variant["ModelName"])
        names = [variant["VariantName"] for variant in variants]
        if len(set(names)) < len(names):
            raise InvalidRequestError("The names of production variants must be unique.")
        name = given["EndpointConfigName"]
        return {"EndpointConfigArn": await self._registry.catalogue.add(Kind.ENDPOINT_CONFIG, name, given)}

    async def _describe_endpoint_config(self, given: Document) -> Document:
        record = await self._registry.catalogue.get(Kind.ENDPOINT_CONFIG, given["EndpointConfigName"])
        return views.describe_endpoint_config(record, self._registry.account)

    async def _create_endpoint(self, given: Document) -> Document:
        arn = await self._registry.endpoints.create(
            given["EndpointName"], given["EndpointConfigName"], given.get("DeploymentConfig")
        )
        return {"EndpointArn": arn}

    async def _describe_endpoint(self, given: Document) -> Document:
        return views.describe_endpoint(await self._registry.endpoints.get(given["EndpointName"]))

    async def _list_endpoints(self, given: Document) -> Document:
        page = await self._registry.endpoints.page(_query(Kind.ENDPOINT, given, descending=True))
        return self._listed("Endpoints", page, views.summarize_endpoint)

    async def _update_endpoint(self, given: Document) -> Document:
        arn = await self._registry.endpoints.update(
            given["EndpointName"],
            given["EndpointConfigName"],
            given.get("DeploymentConfig"),
            retain=given.get("RetainDeploymentConfig", False),
        )
        return {"EndpointArn": arn}

    async def _weigh_endpoint(self, given: Document) -> Document:
        wanted = given["DesiredWeightsAndCapacities"]
        weights = {each["VariantName"]: each["DesiredWeight"] for each in wanted if "DesiredWeight" in each}
        return {"EndpointArn": await self._registry.endpoints.weigh(given["EndpointName"], weights)}

    async def _delete_endpoint(self, given: Document) -> None:
        await self._registry.endpoints.delete(given["EndpointName"])

    def _listed(self, name: str, page: Page, summary: Summary) -> Document:
        items = [summary(record, self._registry.account) for record in page.records]
        return {name: items, **({"NextToken": page.token} if page.token else {})}


def _decoded(body: bytes) -> Any:
    """Give a body's JSON, None where it is none."""
    try:
        return msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, RecursionError):
        return None


def _invalid(broken: tuple[str, ...]) -> ApiError:
    errors = "error" if len(broken) == 1 else "errors"
    return ApiError("ValidationException", f"{len(broken)} validation {errors} detected: {'; '.join(broken)}")


def _query(kind: Kind, given: Document, *, descending: bool = False) -> Query:
    """Give the registry's query for a List request; `descending` is the operation's own order."""
    return Query(
        kind=kind,
        limit=given.get("MaxResults", 10),
        sort_by=given.get("SortBy", "CreationTime"),
        descending=given["SortOrder"] == "Descending" if "SortOrder" in given else descending,
        token=given.get("NextToken", ""),
        name_contains=given.get("NameContains", ""),
        status=given.get("StatusEquals", ""),
        approval=given.get("ModelApprovalStatus", ""),
        created_after=given.get("CreationTimeAfter"),
        created_before=given.get("CreationTimeBefore"),
        modified_after=given.get("LastModifiedTimeAfter"),
        modified_before=given.get("LastModifiedTimeBefore"),
    )
