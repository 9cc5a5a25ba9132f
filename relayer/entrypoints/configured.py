"""The configuration of a daemon, with what its command line says on top."""

from __future__ import annotations

from pathlib import Path

from relayer.config import Config, Log, load


def configured(path: Path, *, as_json: bool) -> Config:
    config = load(path)
    if not as_json:
        return config
    return config.model_copy(update={"log": Log(level=config.log.level, format="json")})
