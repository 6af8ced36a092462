"""A model small enough to read: it guesses the language of a text by its commonest words."""

import json

WORDS = {
    "de": {"der", "die", "und", "ist", "nicht", "ein"},
    "en": {"the", "and", "is", "not", "a", "of"},
    "fr": {"le", "la", "et", "est", "pas", "un"},
}


def input_fn(body, content_type):
    return json.loads(body)


def predict_fn(data, model):
    found = {name: len(words & set(data["text"].lower().split())) for name, words in WORDS.items()}
    return {"language": max(found, key=lambda name: found[name])}
