"""A relayer of our own beside the devnet's: another key, another database, the same lanes."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from relayer.entrypoints.devnet.accounts import account, secret
from tests.entrypoints.support import ROOT
from tests.journeys.support.devnet import Devnet

NEWCOMER = 9
"""Place of its account among those that anvil funds; the devnet itself leaves it alone."""
GRACE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Relayer:
    """One `lockkeeper run` process."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def a_relayer(devnet: Devnet, folder: Path, proofs: str = "storage") -> Iterator[Relayer]:
    """Runs while the context lasts, and must end in order then."""
    port, log = a_free_port(), folder / "relayer.log"
    config = a_config(devnet, folder, port)
    config.write_text(config.read_text().replace("[[chains]]", f'[[chains]]\nproofs = "{proofs}"'))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "relayer", "run", "--config", str(config)], stdout=output, stderr=output, cwd=ROOT
        )
        try:
            yield Relayer(process, f"http://127.0.0.1:{port}", log)
            process.terminate()
            assert process.wait(GRACE_SECONDS) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()


def a_config(devnet: Devnet, folder: Path, port: int = 0, key: bytes | None = None) -> Path:
    """The devnet's own relayer configuration, with everything of its own that two must not share."""
    text = devnet.folder.config("relayer").read_text()
    text = replaced(text, r'^id = ".*"', 'id = "newcomer"')
    text = replaced(text, r"^url = .*", f'url = "sqlite+aiosqlite:///{folder}/newcomer.db"')
    text = replaced(text, r"^path = .*", f'path = "{folder}/newcomer.key"')
    text = replaced(text, r'^\[http\]\nlisten = ".*"', f'[http]\nlisten = "127.0.0.1:{port}"')
    path, key_file = folder / "newcomer.toml", folder / "newcomer.key"
    path.write_text(text)
    key_file.touch(mode=0o600)
    key_file.write_text((key or secret(NEWCOMER)).hex())
    return path


def replaced(text: str, pattern: str, new: str) -> str:
    """The text with what the pattern finds first exchanged."""
    changed, times = re.subn(pattern, lambda _: new, text, count=1, flags=re.MULTILINE)
    assert times == 1, f"nothing matches {pattern}"
    return changed


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


newcomer = account(NEWCOMER).address
