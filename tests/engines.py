"""Browsers that Playwright cannot lead: Chromium 83, near the floor, and Firefox ESR.

Each speaks JSON over a WebSocket: Chromium 83, which QtWebEngine 5.15.2 is made of, the DevTools
protocol; Firefox WebDriver BiDi. A page is opened and asked, and no more.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.machine import find_firefox

PATIENCE = 60
"""Seconds after which an engine that does not answer is given up."""
WIDTH, HEIGHT = 360, 740
VIEW = f"""
import sys
from PyQt5.QtCore import QUrl
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineProfile, QWebEngineView
from PyQt5.QtWidgets import QApplication

app = QApplication(sys.argv)
page = QWebEnginePage(QWebEngineProfile(app), app)
view = QWebEngineView()
view.setPage(page)
view.resize({WIDTH}, {HEIGHT})
view.load(QUrl("about:blank"))
view.show()
app.exec_()
"""
VIEW_SETTINGS = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_QUICK_BACKEND": "software",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --no-sandbox",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
}
LISTENING = re.compile(r"listening on (ws://\S+)")
STARTED = "document.getElementById('js') && import(js.href).then(() => 0, () => 0)"
"""What is done once a page's script, which comes after the first paint, has come or failed."""


class Wire:
    """Numbered questions and their answers over a WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)

    def call(self, method: str, params: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Ask, and return the answer; what is told meanwhile is passed over.

        Raises:
            AssertionError: the browser refuses, with its words.
        """
        number = next(self._numbers)
        question = {"id": number, "method": method, "params": params, **more}
        self._connection.send(json.dumps(question))
        answer = self.wait_for(lambda message: message.get("id") == number)
        assert "result" in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def wait_for(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the next message that fits."""
        while True:
            message: dict[str, Any] = json.loads(self._connection.recv(timeout=PATIENCE))
            if fits(message):
                return message


@dataclass(frozen=True)
class Engine:
    """One page of a browser.

    Args:
        open_address: opens an address and waits for the page.
        evaluate: returns the text that a JavaScript expression gives, awaited.
        before: adds a script that runs before those of every page.
    """

    open_address: Callable[[str], None]
    evaluate: Callable[[str], str]
    before: Callable[[str], None]

    def go(self, address: str) -> None:
        """Open an address and wait for the page and its script."""
        self.open_address(address)
        self.ask(STARTED)

    def ask(self, expression: str) -> Any:
        """Return what a JavaScript expression gives, a promise's value where it is one."""
        told = "(it) => JSON.stringify(it === undefined ? null : it)"
        return json.loads(self.evaluate(f"Promise.resolve({expression}).then({told})"))


@contextmanager
def chromium_83() -> Iterator[Engine]:
    """Give a page of Chromium 83, which comes with the environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {**VIEW_SETTINGS, "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{port}"}
    with (
        _running([sys.executable, "-c", VIEW], settings) as address,
        connect(address, max_size=None, ping_interval=None, compression=None) as link,
    ):
        wire = Wire(link)
        [page] = [
            one["targetId"]
            for one in wire.call("Target.getTargets", {})["targetInfos"]
            if one["type"] == "page"
        ]
        attached = wire.call("Target.attachToTarget", {"targetId": page, "flatten": True})
        session = {"sessionId": attached["sessionId"]}
        wire.call("Page.enable", {}, **session)
        screen = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        wire.call("Emulation.setDeviceMetricsOverride", screen, **session)

        def go(address: str) -> None:
            wire.call("Page.navigate", {"url": address}, **session)
            wire.wait_for(lambda message: message.get("method") == "Page.loadEventFired")

        def evaluate(expression: str) -> str:
            options = {"expression": expression, "awaitPromise": True, "userGesture": True}
            found = wire.call("Runtime.evaluate", options, **session)
            assert "exceptionDetails" not in found, found
            return str(found["result"]["value"])

        def before(script: str) -> None:
            wire.call("Page.addScriptToEvaluateOnNewDocument", {"source": script}, **session)

        yield Engine(go, evaluate, before)


@contextmanager
def firefox() -> Iterator[Engine]:
    """Give a page of the system's Firefox."""
    program = find_firefox()
    assert program, "no Firefox: run `python3 -m scripts test`, which brings one"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [str(program), "--headless", "--no-remote", "--profile", profile]
        command += ["--remote-debugging-port", "0"]
        with (
            _running(command, {}) as address,
            connect(
                f"{address}/session", max_size=None, ping_interval=None, compression=None
            ) as link,
        ):
            wire = Wire(link)
            wire.call("session.new", {"capabilities": {}})
            page = wire.call("browsingContext.getTree", {})["contexts"][0]
            here = {"context": page["context"]}
            screen = {"width": WIDTH, "height": HEIGHT}
            wire.call("browsingContext.setViewport", {**here, "viewport": screen})

            def go(address: str) -> None:
                wire.call("browsingContext.navigate", {**here, "url": address, "wait": "complete"})

            def evaluate(expression: str) -> str:
                options = {"expression": expression, "awaitPromise": True, "userActivation": True}
                found = wire.call("script.evaluate", {**options, "target": here})
                assert found["type"] == "success", found
                return str(found["result"]["value"])

            def before(script: str) -> None:
                function = f"() => {{ {script} }}"
                wire.call("script.addPreloadScript", {"functionDeclaration": function})

            yield Engine(go, evaluate, before)


@contextmanager
def _running(command: list[str], settings: Mapping[str, str]) -> Iterator[str]:
    """Start a browser and give the address at which it listens; end it afterwards."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    try:
        assert process.stderr
        lines = []
        for line in process.stderr:
            lines.append(line)
            if found := LISTENING.search(line):
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield found[1]
                return
        raise AssertionError(f"the browser ended: {''.join(lines)}")
    finally:
        process.kill()
        process.wait()
