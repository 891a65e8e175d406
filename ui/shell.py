"""What our own pages have in common: the skeleton, the ways from one page to the others, and their policy. Pure."""

from __future__ import annotations

import re
from html import escape

from ui.theme import read

PAGES = (("/", "Chat"), ("/compare", "Compare"), ("/things", "Browse"), ("/sparql", "SPARQL"), ("/about", "About"))
STATIC_AT = "/sparql/static"
# Scripts and styles from files alone; nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def ways(here: str = "") -> str:
    """The links between the pages, the one that is ``here`` marked, and the switch between light and dark."""
    links = "".join(f'<a href="{path}"{CURRENT if path == here else ""}>{name}</a>' for path, name in PAGES)
    switch = '<button type="button" class="plain" data-theme-toggle aria-label="Switch between light and dark">◐</button>'
    return f'<nav aria-label="Pages">{links}</nav>{switch}'


CURRENT = ' aria-current="page"'


def page(title: str, name: str, body: str, here: str = "", head: str = "") -> str:
    """A page of a dataset ``title``, called ``name``; ``body`` is HTML, ``head`` what it needs beside the common files."""
    fill = {"title": escape(title), "name": escape(name), "head": head, "body": body, "ways": ways(here)}
    return re.sub(r"\{\{(\w+)\}\}", lambda place: fill[place[1]], read("page.html"))  # in one go: data that looks like a place stays


def style(name: str) -> str:
    """A stylesheet of ours, for a page's head."""
    return f'<link rel="stylesheet" href="{STATIC_AT}/{name}">'


def script(name: str) -> str:
    """A script of ours, for a page's head; it runs when the page stands."""
    return f'<script src="{STATIC_AT}/{name}" defer></script>'
