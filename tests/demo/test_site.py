"""The demo's site: the same few pages on every run, on loopback."""

import urllib.error
import urllib.request

import pytest

from approver.demo.site import PAGES, Site, page

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def test_a_page_has_a_title_and_words() -> None:
    with Site() as site, opener.open(f"{site.address}/pages/8", timeout=10) as response:
        text = response.read().decode()
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Bridges of the old town</title>" in text
    assert text == page(8)


@pytest.mark.parametrize("path", ["/pages/0", f"/pages/{PAGES + 1}", "/pages/x", "/", "/pages/"])
def test_what_is_no_page_is_not_found(path: str) -> None:
    with Site() as site:
        with pytest.raises(urllib.error.HTTPError) as caught:
            opener.open(site.address + path, timeout=10)
        caught.value.close()
    assert caught.value.code == 404


def test_it_listens_on_loopback_only() -> None:
    with Site() as site:
        assert site.address.startswith("http://127.0.0.1:")
