"""Ways by which a script may have a browser ask for something: JavaScript that is given a URL ``t``.

``h(t)`` is a URL of the site itself that answers with a redirect to ``t``; ``ws(t)`` is ``t`` for a
socket; ``worker(code)`` starts a worker of that code; ``add(tag, attributes)`` puts an element
into the page.
"""

from __future__ import annotations

HELP = """
const h = t => location.origin + '/hop?to=' + encodeURIComponent(t);
const ws = t => t.replace(/^http/, 'ws');
const blob = code => URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
const worker = (code, more) => new Worker(blob(code), more);
const add = (tag, given, where = document.body) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  return where.appendChild(made);
};
const bare = () => add('iframe', {}).contentWindow;
"""
FETCHING = {
    "fetch": "fetch(t)",
    "fetch302": "fetch(h(t))",
    "fetchnocors": "fetch(t, {mode: 'no-cors'})",
    "fetchpost": "fetch(t, {method: 'POST', mode: 'no-cors', body: 'x'})",
    "fetchpost307": "fetch(h(t) + '&status=307', {method: 'POST', mode: 'no-cors', body: 'x'})",
    "fetchsame302": "fetch(h(t), {mode: 'same-origin'})",
    "fetchoptions": "fetch(t, {method: 'PUT', headers: {'X-Own': '1'}})",
    "fetchlocal": "fetch(t, {targetAddressSpace: 'local'}); fetch(t, {targetAddressSpace: 'loopback'})",
    "keepalive": "fetch(t, {keepalive: true, mode: 'no-cors'})",
    "keepalive302": "fetch(h(t), {keepalive: true, mode: 'no-cors'})",
    "fetchlater": "fetchLater(t, {activateAfter: 0})",
    "fetchframe": "bare().fetch(t, {mode: 'no-cors'})",
    "fetchtopics": "fetch(t, {browsingTopics: true, mode: 'no-cors'})",
    "fetchagain": "setInterval(() => fetch(t, {mode: 'no-cors'}), 200)",
    "xhr": "{ const x = new XMLHttpRequest(); x.open('GET', t); x.send(); }",
    "xhr302": "{ const x = new XMLHttpRequest(); x.open('GET', h(t)); x.send(); }",
    "xhrsync302": "{ const x = new XMLHttpRequest(); x.open('GET', h(t), false); x.send(); }",
    "xhrpreflight": "{ const x = new XMLHttpRequest(); x.open('PUT', t); x.setRequestHeader('X-Own', '1'); x.send(); }",
    "beacon": "navigator.sendBeacon(t, 'x')",
    "beaconframe": "bare().navigator.sendBeacon(t, 'x')",
    "beacon302": "bare().navigator.sendBeacon(h(t) + '&status=307', 'x')",
    "eventsource": "new EventSource(t)",
    "eventsource302": "new EventSource(h(t))",
    "unload": "addEventListener('pagehide', () => { navigator.sendBeacon(t); fetch(t, {keepalive: true}); })",
    "unloadframe": "{ const f = bare(); f.addEventListener('pagehide', () => f.fetch(t, {keepalive: true})); }",
}
SOCKETS = {
    "websocket": "new WebSocket(ws(t))",
    "websocketframe": "new (bare().WebSocket)(ws(t))",
    "websocketstream": "new WebSocketStream(ws(t))",
    "workersocket": "worker(`new WebSocket('${ws(t)}')`)",
    "workersocket302": "worker(`new WebSocket('${ws(h(t))}')`)",
    "sharedsocket": "new SharedWorker(blob(`new WebSocket('${ws(t)}')`))",
    "webtransport": "new WebTransport(t.replace('http:', 'https:'))",
    "workertransport": "worker(`new WebTransport('${t.replace('http:', 'https:')}')`)",
    "stun": "{ const u = new URL(t); const c = new RTCPeerConnection({iceServers: [{urls: `stun:${u.hostname}:${u.port || 3478}`}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)); }",
    "turnudp": "{ const u = new URL(t); const c = new RTCPeerConnection({iceServers: [{urls: `turn:${u.hostname}:${u.port || 3478}`, username: 'a', credential: 'b'}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)); }",
    "turntcp": "{ const u = new URL(t); const c = new RTCPeerConnection({iceServers: [{urls: `turn:${u.hostname}:${u.port || 80}?transport=tcp`, username: 'a', credential: 'b'}], iceTransportPolicy: 'relay'}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)); }",
    "stunframe": "{ const u = new URL(t); const c = new (bare().RTCPeerConnection)({iceServers: [{urls: `stun:${u.hostname}:${u.port || 3478}`}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)); }",
    "candidate": "{ const u = new URL(t); const c = new RTCPeerConnection(); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)).then(() => c.addIceCandidate({candidate: `candidate:1 1 udp 2122 ${u.hostname} ${u.port || 80} typ host`, sdpMLineIndex: 0})); }",
    "directsocket": "new TCPSocket(new URL(t).hostname, Number(new URL(t).port || 80))",
}
WORKERS = {
    "workerfetch": "worker(`fetch('${t}', {mode: 'no-cors'})`)",
    "workerfetch302": "worker(`fetch('${h(t)}', {mode: 'no-cors'})`)",
    "workerkeepalive": "worker(`fetch('${t}', {mode: 'no-cors', keepalive: true})`)",
    "workerxhr302": "worker(`const x = new XMLHttpRequest(); x.open('GET', '${h(t)}'); x.send()`)",
    "workerimport": "worker(`importScripts('${t}')`)",
    "workerimport302": "worker(`importScripts('${h(t)}')`)",
    "workerevents": "worker(`new EventSource('${t}')`)",
    "workermodule": "worker(`import '${t}'`, {type: 'module'})",
    "workerdynamic": "worker(`import('${t}')`, {type: 'module'})",
    "workernested": "worker(`new Worker(URL.createObjectURL(new Blob([\"fetch('${t}', {mode: 'no-cors'})\"])))`)",
    "workerscript": "new Worker(t)",
    "workerscript302": "new Worker(h(t))",
    "workerframe302": "new (bare().Worker)(h(t))",
    "workerprototype302": "new (Worker.prototype.constructor)(h(t))",
    "workernested302": "worker(`new Worker('${h(t)}')`)",
    "workernestedprototype302": "worker(`new (Worker.prototype.constructor)('${h(t)}')`)",
    "sharedfetch": "new SharedWorker(blob(`fetch('${t}', {mode: 'no-cors'})`))",
    "sharedscript": "new SharedWorker(h(t))",
    "swregister": "navigator.serviceWorker.register('/sw.js?t=' + encodeURIComponent(t))",
    "swprototype": "ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, '/sw.js?t=' + encodeURIComponent(t))",
    "swframe": "bare().ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, '/sw.js?t=' + encodeURIComponent(t))",
    "swimport": "ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, '/swimport.js?t=' + encodeURIComponent(t))",
    "swmodule": "ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, '/swmodule.js?t=' + encodeURIComponent(t), {type: 'module'})",
    "swsocket": "ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, '/swsocket.js?t=' + encodeURIComponent(t))",
    "sw302": "ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, h(t))",
    "audioworklet": "new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule(t)",
    "audioworklet302": "new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule(h(t))",
    "paintworklet302": "CSS.paintWorklet.addModule(h(t))",
    "sharedstorage": "sharedStorage.worklet.addModule(h(t))",
}
SCRIPTS = {
    "script": "add('script', {src: t})",
    "script302": "add('script', {src: h(t)})",
    "module": "add('script', {src: t, type: 'module'})",
    "module302": "add('script', {src: h(t), type: 'module'})",
    "import": "import(t)",
    "import302": "import(h(t))",
    "importjson": "import(t, {with: {type: 'json'}})",
    "write": "document.write(`<script src='${t}'></` + 'script>')",
    "fontface": "new FontFace('x', `url(${t})`).load()",
    "fontface302": "new FontFace('x', `url(${h(t)})`).load()",
    "image": "new Image().src = t",
    "audio": "new Audio(t).play()",
    "xslt": "{ const p = new XSLTProcessor(); const d = new DOMParser().parseFromString(`<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:import href='${t}'/><xsl:template match='/'><xsl:copy-of select=\"document('${t}')\"/></xsl:template></xsl:stylesheet>`, 'text/xml'); p.importStylesheet(d); p.transformToFragment(d, document); }",
    "speculationadded": "add('script', {type: 'speculationrules'}).textContent = JSON.stringify({prefetch: [{urls: [t, h(t)], eagerness: 'immediate'}], prerender: [{urls: [t, h(t)], eagerness: 'immediate'}]})",
    "speculationtext": "{ const s = document.createElement('script'); s.type = 'speculationrules'; s.textContent = JSON.stringify({prefetch: [{urls: [t, h(t)], eagerness: 'immediate'}]}); bare().document.documentElement.append(s); }",
    "identity": "navigator.credentials.get({identity: {providers: [{configURL: t, clientId: '1'}]}, mediation: 'required'})",
    "webauthn": "navigator.credentials.get({publicKey: {challenge: new Uint8Array(16), rpId: new URL(t).hostname}})",
    "payment": "new PaymentRequest([{supportedMethods: t}], {total: {label: 'x', amount: {currency: 'EUR', value: '1'}}}).canMakePayment()",
    "open": "window.open(t)",
    "openframe": "bare().open(t)",
    "opennew": "add('a', {href: t, target: '_blank', rel: 'opener'}).click()",
    "download": "add('a', {href: t, download: 'x'}).click()",
    "ping": "add('a', {href: '#x', ping: t}).click()",
    "attribution": "add('img', {attributionsrc: t, src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw='})",
    "formnew": "add('form', {action: t, method: 'post', target: '_blank'}).submit()",
}
LEAVING = {
    "location": "location.href = t",
    "replace": "location.replace(t)",
    "replace302": "location.replace(h(t))",
    "later": "setTimeout(() => location.assign(t), 100)",
    "form": "add('form', {action: t}).submit()",
    "formpost": "add('form', {action: t, method: 'post'}).submit()",
    "formpost307": "add('form', {action: h(t) + '&status=307', method: 'post'}).submit()",
    "click": "add('a', {href: t}).click()",
    "topframe": "add('iframe', {srcdoc: `<script>top.location = '${t}'</` + 'script>'})",
    "metaadded": "add('meta', {'http-equiv': 'refresh', content: '0; url=' + t}, document.head)",
    "navigation": "navigation.navigate(t)",
}
EVERYWHERE = {**FETCHING, **SOCKETS, **WORKERS, **SCRIPTS}
