"""Burst: 500 ERC-20 are mined, then the relayer is started; how long, how much CPU, how much memory.

Over a lane whose headers attesters vouch for, and over one whose headers four QBFT validators seal.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from light_clients.types import Address
from relayer.entrypoints.deployment.plan import Creation, creation
from relayer.entrypoints.devnet.accounts import BOB, account
from relayer.entrypoints.devnet.folder import CHAINS, Folder
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending import assets
from relayer.entrypoints.sending.travel import Place
from tests.bench.devnet import Crowd, Payload, created, devnet, environment, nonce_at, places
from tests.bench.figures import Figure
from tests.bench.machine import ROOT

METHOD = (
    "burst    500 ERC-20 from harbour to island mined first; then the relayer starts as a process (bytecode warm, the "
    "database empty) at a random moment of the block; wall: start of the process → last delivery visible on the chain; "
    "CPU: user + system until its end by SIGTERM; memory: VmHWM; median of 3 runs, each on a fresh devnet"
)
METHOD_QBFT = "         the same between chains of four QBFT validators each, every validator a process of its own"
RUNS = 3
BURST = 500
SEED = 20_26
AMOUNT = 10**18
SEND_GAS = 160_000
FIRST_SEND_GAS = 400_000
POLL_SECONDS = 0.01
PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Run:
    """What one burst took."""

    wall: float
    cpu: float
    rss_mb: float
    transactions: int
    blocks: int
    block_gas_share: float
    rpc_calls: int


def measure() -> list[Figure]:
    return _measured("committee", "burst500.")


def measure_qbft() -> list[Figure]:
    return _measured("qbft", "burst500.qbft_")


def _measured(consensus: str, prefix: str) -> list[Figure]:
    moments = random.Random(SEED)
    runs = [asyncio.run(one_run(consensus, moments.random())) for _ in range(RUNS)]
    for run in runs:
        print(
            f"burst    {consensus}: wall {run.wall:.2f} s, CPU {run.cpu:.2f} s, {run.rss_mb:.0f} MB, "
            f"{run.transactions} transactions in {run.blocks} block(s), {run.rpc_calls} RPC round trips"
        )

    def median(name: str) -> float:
        return round(float(statistics.median(getattr(run, name) for run in runs)), 3)

    return [
        Figure(f"{prefix}wall_s", median("wall"), "s", "from the start of the process"),
        Figure(f"{prefix}cpu_s", median("cpu"), "s", "start-up and end included"),
        Figure(f"{prefix}rss_mb", median("rss_mb"), "MB", "high-water mark"),
        Figure(f"{prefix}transactions", int(median("transactions")), "transactions"),
        Figure(f"{prefix}block_gas_share", median("block_gas_share"), "of a block", "gas of the deliveries"),
        Figure(f"{prefix}rpc_per_message", round(median("rpc_calls") / BURST, 4), "round trips", "all three chains"),
    ]


async def one_run(consensus: str, moment: float) -> Run:
    with devnet("relayer", consensus=consensus) as folder:
        async with aiohttp.ClientSession() as session:
            where = places(folder, session)
            last = await mine_burst(where["harbour"])
            await asyncio.sleep(moment)
            run = await timed(folder, where["island"], session, last)
            await check(where["island"])
            return run


def token_sent() -> Creation:
    return creation("SampleERC20", "Pebble", "PBL", name="SampleERC20/burst")


async def mine_burst(harbour: Place) -> int:
    """Mint one token, and send it 500 times; the nonce of the last message (the first describes the token)."""
    crowd, custody, bob = Crowd(harbour), harbour.addresses.asset_gateway, account(BOB).address
    token, sample, me = token_sent(), artifact("SampleERC20"), str(crowd.account.address)
    send = assets.send_erc20(token.address, CHAINS["island"], bob, AMOUNT)
    await crowd.settle(
        [
            created(token),
            Payload(token.address, sample.call("mint", me, BURST * AMOUNT), 100_000),
            Payload(token.address, assets.approve_erc20(custody, BURST * AMOUNT), 100_000),
            Payload(custody, send, FIRST_SEND_GAS),
        ]
    )
    await crowd.settle([Payload(custody, send, SEND_GAS)] * (BURST - 1))
    return await nonce_at(harbour, "outbound", CHAINS["island"])


async def timed(folder: Folder, island: Place, session: aiohttp.ClientSession, last: int) -> Run:
    started = time.monotonic()
    daemon = start(folder)
    try:
        await delivered(island, last, daemon)
        wall = time.monotonic() - started
        rss = high_water_mb(daemon.pid)
        calls = await rpc_calls(folder, session)
    finally:
        cpu = stop(daemon)
    receipts = await deliveries(island)
    gas = sum(int(receipt["gasUsed"], 16) for receipt in receipts)
    blocks = {receipt["blockNumber"] for receipt in receipts}
    limit = int((await island.node.rpc("eth_getBlockByNumber", "latest", False))["gasLimit"], 16)
    return Run(wall, cpu, rss, len(receipts), len(blocks), gas / limit / len(blocks), calls)


def start(folder: Folder) -> subprocess.Popen[bytes]:
    with folder.log("bench-relayer").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "relayer", "run", "--config", str(folder.config("relayer"))],
            cwd=ROOT,
            env=environment(),
            stdout=log,
            stderr=log,
        )


def stop(daemon: subprocess.Popen[bytes]) -> float:
    """End it as an operator would; the CPU seconds of its whole life."""
    daemon.send_signal(signal.SIGTERM)
    _, status, usage = os.wait4(daemon.pid, 0)
    daemon.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


async def delivered(island: Place, last: int, daemon: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await nonce_at(island, "inbound", CHAINS["harbour"]) < last:
            if os.waitid(os.P_PID, daemon.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):  # noqa: ASYNC222 - WNOHANG
                raise RuntimeError("the relayer has ended before its work was done")
            await asyncio.sleep(POLL_SECONDS)


async def deliveries(island: Place) -> list[Mapping[str, Any]]:
    """The receipts of the delivering transactions."""
    topics = [str(artifact("Gateway").topic("BatchDelivered"))]
    wanted = {"address": str(island.addresses.gateway), "fromBlock": "0x0", "topics": topics}
    hashes = dict.fromkeys(log["transactionHash"] for log in await island.node.rpc("eth_getLogs", wanted))
    receipts: list[Mapping[str, Any]] = await island.node.batch([("eth_getTransactionReceipt", [h]) for h in hashes])
    return receipts


async def check(island: Place) -> None:
    """Every coin has arrived."""
    home, token, bob = CHAINS["harbour"], str(token_sent().address), str(account(BOB).address)
    gateway, coin = artifact("AssetGateway"), artifact("SampleERC20")
    answer = await island.node.view(island.addresses.asset_gateway, gateway.call("wrappedERC20", home, token))
    wrapped = Address.from_hex(gateway.result("wrappedERC20", answer, arguments=2)[0])
    (balance,) = coin.result("balanceOf", await island.node.view(wrapped, coin.call("balanceOf", bob)), arguments=1)
    if balance != BURST * AMOUNT:
        raise RuntimeError(f"{balance / AMOUNT:g} of {BURST} coins have arrived")


def high_water_mb(pid: int) -> float:
    """The most memory that was ever resident. (`ru_maxrss` would count what the forking parent held.)"""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


async def rpc_calls(folder: Folder, session: aiohttp.ClientSession) -> int:
    async with session.get(folder.read().urls()["metrics"]) as response:
        metrics = await response.text()
    return sum(int(float(n)) for n in re.findall(r"^lockkeeper_rpc_seconds_count\{.*\} (\S+)$", metrics, re.MULTILINE))
