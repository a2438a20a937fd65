from __future__ import annotations

import pytest
from lxml import etree

from newscrawl.pages.bodies.skipped import is_boilerplate


@pytest.mark.parametrize(
    "html",
    [
        '<div class="a sharedaddy">',
        '<div id="toc">',
        '<div class="m-a-box" data-box-layout="slim">',
        '<div class="molongui-profile">',
        '<div class="saboxplugin-wrap">',
        '<p class="site-disclaimer">',
        '<div class="taboola-below-article">',
        "<p hidden>",
        '<p style="Display : None">',
    ],
)
def test_what_plugins_add_and_what_is_hidden_is_boilerplate(html):
    assert is_boilerplate(etree.HTML(html)[0][0])


@pytest.mark.parametrize(
    "html", ['<div class="shared">', '<span class="ez-toc-section">', '<p id="ads">', "<p>"]
)
def test_names_count_as_a_whole(html):
    assert not is_boilerplate(etree.HTML(html)[0][0])
