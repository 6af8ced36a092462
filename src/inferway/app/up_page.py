"""The page that `inferway up` serves beside its API: what to call, and how; it asks nothing of other servers."""

import base64
import hashlib
import html
import shlex
from typing import Final

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: CanvasText }
html { color-scheme: light dark; background: Canvas }
pre { padding: 1rem; overflow-x: auto; border: 1px solid GrayText; border-radius: 6px }
table { border-collapse: collapse } td, th { text-align: left; padding: .25rem 1.5rem .25rem 0; vertical-align: top }
"""

_SCRIPT: Final = 'document.getElementById("origin").textContent = location.origin'


def _source(text: str) -> str:
    """Give a policy's word for one inline text (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src {_source(_STYLE)}; script-src {_source(_SCRIPT)}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Lets the page's own style and script run, and nothing else."""

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{name}</h1>
<p>A prediction of the model <strong>{name}</strong> for a JSON body, with an API key.</p>
<pre><code>{before}<span id="origin"></span>{path}/predict</code></pre>
<p>{note}</p>
<table>
<tr><th scope="row">Limit for each key</th><td>{limit}</td></tr>
<tr><th scope="row">400</th><td>the model cannot read the body</td></tr>
<tr><th scope="row">403</th><td>the key is missing or unknown</td></tr>
<tr><th scope="row">429</th><td>the limit is reached; try again later</td></tr>
<tr><th scope="row">500, 504</th><td>the model failed, or did not answer in time</td></tr>
</table>
<p><a href="{path}/openapi.json">OpenAPI document</a></p>
</main>
<script>{script}</script>
</body>
</html>
"""


def page(name: str, path: str, example: str, limit: str) -> str:
    """Give the page as HTML that may stand in a template's literal, which it cannot end."""
    words = ("curl", "-H", "x-api-key: YOUR-KEY", "-H", "content-type: application/json", "-d", example or "{}")
    note = "The body is the model's own example." if example else "{} stands for a body that the model takes."
    texts = {"name": name, "before": f"{shlex.join(words)} ", "path": path, "note": note, "limit": limit}
    escaped = {key: html.escape(text).replace("]]#", "]]&num;") for key, text in texts.items()}
    return _PAGE.format(style=_STYLE, script=_SCRIPT, **escaped)
