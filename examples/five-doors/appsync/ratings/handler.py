"""The Lambda function behind `predictedRatings`: asks the SageMaker endpoint that serves the movies model."""

import json
import os
from typing import Any

import boto3

ENDPOINT = os.environ.get("ENDPOINT_NAME", "movie-ratings")
RUNTIME = boto3.client("sagemaker-runtime")


def handler(event: dict[str, Any], context: object) -> list[float]:  # noqa: ARG001 - a handler's form
    """Take `{"user": 321, "items": [101, 131]}` and give one rating for each of the items."""
    instances = [{"in0": [event["user"]], "in1": [item]} for item in event["items"]]
    reply = RUNTIME.invoke_endpoint(
        EndpointName=ENDPOINT, ContentType="application/json", Body=json.dumps({"instances": instances})
    )
    return [prediction["scores"][0] for prediction in json.load(reply["Body"])["predictions"]]
