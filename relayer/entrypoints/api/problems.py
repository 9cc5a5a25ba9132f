"""Every error is a problem document (RFC 9457) with a code that stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from relayer.domain.errors import Misconfigured, Rejected, Transient
from relayer.domain.market.form import Refused
from relayer.entrypoints.api.models import Problem

MEDIA_TYPE = "application/problem+json"
LONGEST_DETAIL = 1_000

CODES: Mapping[int, str] = {
    400: "request-malformed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    422: "request-invalid",
    429: "rate-limited",
    503: "unavailable",
}
"""Of problems that say nothing more exact."""
FAULTS: Mapping[str, str] = {
    "missing": "field-missing",
    "extra_forbidden": "field-unknown",
    "json_invalid": "json-malformed",
}
"""What a value may be beside malformed."""
STATUSES: Mapping[str, int] = {
    "cursor-invalid": 400,
    "sign-in-required": 401,
    "token-invalid": 401,
    "token-expired": 401,
    "not-the-offerer": 403,
    "listing-not-active": 409,
    "listing-hidden": 409,
    "streams-exhausted": 429,
}


def status_of(code: str) -> int:
    """Unknown things are not found, metadata depends on others, and the rest is of the asker's making."""
    if code.endswith("-unknown") and code != "field-unknown":
        return 404
    return 424 if code.startswith("metadata-") else STATUSES.get(code, 422)


def problem(status: int, detail: str, code: str | None = None) -> JSONResponse:
    """What is wrong, in words that can be written down whatever was asked."""
    words = detail.encode("utf-8", "backslashreplace").decode()[:LONGEST_DETAIL]
    said = code or CODES.get(status, HTTPStatus(status).phrase.lower().replace(" ", "-"))
    document = Problem(title=HTTPStatus(status).phrase, status=status, detail=words, code=said)
    return JSONResponse(document.model_dump(by_alias=True), status_code=status, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How an operation says in OpenAPI which problems it has."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": {
                        "type": "about:blank",
                        "title": HTTPStatus(status).phrase,
                        "status": status,
                        "detail": "what is wrong, in words",
                        "code": CODES.get(status, "a-code-that-stays"),
                    },
                }
            },
        }
        for status in statuses
    }


def answer_with_problems(app: FastAPI) -> None:
    handlers: dict[type[Exception], Callable[[Request, Any], Any]] = {
        HTTPException: _http,
        RequestValidationError: _invalid,
        Refused: _refused,
        Rejected: _rejected,
        Transient: _unavailable,
        Misconfigured: _unavailable,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def document(app: FastAPI) -> None:
    """Put the problem's form where operations refer to it, in place of the framework's own."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        said = made()
        schemas = said.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:
            schemas["Problem"] = Problem.model_json_schema(by_alias=True)
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
        return said

    app.openapi = openapi  # type: ignore[method-assign]


async def _http(_request: Request, trouble: HTTPException) -> JSONResponse:
    answer = problem(trouble.status_code, str(trouble.detail))
    answer.headers.update(trouble.headers or {})
    return answer


async def _invalid(_request: Request, trouble: RequestValidationError) -> JSONResponse:
    """The code is that of the first fault; ours have a hyphen, pydantic's own do not."""
    faults = trouble.errors()
    detail = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in faults)
    kind = faults[0]["type"] if faults else ""
    return problem(422, detail, kind if "-" in kind else FAULTS.get(kind, CODES[422]))


async def _refused(_request: Request, trouble: Refused) -> JSONResponse:
    answer = problem(status_of(trouble.code), str(trouble), trouble.code)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


async def _rejected(_request: Request, trouble: Rejected) -> JSONResponse:
    return problem(422, str(trouble), "refused-on-chain")


async def _unavailable(_request: Request, trouble: Exception) -> JSONResponse:
    return problem(503, str(trouble))
