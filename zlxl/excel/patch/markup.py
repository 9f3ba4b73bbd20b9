"""Markup as bytes: finding elements and changing attributes without serialising anything anew."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from xml.sax.saxutils import escape

from zlxl.excel.faults import SuspectError

#: Comments, CDATA, processing instructions; ``odd`` is one without an end, or a document type.
ASIDE = rb"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>|(?P<odd>[!?].*)"
ATTRIBUTES = rb"""(?P<attributes>(?:[^"'>/]|"[^"]*"|'[^']*'|/(?!>))*+)(?P<empty>/?)>"""
PREFIX = rb"(?:(?P<prefix>[^\s/>:<!?]+):)?"
_TAG = re.compile(
    rb"<(?:" + ASIDE + rb"|(?P<closing>/?)" + PREFIX + rb"(?P<name>[^\s/>:]+)" + ATTRIBUTES + rb")", re.DOTALL
)
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>"'<]+)\s*=\s*("[^"]*"|'[^']*')""")
_REFERENCE = re.compile(rb"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {b"amp": "&", b"lt": "<", b"gt": ">", b"quot": '"', b"apos": "'"}
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")


@dataclass(frozen=True, slots=True)
class Node:
    """An element's place in some bytes, by its local name."""

    name: bytes
    prefix: bytes  #: with its colon, empty where there is none
    start: int
    inner: int  #: behind the start tag
    close: int  #: where the end tag begins; equal to inner in an empty element
    end: int

    def tag(self, text: bytes) -> bytes:
        """The start tag."""
        return text[self.start : self.inner]


def tags(text: bytes, start: int = 0, end: int | None = None) -> Iterator[re.Match[bytes]]:
    """Every start and end tag of some bytes; SuspectError at a document type or an unfinished comment."""
    for match in _TAG.finditer(text, start, len(text) if end is None else end):
        if match["odd"] is not None:
            raise SuspectError("内有无法识别的 XML 声明或注释")
        if match["name"] is not None:
            yield match


def children(text: bytes, start: int = 0, end: int | None = None) -> Iterator[Node]:
    """The outermost elements of some bytes; ValueError where tags do not pair."""
    depth = 0
    opening: re.Match[bytes] | None = None
    for match in tags(text, start, end):
        if match["closing"]:
            depth -= 1
            if depth == 0 and opening is not None:
                if opening["name"] != match["name"]:
                    break
                yield _node(opening, match.start(), match.end())
        elif not match["empty"]:
            opening = match if depth == 0 else opening
            depth += 1
        elif depth == 0:
            yield _node(match, match.end(), match.end())
        if depth < 0:
            break
    else:
        if depth == 0:
            return
    raise ValueError("XML 标签不配对")


def child(text: bytes, node: Node, name: bytes) -> Node | None:
    """The first child of an element by that local name."""
    return next((n for n in children(text, node.inner, node.close) if n.name == name), None)


def root(text: bytes) -> Node:
    """The document element; ValueError when there is none."""
    found = next(children(text), None)
    if found is None:
        raise ValueError("XML 没有根元素")
    return found


def _node(opening: re.Match[bytes], close: int, end: int) -> Node:
    return Node(opening["name"], prefix_of(opening), opening.start(), opening.end(), close, end)


def prefix_of(tag: re.Match[bytes]) -> bytes:
    """The prefix of a tag with its colon."""
    return tag["prefix"] + b":" if tag["prefix"] else b""


def attribute(tag: bytes, name: bytes) -> str | None:
    """The value of an attribute of a start tag, None where it has none."""
    for match in _ATTRIBUTE.finditer(tag):
        if match[1] == name:
            return unescaped(match[2][1:-1])
    return None


def with_attribute(tag: bytes, name: bytes, value: str | None) -> bytes:
    """The start tag with the attribute set, or without it; every other byte stays."""
    for match in _ATTRIBUTE.finditer(tag):
        if match[1] == name:
            if value is None:
                return tag[: match.start()] + tag[match.end() :]
            return tag[: match.start(2)] + _quoted(value) + tag[match.end(2) :]
    if value is None:
        return tag
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    kept = tag[:end].rstrip()
    return kept + b" " + name + b"=" + _quoted(value) + tag[len(kept) :]


def opened(tag: bytes) -> bytes:
    """A start tag that expects an end tag."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag


def closed(tag: bytes) -> bytes:
    """A start tag that is the whole element."""
    return tag if tag.endswith(b"/>") else tag[:-1].rstrip() + b"/>"


def with_child(text: bytes, node: Node, markup: bytes) -> Replacement:
    """The edit that adds markup behind an element's children."""
    if node.close > node.inner or not node.tag(text).endswith(b"/>"):
        return node.close, node.close, markup
    return node.start, node.end, opened(node.tag(text)) + markup + b"</" + node.prefix + node.name + b">"


def prefixed(markup: bytes, prefix: bytes) -> bytes:
    """Markup without prefixes, under the prefix (with its colon) of the document it goes into."""
    return _UNPREFIXED.sub(rb"\1" + prefix, markup) if prefix else markup


_UNPREFIXED = re.compile(rb"(</?)(?=[A-Za-z_][\w.-]*[\s/>])")


def _quoted(value: str) -> bytes:
    return b'"' + escape(value, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}).encode() + b'"'


def unescaped(text: bytes) -> str:
    """Character data or the value of an attribute as text."""
    return _REFERENCE.sub(_character, text).decode()


def _character(match: re.Match[bytes]) -> bytes:
    if match[3]:
        return _NAMED[match[3]].encode()
    return chr(int(match[1], 16) if match[1] else int(match[2])).encode()


Replacement = tuple[int, int, bytes]  #: from, to, what stands there instead


def replaced(text: bytes, replacements: Iterable[Replacement]) -> bytes:
    """The bytes with the replacements made; they do not overlap, and at one place keep their order."""
    pieces, done = [], 0
    for start, end, new in sorted(replacements, key=lambda edit: edit[:2]):
        pieces += [text[done:start], new]
        done = end
    return b"".join((*pieces, text[done:]))


def as_utf8(chunks: Iterable[bytes]) -> tuple[str, Iterator[bytes]]:
    """The encoding of an XML document, and its bytes in UTF-8; its declaration is left as it is."""
    stream = iter(chunks)
    first = b""
    for chunk in stream:
        first += chunk
        if len(first) >= _ENOUGH:
            break
    encoding = _encoding(first)
    whole = chain((first,), stream)
    return encoding, whole if encoding == "utf-8" else _transcoded(whole, encoding)


_ENOUGH = 256  # bytes, which the declaration surely fits in


def _encoding(start: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return name
    for name in ("utf-16-le", "utf-16-be"):
        if start.startswith("<".encode(name)):
            return name
    declared = _DECLARED.match(start)
    name = declared[1].decode() if declared else "utf-8"
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f"未知编码 {name[:20]}") from error
    return codecs.lookup(name).name


def _transcoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", True).encode()


def from_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Bytes of UTF-8 in the encoding of their document; what it lacks becomes a character reference."""
    if encoding == "utf-8":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        yield decoder.decode(chunk).encode(encoding, "xmlcharrefreplace")
