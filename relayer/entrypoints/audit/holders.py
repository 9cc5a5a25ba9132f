"""Who stands behind an address: a key, a contract that we know and whoever moves it, or code that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from light_clients.types import ZERO_ADDRESS, Address, ChainId
from relayer.adapters.evm.abi import interoperable
from relayer.entrypoints.audit.findings import ChainReport, Holder
from relayer.entrypoints.audit.reading import Reading
from relayer.entrypoints.deployment.addresses import Addresses, Governors
from relayer.entrypoints.deployment.handover import NO_ROLE

ANYBODY = Holder(ZERO_ADDRESS, "anybody")
DELEGATED = bytes.fromhex("ef0100")
"""What the code of a key that has delegated begins with (EIP-7702): it is a key all the same."""
TIMELOCKS = ("TimelockController", "RemoteTimelock")


class Holders:
    """The accounts of one chain; it follows a message's way back to the chain that the DAO is on."""

    def __init__(
        self, reading: Reading, addresses: Addresses, report: ChainReport, everywhere: Mapping[ChainId, Holders]
    ) -> None:
        assert addresses.governors is not None
        self._reading = reading
        self._addresses = addresses
        self._governors: Governors = addresses.governors
        self._report = report
        self._everywhere = everywhere
        self._contracts = {address: name for name, address in self._governors.contracts.items()}
        self._known: dict[Address, Holder] = {}

    def accounts(self) -> set[Address]:
        """Everybody that the address file names."""
        named = self._governors
        market = self._addresses.market
        sells = market.contracts().values() if market else ()
        contracts = {*named.contracts.values(), self._addresses.gateway, self._addresses.asset_gateway, *sells}
        return {named.deployer, *contracts, *named.guardians, *named.updaters, *named.proposers}

    async def describe(self, account: Address) -> Holder:
        """Each is read once, and its faults are told once."""
        if account not in self._known:
            self._known[account] = Holder(account, "seen already")
            self._known[account] = await self._described(account)
        return self._known[account]

    async def _described(self, account: Address) -> Holder:
        if account == ZERO_ADDRESS:
            return ANYBODY
        code = await self._reading.code(account)
        if not code or code.startswith(DELEGATED):
            return Holder(account, "key")
        name = self._contracts.get(account, "unknown code")
        if name in TIMELOCKS:
            return await self._timelock(account, name)
        if name == "CrosschainRemoteExecutor":
            return await self._executor(account)
        if name == "LockkeeperGovernor":
            return await self._governor(account)
        return Holder(account, name)

    async def _timelock(self, where: Address, name: str) -> Holder:
        delay = await self._reading.one(where, name, "getMinDelay")
        if not delay:
            self._report.critical("TimelockUndelayed", f"{name} {where} lets nothing wait")
        members = {
            role: await self._with_role(where, name, role)
            for role in ("PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE")
        }
        for account in await self._members(where, name, NO_ROLE):
            if account != where:
                self._report.critical("TimelockAdministered", f"{account} gives and takes the roles of {name} {where}")
        meant = self._proposers()
        for role, does in (("PROPOSER_ROLE", "proposes to"), ("CANCELLER_ROLE", "vetoes what waits in")):
            for account in members[role]:
                if account not in meant:
                    title = "UnknownProposer" if role == "PROPOSER_ROLE" else "UnknownCanceller"
                    self._report.critical(title, f"{account} {does} {name} {where}, and nobody named it")
        by = [await self.describe(account) for account in members["PROPOSER_ROLE"]]
        note = await self._council(where) if name == "RemoteTimelock" else ""
        return Holder(where, name, delay, tuple(by), note)

    def _proposers(self) -> set[Address]:
        """Who was meant to propose to this chain's timelock."""
        named = self._governors
        if named.kind == "timelock":
            return set(named.proposers)
        contract = "LockkeeperGovernor" if named.home == self._addresses.chain else "CrosschainRemoteExecutor"
        return {named.contracts[contract]}

    async def _with_role(self, where: Address, name: str, role: str) -> Sequence[Address]:
        return await self._members(where, name, await self._reading.one(where, name, role))

    async def _members(self, where: Address, name: str, role: bytes) -> Sequence[Address]:
        """Whom logs and the address file name, and the timelock confirms."""
        logs = await self._reading.logs(where, name, "RoleGranted")
        candidates = {Address.from_hex(values["account"]) for _, values in logs} | self.accounts() | {ZERO_ADDRESS}
        return [each for each in sorted(candidates) if await self._reading.one(where, name, "hasRole", role, str(each))]

    async def _council(self, where: Address) -> str:
        """Who may mend the lane that governance comes over, and whether somebody is about to."""
        council = await self._reading.address(where, "RemoteTimelock", "council")
        days = await self._reading.one(where, "RemoteTimelock", "rescueDelay") / 86_400
        rescue, due = await self._reading.view(where, "RemoteTimelock", "proposedRescue")
        if any(rescue):
            words = f"{council} will replace the light client of the lane from home after {due}, unless it is alive"
            self._report.warning("RescueProposed", words)
        home = await self._reading.one(where, "RemoteTimelock", "home")
        for view, expected in (("gateway", self._addresses.gateway), ("authority", self._addresses.access_manager)):
            if await self._reading.address(where, "RemoteTimelock", view) != expected:
                self._report.critical(
                    "TimelockMisled", f"the {view} of RemoteTimelock {where} is not this deployment's"
                )
        if home != self._governors.home:
            self._report.critical("TimelockMisled", f"RemoteTimelock {where} is at home on chain {home}")
        if council == ZERO_ADDRESS:
            self._report.warning("NobodyRescues", "once the lane from home is dead, nobody can mend it")
            return "nobody mends a dead lane"
        kind = (await self.describe(council)).kind
        return f"a dead lane is mended by {kind} {council} after {days:g}d"

    async def _executor(self, where: Address) -> Holder:
        name = "CrosschainRemoteExecutor"
        chain, controller = interoperable(await self._reading.one(where, name, "controller"))
        home = self._everywhere.get(chain)
        governor = None if home is None else home.governor()
        if await self._reading.address(where, name, "gateway") != self._addresses.gateway:
            self._report.critical("ExecutorMisled", f"{name} {where} obeys another gateway")
        if chain != self._governors.home or (governor is not None and controller != governor):
            self._report.critical("ExecutorMisled", f"{name} {where} obeys {controller} of chain {chain}")
        if home is None:
            self._report.warning("HomeUnread", f"chain {chain} governs, and is not among those that were read")
            return Holder(where, name, by=(Holder(controller, f"account of chain {chain}"),))
        return Holder(where, name, by=(await home.describe(controller),))

    def governor(self) -> Address | None:
        return self._governors.contracts.get("LockkeeperGovernor")

    async def _governor(self, where: Address) -> Holder:
        name, votes = "LockkeeperGovernor", "LockkeeperVotes"
        timelock = await self._reading.address(where, name, "timelock")
        token = await self._reading.address(where, name, "token")
        for found, contract in ((timelock, "TimelockController"), (token, votes)):
            if found != self._governors.contracts[contract]:
                self._report.critical("GovernorMisled", f"{name} {where} works with {found}, not with the {contract}")
        waits = [await self._reading.one(where, name, each) for each in ("votingDelay", "votingPeriod")]
        supply = await self._reading.one(token, votes, "totalSupply")
        logs = await self._reading.logs(token, votes, "Transfer", "DelegateVotesChanged")
        people = {Address.from_hex(values[key]) for _, values in logs for key in ("to", "delegate") if key in values}
        strong = 0
        for account in sorted(people):
            held = await self._reading.one(token, votes, "balanceOf", str(account))
            cast = await self._reading.one(token, votes, "getVotes", str(account))
            strong += bool(held or cast)
            if 2 * max(held, cast) > supply:
                self._report.warning("VotesConcentrated", f"{account} has more than half of all votes")
        note = f"{strong} accounts with votes"
        return Holder(where, name, sum(waits), note=note)
