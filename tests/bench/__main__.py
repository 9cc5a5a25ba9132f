"""`python -m tests.bench`: measures gas, latency and throughput, says on what, and writes build/bench.json."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from tests.bench import api, burst, gas, index, latency, light_clients, page, purchase
from tests.bench.figures import Figure, show, write
from tests.bench.machine import ROOT, description

MEASURES: dict[str, tuple[str, Callable[[], list[Figure]]]] = {
    "gas": (gas.METHOD, gas.measure),
    "python": (light_clients.METHOD, light_clients.measure),
    "latency": (latency.METHOD, latency.measure),
    "latency-mixed": (latency.METHOD_MIXED, latency.measure_mixed),
    "index": (index.METHOD, index.measure),
    "purchase": (purchase.METHOD, purchase.measure),
    "purchase-mixed": (purchase.METHOD_MIXED, purchase.measure_mixed),
    "page": (page.METHOD, page.measure),
    "burst": (burst.METHOD, burst.measure),
    "burst-qbft": (burst.METHOD_QBFT, burst.measure_qbft),
    "api": (api.METHOD, api.measure),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=MEASURES, help="measure this alone; the file keeps the other figures")
    only: str | None = parser.parse_args().only
    header = description()
    figures: list[Figure] = []
    failed = False
    for name, (method, measure) in MEASURES.items():
        if only in (None, name):
            header.append(method)
            try:
                figures += measure()
            except gas.Missing as trouble:
                print(f"{name}: {trouble}", file=sys.stderr)
                failed = True
    write(figures, ROOT / "build" / "bench.json")
    show(figures, header)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
