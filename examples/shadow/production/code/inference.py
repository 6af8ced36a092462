"""The model in production: the rent of a flat by its area and rooms."""

import json


def model_fn(model_dir):
    return {"area": 11.0, "rooms": 40.0}


def input_fn(body, content_type):
    return json.loads(body)


def predict_fn(flat, weights):
    return {"rent": sum(weight * flat[name] for name, weight in weights.items())}


def output_fn(prediction, accept):
    return json.dumps(prediction)
