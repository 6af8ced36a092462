"""Extended: the corrected program with a schema, a throttle per product, and policies that reshape and mask.

The client sends a user and items, the model takes instances, and the reply shows the user's number masked.
"""

from pathlib import Path

import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native import apimanagement as apim

HERE = Path(__file__).resolve().parent

resource_group_name = "my-resource-group"
apim_service_name = "my-api-management-service"

resource_group = azure_native.resources.ResourceGroup("resourceGroup", resource_group_name=resource_group_name)

apim_service = apim.ApiManagementService(
    "apimService",
    resource_group_name=resource_group.name,
    service_name=apim_service_name,
    publisher_name="ML team",
    publisher_email="ml@example.com",
    sku=apim.ApiManagementServiceSkuPropertiesArgs(name=apim.SkuType.CONSUMPTION, capacity=0),
)

backend = apim.Backend(
    "backend",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    backend_id="my-backend",
    url="https://my-ml-model-backend.azurewebsites.net",
    protocol=apim.BackendProtocol.HTTP,
)

api = apim.Api(
    "api",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    api_id="ml-model",
    display_name="ML model API",
    path="ml-model",
    protocols=[apim.Protocol.HTTPS],
)

schema = apim.ApiSchema(
    "predictRequest",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    api_id=api.name,
    schema_id="predict-request",
    content_type="application/vnd.oai.openapi.components+json",
    components={
        "schemas": {
            "PredictRequest": {
                "type": "object",
                "required": ["user_id", "items"],
                "properties": {
                    "user_id": {"type": "integer", "minimum": 1},
                    "items": {"type": "array", "maxItems": 100, "items": {"type": "integer", "minimum": 1}},
                },
            }
        }
    },
)

operation = apim.ApiOperation(
    "operation",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    api_id=api.name,
    operation_id="predict",
    display_name="Predict",
    method="POST",
    url_template="/predict",
    request=apim.RequestContractArgs(
        representations=[
            apim.RepresentationContractArgs(
                content_type="application/json",
                schema_id=schema.name,
                type_name="PredictRequest",
                examples={
                    "default": apim.ParameterExampleContractArgs(value={"user_id": 321, "items": [101, 131, 162]})
                },
            )
        ]
    ),
    responses=[
        apim.ResponseContractArgs(
            status_code=200,
            headers=[
                apim.ParameterContractArgs(
                    name="Content-Type",
                    description="Media type of the body",
                    type="string",
                    default_value="application/json",
                    required=True,
                )
            ],
            representations=[apim.RepresentationContractArgs(content_type="application/json")],
        )
    ],
)

apim.ApiPolicy(
    "apiPolicy",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    api_id=api.name,
    policy_id="policy",
    format=apim.PolicyContentFormat.RAWXML,
    value=backend.name.apply(lambda name: (HERE / "api-policy.xml").read_text().replace("BACKEND", name)),
)

apim.ApiOperationPolicy(
    "predictPolicy",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    api_id=api.name,
    operation_id=operation.name,
    policy_id="policy",
    format=apim.PolicyContentFormat.RAWXML,
    value=(HERE / "predict-policy.xml").read_text(),
)

product = apim.Product(
    "product",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    product_id="ml-models",
    display_name="ML model products",
    subscription_required=True,
    state=apim.ProductState.PUBLISHED,
)

apim.ProductApi(
    "apiToProduct",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    product_id=product.name,
    api_id=api.name,
)

apim.ProductPolicy(
    "productPolicy",
    resource_group_name=resource_group.name,
    service_name=apim_service.name,
    product_id=product.name,
    policy_id="policy",
    format=apim.PolicyContentFormat.RAWXML,
    value=(HERE / "product-policy.xml").read_text(),
)

pulumi.export("api_management_service_endpoint", apim_service.gateway_url)
