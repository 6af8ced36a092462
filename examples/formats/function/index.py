"""Tells between which ratings the model predicts."""

import json


def handler(event, context):
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"lowest": 1, "highest": 5}),
    }
