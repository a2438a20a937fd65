"""Pictures of articles, where a folder for them is named."""

from __future__ import annotations

import json

from PIL import Image

from tests.demo.serving import run_demo


def test_pictures_are_kept_and_their_paths_stand_in_the_record(crawl):
    folder = crawl.folder / "pictures"
    with run_demo(articles=12) as server:
        process = crawl.run("site", "-a", f"url={server.url}/", NEWSCRAWL_IMAGES_STORE=str(folder))
    assert process.returncode == 0, process.stderr
    pictures = [image for each in crawl.articles().values() for image in each.images]
    assert len(pictures) >= 10
    for image in pictures:
        assert image.path is not None
        with Image.open(folder / image.path) as opened:
            assert opened.format == "JPEG"
    logged = [image for line in crawl.lines() for image in line["images"]]
    assert {image["path"] for image in logged} >= {image.path for image in pictures}
    assert "ERROR" not in crawl.log


def test_without_a_folder_no_picture_is_asked_for(crawl, small_site):
    before = len(small_site.hits)
    crawl.run("site", "-a", f"url={small_site.url}/")
    asked = [path for _, path in small_site.hits[before:]]
    assert [path for path in asked if path.endswith(".jpg")] == []
    assert json.loads(crawl.jsonl.read_text().splitlines()[0])["images"][0]["path"] is None
