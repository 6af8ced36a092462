"""A REST API in front of a SageMaker endpoint, as the Solutions Construct makes it.

Source: AWS Solutions Constructs, "aws-apigateway-sagemakerendpoint" (https://docs.aws.amazon.com/solutions/latest/
constructs/aws-apigateway-sagemakerendpoint.html), and the template that it synthesizes.
"""

import inspect
import json
import re
from collections.abc import Mapping
from hashlib import md5
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns import properties
from inferway.patterns.element import Element, logical_id
from inferway.patterns.fragments import (
    DEPLOYMENT_METADATA,
    LOG_GROUP_METADATA,
    PARTITION,
    REGION,
    TRUST,
    arn,
    document,
    suppressed,
)

_METHOD: Final = "GET"
_PART: Final = re.compile(r"[a-zA-Z0-9:._$-]+|\{[a-zA-Z0-9._-]+\+?\}")
_ENDPOINT: Final = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_ACCESS_LOG: Final = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "user": "$context.identity.user",
    "caller": "$context.identity.caller",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "status": "$context.status",
    "protocol": "$context.protocol",
    "responseLength": "$context.responseLength",
}
_LOG_ACTIONS: Final = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
)
_CASES: Final = (("5\\d{2}", "500"), ("4\\d{2}", "400"))
_NOWHERE: Final = Place(file="")


class SageMakerApi(msgspec.Struct, frozen=True, kw_only=True):
    """A GET method that asks a SageMaker endpoint, with the construct's defaults.

    The API is edge-optimized, its stage `prod` writes an access log and traces with X-Ray, its method asks for a
    signature and validates the request's parameters, and its role may do nothing but invoke the endpoint.

    `resource_path` is the part of the path that the method stands at, below `resource_name` where that is given. The
    mapping templates are in Velocity. `api_gateway_props` and `log_group_props` are the CDK's for Python
    (`RestApiProps`, `LogGroupProps`), laid over the defaults; roles and keys in them are ARNs or what stands for them
    in a template. `api_gateway_execution_role` is the ARN of a role, or a role of the same template, that is used
    instead of one of its own. Raises ValueError for what no such API can be made of.
    """

    id: str = "SageMakerApi"
    endpoint_name: str
    resource_path: str
    request_mapping_template: str
    response_mapping_template: str = ""
    resource_name: str = ""
    api_gateway_props: Mapping[str, object] = {}
    api_gateway_execution_role: Element | str = ""
    log_group_props: Mapping[str, object] = {}
    place: Place = _NOWHERE

    def __post_init__(self) -> None:
        """Check what is given, and keep where in a program it was."""
        if _ENDPOINT.fullmatch(self.endpoint_name) is None or len(self.endpoint_name) > 63:
            raise ValueError(f"{self.endpoint_name!r} cannot be the name of an endpoint")
        for name in (self.resource_path, *([self.resource_name] if self.resource_name else [])):
            if _PART.fullmatch(name) is None:
                raise ValueError(f"{name!r} cannot be one part of a path")
        if not self.request_mapping_template.strip():
            raise ValueError("the request needs a mapping template")
        if not re.search("[A-Za-z0-9]", self.id):
            raise ValueError(f"{self.id!r} cannot be an identifier: it has no letter and no digit")
        properties.check("api_gateway_props", self.api_gateway_props, properties.REST_API, properties.NESTED)
        properties.check("deploy_options", self._nested("deploy_options"), properties.STAGE, properties.EVERY_METHOD)
        properties.check("default_method_options", self._nested("default_method_options"), properties.METHOD)
        properties.check("log_group_props", self.log_group_props, properties.LOG_GROUP)
        frame = inspect.currentframe()
        if self.place == _NOWHERE and frame is not None and frame.f_back is not None:
            caller = frame.f_back
            msgspec.structs.force_setattr(self, "place", Place(file=caller.f_code.co_filename, line=caller.f_lineno))

    @property
    def api_gateway(self) -> Element:
        """The REST API."""
        defaults = {"endpoint_types": ["EDGE"], "rest_api_name": "RestApi"}
        return Element(
            id=self._id("RestApi", "Resource"),
            type="AWS::ApiGateway::RestApi",
            properties=properties.translated({**defaults, **self.api_gateway_props}, properties.REST_API),
        )

    @property
    def api_gateway_role(self) -> Element | str:
        """The role with which the API invokes the endpoint: the one that was given, else one of its own."""
        if self.api_gateway_execution_role:
            return self.api_gateway_execution_role
        return Element(
            id=self._id("api-gateway-role", "Resource"),
            type="AWS::IAM::Role",
            properties={"AssumeRolePolicyDocument": TRUST},
            attributes=suppressed("IAM_NO_INLINE_POLICY_CHECK"),
        )

    @property
    def api_gateway_cloud_watch_role(self) -> Element:
        """The role with which API Gateway writes logs."""
        allowed = {"Action": list(_LOG_ACTIONS), "Effect": "Allow", "Resource": arn("logs", ":*")}
        policy = {"PolicyDocument": document(allowed), "PolicyName": "LambdaRestApiCloudWatchRolePolicy"}
        return Element(
            id=self._id("LambdaRestApiCloudWatchRole", "Resource"),
            type="AWS::IAM::Role",
            properties={"AssumeRolePolicyDocument": TRUST, "Policies": [policy]},
            attributes=suppressed("IAM_NO_INLINE_POLICY_CHECK"),
        )

    @property
    def api_gateway_log_group(self) -> Element:
        """The log group that access logs go to; it stays when the API is removed."""
        policy = str(self.log_group_props.get("removal_policy", "retain")).capitalize()
        policy = "Delete" if policy == "Destroy" else policy
        return Element(
            id=self._id("ApiAccessLogGroup", "Resource"),
            type="AWS::Logs::LogGroup",
            properties=properties.translated(self.log_group_props, properties.LOG_GROUP),
            attributes={"UpdateReplacePolicy": policy, "DeletionPolicy": policy, "Metadata": LOG_GROUP_METADATA},
        )

    def elements(self) -> tuple[Element, ...]:
        """Give all resources, each before those that name it as far as the service's own order allows."""
        api, role = self.api_gateway, self.api_gateway_role
        validator = self._validator(api)
        resources = self._resources(api)
        method = self._method(api, resources[-1], validator, role)
        deployment = self._deployment(api, (method, *reversed(resources), validator))
        stage = self._stage(api, deployment)
        made = [
            self.api_gateway_log_group,
            api,
            deployment,
            stage,
            *resources,
            method,
            self._usage_plan(api, stage),
            validator,
            self.api_gateway_cloud_watch_role,
            self._account(api),
        ]
        if isinstance(role, Element):
            made.append(role)
            if not self.api_gateway_execution_role:
                made.append(self._invoke_policy(role))
        return tuple(made)

    def to_cloudformation(self) -> dict[str, object]:
        """Give the template that the construct synthesizes: the same resources, identifiers and properties.

        What `cdk bootstrap` wants of a stack (the parameter BootstrapVersion and its rule) is left out, and the
        deployment's identifier ends in a hash of its own.
        """
        elements = self.elements()
        api, stage = self.api_gateway, next(one for one in elements if one.type == "AWS::ApiGateway::Stage")
        parts: list[object] = ["https://", api.reference, ".execute-api.", REGION, ".", {"Ref": "AWS::URLSuffix"}]
        address = {"Fn::Join": ["", [*parts, "/", stage.reference, "/"]]}
        return {
            "Resources": {element.id: element.declaration() for element in elements},
            "Outputs": {self._id("RestApi", "Endpoint"): {"Value": address}},
        }

    def _id(self, *path: str) -> str:
        return logical_id(self.id, *path)

    def _nested(self, name: str) -> Mapping[str, object]:
        given = self.api_gateway_props.get(name, {})
        if not isinstance(given, Mapping):
            raise ValueError(f"{name} is a mapping of properties")  # noqa: TRY004 - what is given is a value, not a type
        return given

    def _resources(self, api: Element) -> tuple[Element, ...]:
        parts = [self.resource_name, self.resource_path] if self.resource_name else [self.resource_path]
        made: list[Element] = []
        for depth, part in enumerate(parts, 1):
            parent = made[-1].reference if made else api.attribute("RootResourceId")
            made.append(
                Element(
                    id=self._id("RestApi", "Default", *parts[:depth], "Resource"),
                    type="AWS::ApiGateway::Resource",
                    properties={"ParentId": parent, "PathPart": part, "RestApiId": api.reference},
                )
            )
        return tuple(made)

    def _validator(self, api: Element) -> Element:
        return Element(
            id=self._id("RestApi", "request-validator", "Resource"),
            type="AWS::ApiGateway::RequestValidator",
            properties={
                "Name": "request-param-validator",
                "RestApiId": api.reference,
                "ValidateRequestParameters": True,
            },
        )

    def _method(self, api: Element, resource: Element, validator: Element, role: Element | str) -> Element:
        parts = [self.resource_name, self.resource_path] if self.resource_name else [self.resource_path]
        options = {"authorization_type": "AWS_IAM", **self._nested("default_method_options")}
        statuses = ["200", *(status for _, status in _CASES)]
        return Element(
            id=self._id("RestApi", "Default", *parts, _METHOD, "Resource"),
            type="AWS::ApiGateway::Method",
            properties={
                **properties.translated(options, properties.METHOD),
                "HttpMethod": _METHOD,
                "Integration": self._integration(role),
                "MethodResponses": [{"StatusCode": status} for status in statuses],
                "RequestValidatorId": validator.reference,
                "ResourceId": resource.reference,
                "RestApiId": api.reference,
            },
        )

    def _integration(self, role: Element | str) -> dict[str, object]:
        success: dict[str, object] = {"StatusCode": "200"}
        if self.response_mapping_template:
            success["ResponseTemplates"] = {"application/json": self.response_mapping_template}
        path = f":runtime.sagemaker:path/endpoints/{self.endpoint_name}/invocations"
        return {
            "Credentials": role.attribute("Arn") if isinstance(role, Element) else role,
            "IntegrationHttpMethod": "POST",
            "IntegrationResponses": [
                success,
                *({"SelectionPattern": pattern, "StatusCode": status} for pattern, status in _CASES),
            ],
            "PassthroughBehavior": "NEVER",
            "RequestParameters": {"integration.request.header.Content-Type": "'application/json'"},
            "RequestTemplates": {"application/json": self.request_mapping_template},
            "Type": "AWS",
            "Uri": {"Fn::Join": ["", ["arn:", PARTITION, ":apigateway:", REGION, path]]},
        }

    def _deployment(self, api: Element, holds: tuple[Element, ...]) -> Element:
        """Make the deployment; its identifier changes with what it holds, so that a change is deployed."""
        content = json.dumps([element.declaration() for element in (api, *holds)], sort_keys=True)
        digest = md5(content.encode(), usedforsecurity=False).hexdigest()
        return Element(
            id=self._id("RestApi", "Deployment", "Resource") + digest,
            type="AWS::ApiGateway::Deployment",
            properties={"Description": "Automatically created by the RestApi construct", "RestApiId": api.reference},
            depends_on=tuple(element.id for element in holds),
            attributes={"Metadata": DEPLOYMENT_METADATA},
        )

    def _stage(self, api: Element, deployment: Element) -> Element:
        defaults = {
            "stage_name": "prod",
            "tracing_enabled": True,
            "logging_level": "INFO",
            "data_trace_enabled": False,
        }
        options = {**defaults, **self._nested("deploy_options")}
        every = {"HttpMethod": "*", "ResourcePath": "/*", **properties.translated(options, properties.EVERY_METHOD)}
        log = {
            "DestinationArn": self.api_gateway_log_group.attribute("Arn"),
            "Format": json.dumps(_ACCESS_LOG, separators=(",", ":")),
        }
        return Element(
            id=self._id("RestApi", f"DeploymentStage.{options['stage_name']}", "Resource"),
            type="AWS::ApiGateway::Stage",
            properties={
                "AccessLogSetting": log,
                "DeploymentId": deployment.reference,
                "MethodSettings": [every],
                "RestApiId": api.reference,
                **properties.translated(options, properties.STAGE),
            },
            attributes=suppressed("API_GW_CACHE_ENABLED_AND_ENCRYPTED"),
        )

    def _usage_plan(self, api: Element, stage: Element) -> Element:
        covered = {"ApiId": api.reference, "Stage": stage.reference, "Throttle": {}}
        return Element(
            id=self._id("RestApi", "UsagePlan", "Resource"),
            type="AWS::ApiGateway::UsagePlan",
            properties={"ApiStages": [covered]},
        )

    def _account(self, api: Element) -> Element:
        return Element(
            id=self._id("LambdaRestApiAccount"),
            type="AWS::ApiGateway::Account",
            properties={"CloudWatchRoleArn": self.api_gateway_cloud_watch_role.attribute("Arn")},
            depends_on=(api.id,),
        )

    def _invoke_policy(self, role: Element) -> Element:
        """Let the role invoke this one endpoint and nothing else."""
        name = self._id("InvokeEndpointPolicy", "Resource")
        allowed = {
            "Action": "sagemaker:InvokeEndpoint",
            "Effect": "Allow",
            "Resource": arn("sagemaker", f":endpoint/{self.endpoint_name}"),
        }
        return Element(
            id=name,
            type="AWS::IAM::Policy",
            properties={"PolicyDocument": document(allowed), "PolicyName": name, "Roles": [role.reference]},
        )
