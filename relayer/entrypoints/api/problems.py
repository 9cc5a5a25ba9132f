"""Every error is a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from relayer.domain.errors import Misconfigured, Transient
from relayer.entrypoints.api.models import Problem

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str) -> JSONResponse:
    document = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(document.model_dump(by_alias=True), status_code=status, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How an operation says in OpenAPI which problems it has."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"model": Problem, "description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


def answer_with_problems(app: FastAPI) -> None:
    handlers: dict[type[Exception], Callable[[Request, Any], Any]] = {
        HTTPException: _http,
        RequestValidationError: _invalid,
        Transient: _unavailable,
        Misconfigured: _unavailable,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _http(_request: Request, trouble: HTTPException) -> JSONResponse:
    answer = problem(trouble.status_code, str(trouble.detail))
    answer.headers.update(trouble.headers or {})
    return answer


async def _invalid(_request: Request, trouble: RequestValidationError) -> JSONResponse:
    faults = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in trouble.errors())
    return problem(422, faults)


async def _unavailable(_request: Request, trouble: Exception) -> JSONResponse:
    return problem(503, str(trouble))
