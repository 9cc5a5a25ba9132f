"""A headless Chromium, spoken to over the DevTools protocol; it writes down every request and every complaint."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.journeys.support.waiting import eventually

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (`apt-get install chromium`)")

DESKTOP, PHONE = (1280, 800), (390, 844)
START_SECONDS = 30.0
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=en-GB",
    "--remote-debugging-port=0",
)


class ScriptError(AssertionError):
    """An expression threw in the page."""


@dataclass
class Tab:
    """One page of the browser."""

    socket: aiohttp.ClientWebSocketResponse
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    transferred: dict[str, int] = field(default_factory=dict)
    """Bytes on the wire by address, with headers."""
    _answers: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, **parameters: Any) -> Any:
        number = len(self._answers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        return await asyncio.wait_for(answer, START_SECONDS)

    async def listen(self) -> None:
        """Sort what the browser says into answers and events; ends with the connection."""
        heard: dict[str, Callable[[dict[str, Any]], None]] = {
            "Network.requestWillBeSent": self._requested,
            "Network.loadingFinished": self._loaded,
            "Runtime.exceptionThrown": lambda event: self.complaints.append(json.dumps(event["exceptionDetails"])),
            "Runtime.consoleAPICalled": self._printed,
            "Log.entryAdded": self._logged,
            "Page.javascriptDialogOpening": lambda event: self.dialogs.append(event["message"]),
        }
        async for word in self.socket:
            said = json.loads(word.data)
            if "id" in said:
                answer = self._answers[said["id"]]
                if not answer.done():
                    answer.set_result(said.get("result") or said)
            elif said["method"] in heard:
                heard[said["method"]](said["params"])

    def _requested(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        self.requests.append(url)
        self._addresses[event["requestId"]] = url

    def _loaded(self, event: dict[str, Any]) -> None:
        url = self._addresses.get(event["requestId"], "")
        self.transferred[url] = self.transferred.get(url, 0) + int(event["encodedDataLength"])

    def _printed(self, event: dict[str, Any]) -> None:
        if event["type"] in ("error", "warning", "assert"):
            self.complaints.append(json.dumps(event["args"]))

    def _logged(self, event: dict[str, Any]) -> None:
        if event["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{event['entry']['text']} {event['entry'].get('url', '')}")

    @property
    def strangers(self) -> list[str]:
        """Requests that went to anybody else."""
        own = urlsplit(self.origin).netloc
        return [url for url in self.requests if urlsplit(url).scheme != "data" and urlsplit(url).netloc != own]

    async def look_like(
        self, size: tuple[int, int] = DESKTOP, *, dark: bool = False, still: bool = True, zoom: float = 1
    ) -> None:
        width, height = size
        phone = width < 600
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=zoom, mobile=phone
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def go(self, place: str) -> None:
        """Load the page at this place of it, as a link from elsewhere would."""
        await self.call("Page.navigate", url="about:blank")
        await self.call("Page.navigate", url=f"{self.origin}/{place}")
        await self.eventually("document.querySelector('main')?.getAttribute('aria-busy') === 'false'", "a first answer")

    async def run(self, expression: str) -> Any:
        """The value of an expression in the page."""
        said = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            raise ScriptError(f"{expression}: {json.dumps(said['exceptionDetails'])}")
        return said.get("result", {}).get("value")

    async def text(self, selector: str = "main") -> str:
        """What a reader sees there."""
        return str(await self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    async def eventually(self, expression: str, what: str, *, within: float = 30) -> None:
        await eventually(lambda: self.run(expression), f"{what} ({expression})", within=within)

    async def shows(self, words: str, *, within: float = 30) -> None:
        """Wait until a reader sees these words."""

        async def there() -> bool:
            return words.casefold() in (await self.text()).casefold()

        await eventually(there, f"{words!r} on the page", within=within)

    async def press(self, key: str, *, shift: bool = False) -> None:
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        common = {"key": key, "windowsVirtualKeyCode": codes.get(key, 0), "modifiers": 8 if shift else 0}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def type(self, text: str) -> None:
        await self.call("Input.insertText", text=text)

    async def search(self, wanted: str) -> None:
        """As somebody with a keyboard does."""
        await self.run("document.activeElement.blur()")
        await self.press("/")
        await self.type(wanted)
        await self.press("Enter")

    async def screenshot(self, path: Path, *, whole: bool = True) -> Path:
        """A picture of the whole page, or of what is in sight."""
        clip = await self._clip() if whole else {}
        shot = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))
        return path

    async def _clip(self) -> dict[str, Any]:
        size = (await self.call("Page.getLayoutMetrics"))["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}


@asynccontextmanager
async def a_browser(origin: str, folder: Path, size: tuple[int, int] = DESKTOP) -> AsyncIterator[Tab]:
    """A fresh one with an empty profile in `folder`, and one empty page."""
    assert CHROMIUM is not None, "Chromium is not installed"
    profile = folder / "profile"
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *FLAGS,
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            port = await eventually(lambda: _port(profile), "the browser", within=START_SECONDS)
            async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
                (target,) = [each for each in await response.json() if each["type"] == "page"]
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                tab = Tab(socket, origin)
                listening = asyncio.ensure_future(tab.listen())
                for domain in ("Page", "Runtime", "Network", "Log"):
                    await tab.call(f"{domain}.enable")
                await tab.look_like(size)
                yield tab
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        shutil.rmtree(profile, ignore_errors=True)


async def _port(profile: Path) -> str:
    """Where it listens, once it has said so."""
    said = profile / "DevToolsActivePort"
    try:
        return said.read_text().splitlines()[0]
    except (FileNotFoundError, IndexError):
        return ""
