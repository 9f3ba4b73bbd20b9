"""The directory as one HTML file for the website: searched, filtered and sorted in the page, no network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from zlxl.figures.directory import HEADERS, STATUS, Directory
from zlxl.reports.json import dump
from zlxl.reports.words import legible, one_line

ENGLISH = ("status_en", "英文状态")


def write(directory: Directory, body: str, words: Mapping[str, str] | None = None) -> Iterator[str]:
    """The page; ``body`` names the certification body, ``words`` are English words by status."""
    names = dict([*HEADERS.items(), *([] if words is None else [ENGLISH])])
    head, tail = _page(directory, body, names).split("<!--data-->")
    yield head
    yield f'{{"fields": {dump(list(names))}, "rows": ['
    for index, certificate in enumerate(directory.certificates):
        english = [] if words is None else [words.get(certificate[STATUS], "")]
        row = [legible(text) for text in (*certificate.values(), *english)]
        yield (",\n" if index else "\n") + harmless(dump(row))
    yield "\n]}"
    yield tail


def harmless(json: str) -> str:
    """JSON text that cannot end, or open anything in, the script element it stands in."""
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _page(directory: Directory, body: str, names: Mapping[str, str]) -> str:
    style, script = _asset("directory.css"), _asset("directory.js")
    return Template(_asset("directory.html")).substitute(
        body=escape(one_line(body)),
        as_of=directory.as_of,
        total=len(directory.certificates),
        heads="".join(_head(name, header) for name, header in names.items()),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _head(name: str, header: str) -> str:
    button = f'<button type="button">{escape(header)}</button>'
    return f'<th scope="col" data-by="{name}" aria-sort="none">{button}</th>'


def _asset(name: str) -> str:
    return files("zlxl.reports").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
