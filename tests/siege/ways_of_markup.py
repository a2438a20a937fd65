"""Ways by which markup, and the head of an answer, may have a browser ask for something.

``{t}`` is the URL asked for; ``{h}`` a URL of the site itself that answers with a redirect to it.
"""

from __future__ import annotations

MARKUP = {
    "iframe": '<iframe src="{t}"></iframe>',
    "iframe302": '<iframe src="{h}"></iframe>',
    "srcdoc": "<iframe srcdoc=\"<img src='{t}'><script src='{t}'></script>\"></iframe>",
    "sandbox": '<iframe sandbox="allow-scripts" src="{t}"></iframe>',
    "object": '<object data="{t}"></object>',
    "embed": '<embed src="{t}">',
    "fencedframe": '<fencedframe src="{t}"></fencedframe>',
    "css": '<link rel="stylesheet" href="{t}">',
    "css302": '<link rel="stylesheet" href="{h}">',
    "cssimport": '<style>@import url("{t}"); @import url("{h}");</style>',
    "cssurl": '<style>body {{ background: url("{t}"); cursor: url("{t}"), auto }}</style>',
    "cssfont": '<style>@font-face {{ font-family: x; src: url("{h}") }} body {{ font-family: x }}</style>x',
    "cssmask": '<p style="mask-image: url({t}); filter: url({t}#a); clip-path: url({t}#b)">x</p>',
    "svguse": '<svg><use href="{t}#a"/></svg>',
    "svgimage": '<svg><image href="{t}"/><filter id="f"><feImage href="{t}"/></filter></svg>',
    "img": '<img src="{t}">',
    "img302": '<img src="{h}">',
    "srcset": '<picture><source srcset="{t} 1x"><img src="{t}" srcset="{h} 2x"></picture>',
    "video": '<video src="{t}" poster="{t}" autoplay muted><track default src="{t}"></video>',
    "audioelement": '<audio src="{h}" autoplay></audio>',
    "inputimage": '<input type="image" src="{t}">',
    "background": '<table background="{t}"><tr><td>x</td></tr></table>',
    "prefetch": '<link rel="prefetch" href="{t}"><link rel="prefetch" href="{h}">',
    "preconnect": '<link rel="preconnect" href="{t}"><link rel="preconnect" href="{t}" crossorigin>',
    "dnsprefetch": '<link rel="dns-prefetch" href="{t}">',
    "preload": '<link rel="preload" as="fetch" href="{t}"><link rel="preload" as="script" href="{h}">',
    "preloadfont": '<link rel="preload" as="font" crossorigin href="{t}">',
    "modulepreload": '<link rel="modulepreload" href="{t}">',
    "prerender": '<link rel="prerender" href="{t}"><link rel="prerender" href="{h}">',
    "manifest": '<link rel="manifest" href="{t}">',
    "favicon": '<link rel="icon" href="{t}"><link rel="apple-touch-icon" href="{h}">',
    "opensearch": '<link rel="search" type="application/opensearchdescription+xml" href="{t}">',
    "dictionary": '<link rel="compression-dictionary" href="{t}">',
    "speculation": '<script type="speculationrules">{{"prefetch": [{{"urls": ["{t}", "{h}"], "eagerness": "immediate"}}], "prerender": [{{"urls": ["{t}"], "eagerness": "immediate"}}]}}</script>',
    "importmap": '<script type="importmap">{{"imports": {{"x": "{t}"}}}}</script><script type="module">import "x";</script>',
    "webbundle": '<script type="webbundle">{{"source": "{t}", "resources": ["{t}"]}}</script>',
    "base": '<base href="{t}/"><script src="app.js"></script><link rel="stylesheet" href="a.css">',
    "cspmeta": '<meta http-equiv="Content-Security-Policy" content="img-src \'none\'; report-uri {t}"><img src="/x.png">',
    "dnsmeta": '<meta http-equiv="x-dns-prefetch-control" content="on"><a href="{t}">x</a>',
    "xinclude": '<script type="text/xml"><x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{t}"/></x></script>',
}
LEAVING = {
    "metarefresh": '<meta http-equiv="refresh" content="0; url={t}">',
    "metarefresh302": '<meta http-equiv="refresh" content="0; url={h}">',
    "frameset": '<frameset><frame src="{t}"></frameset>',
}
HEADERS = {
    "linkpreload": [("Link", "<{t}>; rel=preload; as=script")],
    "linkprefetch": [("Link", "<{t}>; rel=prefetch")],
    "linkpreconnect": [("Link", "<{t}>; rel=preconnect")],
    "linkdns": [("Link", "<{t}>; rel=dns-prefetch")],
    "linkcss": [("Link", "<{t}>; rel=stylesheet")],
    "specheader": [("Speculation-Rules", '"{t}"')],
    "cspreport": [("Content-Security-Policy", "img-src 'none'; report-uri {t}")],
    "reportonly": [("Content-Security-Policy-Report-Only", "img-src 'none'; report-uri {t}")],
    "reportto": [
        ("Reporting-Endpoints", 'csp="{t}"'),
        ("Content-Security-Policy", "img-src 'none'; report-to csp"),
    ],
    "nel": [
        ("Report-To", '{{"group":"n","max_age":60,"endpoints":[{{"url":"{t}"}}]}}'),
        ("NEL", '{{"report_to":"n","max_age":60,"success_fraction":1.0}}'),
    ],
    "altsvc": [("Alt-Svc", 'h3="{host}"; ma=60, h2="{host}"; ma=60')],
    "sourcemap": [("SourceMap", "{t}")],
}
LEAVING_HEADERS = {"refresh": [("Refresh", "0; url={t}")]}
EARLY = {"earlyhints": ("Link", "<{t}>; rel=preload; as=script, <{t}>; rel=preconnect")}
HOPS = {"nav301": 301, "nav302": 302, "nav303": 303, "nav307": 307, "nav308": 308}
"""Statuses with which the page itself answers the browser."""
OWN = {"own302name": 302}
"""The page itself leads to a page of its own name on another port, by way of itself."""
