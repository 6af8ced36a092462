"""Tells SQL that was put into a value from what people, programs and models write.

A text is read as the inside of a statement in up to three contexts: as it stands, after a single quote, after a
double one; and as two families of databases read it where they differ. Its tokens become letters (`tokens`, `words`),
the letters are shortened to what has a value (`folding`), and patterns say which forms are an attack's (`grammar`).
The idea of folding tokens to a fingerprint per context was published by Nick Galbreath ("New Techniques in SQLi
Obfuscation: SQL never before used in SQLi", Black Hat USA 2012); the forms here are patterns of a grammar, not a list
of fingerprints.

`docs/waf-detectors.md` has the measured rates.
"""

from inferway.languages.sqli.detector import HIGH, LOW, Injection, find_sqli

__all__ = ["HIGH", "LOW", "Injection", "find_sqli", "is_sqli"]


def is_sqli(text: str, sensitivity: str = LOW) -> bool:
    """Whether `text` looks like SQL that was put into a statement.

    `text` is a value as an application would use it, decoded. `sensitivity` is "LOW" or "HIGH", as AWS WAF's
    SensitivityLevel (https://docs.aws.amazon.com/waf/latest/APIReference/API_SqliMatchStatement.html): HIGH also
    takes pieces of attacks, and more of what is none. Time and memory are linear in the text's length. Raises
    KeyError for any other sensitivity, and nothing else.
    """
    return find_sqli(text, sensitivity) is not None
