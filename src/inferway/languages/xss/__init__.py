"""Tells text that would run a script in a page from what people, programs and models write.

A text is read as HTML's tokenizer would in the five states in which a value may land in a page (`markup`), and its
tags, attributes and addresses are judged by what they do (`names`, `urls`); text that lands in a script is looked
through for what reaches from there to the page (`scripts`).

`docs/waf-detectors.md` has the measured rates.
"""

from inferway.languages.xss.detector import Script, find_xss

__all__ = ["Script", "find_xss", "is_xss"]


def is_xss(text: str) -> bool:
    """Whether `text`, decoded as an application would use it, would run a script in a page that shows it.

    As AWS WAF's XssMatchStatement (https://docs.aws.amazon.com/waf/latest/APIReference/API_XssMatchStatement.html),
    which knows no sensitivity. Time and memory are linear in the text's length; nothing is raised.
    """
    return find_xss(text) is not None
