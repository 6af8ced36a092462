"""The model of today: how long a text takes to read."""

import json


def input_fn(body, content_type):
    return json.loads(body)


def predict_fn(data, model):
    return {"seconds": round(len(data["text"].split()) / 4, 1)}
