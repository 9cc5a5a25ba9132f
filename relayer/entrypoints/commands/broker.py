"""`lockkeeper broker`: the embedded MQTT broker alone."""

from __future__ import annotations

import rich_click as click

from relayer.entrypoints.output import json_option, show


@click.command()
@click.option("--listen", default="127.0.0.1:1883", show_default=True, metavar="HOST:PORT", help="Port 0: any.")
@json_option
def command(listen: str, as_json: bool) -> None:
    """Run the embedded broker until it is told to stop."""
    from relayer.adapters.mqtt.embedded import embedded_broker
    from relayer.entrypoints.listening import address
    from relayer.entrypoints.running import run, told_to_stop

    async def serve() -> None:
        host, port = address(listen)
        async with embedded_broker(host, port, key="--listen") as chosen:
            url = f"mqtt://{host}:{chosen}"
            show({"url": url}, as_json=as_json, human=lambda out: out.print(url))
            await told_to_stop()

    run(serve())
