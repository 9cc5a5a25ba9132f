"""How each process of a devnet would be started by hand: `lockkeeper …`."""

from __future__ import annotations

from collections.abc import Mapping

from relayer.entrypoints.devnet.anvil import BLOCK_SECONDS
from relayer.entrypoints.devnet.consensus import Makeup
from relayer.entrypoints.devnet.folder import CHAINS, Folder


def command_of(name: str, folder: Folder, made: Makeup, ports: Mapping[str, int]) -> list[str]:
    """The arguments of the part that has this name."""
    root, config = str(folder.root), str(folder.config("relayer"))
    if "-validator-" in name or name in CHAINS:
        return _sealing(name, folder, made, ports)
    if name in made.attesters:
        return ["attest", "--config", str(folder.config(name))]
    commands = {
        "deploy": ["devnet", "deploy", "--folder", root],
        "keeper": ["devnet", "keep", "--folder", root],
        "broker": ["broker", "--listen", f"127.0.0.1:{ports['broker']}"],
        "relayer": ["run", "--config", config],
        "api": ["api", "--config", config, "--listen", f"127.0.0.1:{ports['api']}"],
    }
    return commands[name]


def _sealing(name: str, folder: Folder, made: Makeup, ports: Mapping[str, int]) -> list[str]:
    """A sealed chain's node, or one of its validators."""
    chain = name.partition("-validator-")[0]
    common = ["--consensus", made.of(chain).value, "--listen", f"127.0.0.1:{ports[name]}"]
    if name != chain:
        own = ["--key", str(folder.key(name)), "--memory", str(folder.memory(name)), "--chain", str(CHAINS[chain])]
        return ["devnet", "validate", *common, *own]
    execution = ["--anvil", f"http://127.0.0.1:{ports[made.execution(chain)]}"]
    validators = ",".join(f"http://127.0.0.1:{ports[each]}" for each in made.validators(chain))
    served = ["--journal", str(folder.memory(name)), "--block-seconds", str(float(BLOCK_SECONDS))]
    return ["devnet", "seal", *common, *execution, "--validators", validators, *served]
