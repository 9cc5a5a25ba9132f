"""Imports what a daemon needs without looking for garbage among it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What is imported inside stays for ever: it is neither collected now nor looked at by any later collection."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
