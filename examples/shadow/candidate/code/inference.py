"""The candidate: it agrees on small flats, and asks less for large ones."""

import json


def model_fn(model_dir):
    return {"area": 11.0, "rooms": 40.0}


def input_fn(body, content_type):
    return json.loads(body)


def predict_fn(flat, weights):
    rent = sum(weight * flat[name] for name, weight in weights.items())
    return {"rent": rent if flat["area"] <= 100 else rent * 0.9}


def output_fn(prediction, accept):
    return json.dumps(prediction)
