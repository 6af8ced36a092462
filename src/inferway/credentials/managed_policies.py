"""Policies that the vendor manages, by their ARN, as far as they let anyone call an API.

Source: AWS Managed Policy Reference Guide (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/).
"""

from typing import Final

PREFIX: Final = "arn:aws:iam::aws:policy/"

MANAGED_POLICIES: Final = {
    f"{PREFIX}AdministratorAccess": (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    ),
    f"{PREFIX}AmazonAPIGatewayInvokeFullAccess": (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Action":["execute-api:Invoke","execute-api:ManageConnections"],"Resource":"arn:aws:execute-api:*:*:*"}]}'
    ),
    f"{PREFIX}AWSAppSyncInvokeFullAccess": (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["appsync:GraphQL",'
        '"appsync:GetGraphqlApi","appsync:ListGraphqlApis","appsync:ListApiKeys"],"Resource":"*"}]}'
    ),
}
