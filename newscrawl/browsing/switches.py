"""How a Chromium is started that has one way out only."""

from __future__ import annotations

from typing import Any

from newscrawl.middlewares.addresses import LOOPBACK

NAME = "newscrawl-proxy.invalid"
"""What the browser knows the proxy by; no name server has it (RFC 6761, 6.4)."""
SWITCHES = (
    "--disable-shared-workers",
    "--disable-blink-features=FetchLaterAPI",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--safebrowsing-disable-auto-update",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
"""What would get past a proxy, or asks for what no page wants."""
SHUT = """
(() => {
    const none = () => null, never = async () => { throw new DOMException("", "SecurityError"); };
    Navigator.prototype.sendBeacon = () => false;
    window.open = none;
    if (window.ServiceWorkerContainer) ServiceWorkerContainer.prototype.register = never;
    if (window.Worklet) Worklet.prototype.addModule = never;
    for (const [kind, name] of [[HTMLElement, "click"], [EventTarget, "dispatchEvent"]]) {
        const own = kind.prototype[name];
        kind.prototype[name] = function (...given) {
            const loads = this instanceof Element && this.closest("[download]");
            return loads ? true : own.apply(this, given);
        };
    }
    const Own = window.Worker;
    window.Worker = function (url, given) {
        if (!/^(blob|data):/.test(url)) throw new DOMException("", "SecurityError");
        const asked = new XMLHttpRequest();
        asked.open("GET", url, false);
        asked.send();
        const shut = "for (const name of ['Worker', 'WebSocket', 'WebSocketStream']) delete self[name];";
        const code = new Blob([shut, asked.responseText], {type: "text/javascript"});
        return new Own(URL.createObjectURL(code), given);
    };
    (window.Worker.prototype = Own.prototype).constructor = window.Worker;
    for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
        delete window[name];
    new MutationObserver(changes => {
        const added = changes.flatMap(change => [...change.addedNodes]);
        added.filter(node => node.type === "speculationrules").forEach(node => node.remove());
    }).observe(document, {childList: true, subtree: true});
})();
"""
"""Taken from each page before its own scripts run.

A worker starts from code that the page has, and starts no others: the routes of a page do not see
to where the script of a worker is redirected. It has no sockets, which no route sees either: within
a connection of HTTP/2 (RFC 8441) the proxy would not see one.
"""


def launch_options(port: int) -> dict[str, Any]:
    """Return what Playwright starts the browser with: no name leads anywhere but to the proxy.

    Playwright adds ``<-loopback>`` to what may not get past a proxy. What the browser asks for by
    itself shows no secret, and gets nothing.
    """
    rules = f"MAP {NAME} {LOOPBACK}, MAP * ~NOTFOUND"
    return {
        "proxy": {"server": server(port)},
        "args": [*SWITCHES, f"--host-resolver-rules={rules}"],
    }


def server(port: int) -> str:
    return f"http://{NAME}:{port}"
