"""Velocity Template Language: Apache Velocity 1.7 as the API managers run it, compiled to Python.

`compile_template(source, profile).render(context)` is all that most callers need. The profiles: `velocity17` (stock),
`apigateway` (Amazon API Gateway mapping templates), `appsync` (AWS AppSync resolver templates). Host objects such as
`$input` carry tables of what a template may call: see `inferway.languages.vtl.members.dispatch`.
"""

from __future__ import annotations

from inferway.languages.vtl.errors import VtlError
from inferway.languages.vtl.limits import Limits
from inferway.languages.vtl.template import Outcome, Template, compile_template
from inferway.languages.vtl.text import java_text, json_text
from inferway.languages.vtl.values import JavaArray, JavaFailure, JavaHashMap, JavaLong, JsonList

__all__ = [
    "JavaArray",
    "JavaFailure",
    "JavaHashMap",
    "JavaLong",
    "JsonList",
    "Limits",
    "Outcome",
    "Template",
    "VtlError",
    "compile_template",
    "java_text",
    "json_text",
]
