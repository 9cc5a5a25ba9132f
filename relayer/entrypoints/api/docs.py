"""A page about the API that needs nothing from elsewhere: no script, no font, no content delivery network."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "code{font:.95em ui-monospace,monospace;background:#f3f3f3;padding:.1em .3em;border-radius:3px}"
    "h2{font-size:1.1rem;margin-top:2rem}dt{margin-top:.5rem}dd{color:#555}"
)


def page(openapi: dict[str, Any]) -> str:
    """Every operation with its parameters, from the OpenAPI document."""
    info = openapi["info"]
    operations = "".join(
        _operation(path, method, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f"<style>{STYLE}</style><h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"
        '<p>For programs: <a href="/openapi.json"><code>/openapi.json</code></a>. Errors are RFC 9457 problems.</p>'
        f"{operations}</html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = "".join(map(_parameter, operation.get("parameters", [])))
    link = f'<a href="{escape(path)}">' if "{" not in path else "<a>"
    return (
        f"<h2>{link}<code>{escape(method.upper())} {escape(path)}</code></a></h2>"
        f"<p>{escape(operation.get('description', ''))}</p>" + (f"<dl>{parameters}</dl>" if parameters else "")
    )


def _parameter(parameter: dict[str, Any]) -> str:
    where = "required" if parameter.get("required") else "optional"
    words = escape(parameter.get("description", ""))
    return f"<dt><code>{escape(parameter['name'])}</code> {parameter['in']}, {where}</dt><dd>{words}</dd>"
