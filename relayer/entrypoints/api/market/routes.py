"""All of the marketplace's routes."""

from __future__ import annotations

from fastapi import APIRouter

from relayer.entrypoints.api.market import (
    events,
    items,
    listings,
    people,
    purchases,
    quotes,
    searching,
    signing_in,
    tokens,
)

ROUTERS: tuple[APIRouter, ...] = (
    listings.router,
    items.router,
    purchases.router,
    people.router,
    tokens.router,
    searching.router,
    quotes.router,
    signing_in.router,
    events.router,
)
