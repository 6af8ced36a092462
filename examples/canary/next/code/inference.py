"""The model of tomorrow: it counts syllables, and fails where a text has a word without any."""

import json

VOWELS = "aeiouy"


def input_fn(body, content_type):
    return json.loads(body)


def predict_fn(data, model):
    words = data["text"].lower().split()
    syllables = [sum(letter in VOWELS for letter in word) for word in words]
    return {"seconds": round(sum(syllables) / 6, 1), "shortest": 1 / min(syllables)}
