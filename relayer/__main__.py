"""`python -m relayer` is `lockkeeper`."""

from __future__ import annotations

from relayer.entrypoints.cli import main

if __name__ == "__main__":
    main()
