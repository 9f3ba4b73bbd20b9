"""The small parts of a package as they will be: their text, relationships and content types."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from zlxl.excel.package import MAX_PART_BYTES, MAX_TREE_BYTES, normal, resolved
from zlxl.excel.patch.markup import (
    Node,
    as_utf8,
    attribute,
    children,
    closed,
    from_utf8,
    replaced,
    root,
    with_attribute,
    with_child,
)
from zlxl.excel.patch.package import PackagePatch

CONTENT_TYPES = "[Content_Types].xml"
USUAL_MAIN = "xl/workbook.xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
#: Ends with a line break, unlike an empty part of others, which is not taken for ours.
NEW_RELATIONSHIPS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>\n'
)


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A relationship as it is written. ``target``: normal name of a part, or an address when external."""

    id: str
    kind: str  #: last word of its type
    target: str
    external: bool


class Parts:
    """Reads and changes small XML parts; what was changed is read back changed."""

    def __init__(self, patch: PackagePatch) -> None:
        self.patch = patch
        self._texts: dict[str, bytes] = {}  # UTF-8, by normal name
        self._encodings: dict[str, str] = {}
        main = next((r for r in self.relations("") if r.kind == "officeDocument" and r.target in patch), None)
        self.main = main.target if main else USUAL_MAIN  #: the workbook part
        self.strict = b"purl.oclc.org" in self.text("_rels/.rels") if "_rels/.rels" in patch else False

    def __contains__(self, name: str) -> bool:
        return name in self.patch

    def text(self, name: str, limit: int = MAX_TREE_BYTES) -> bytes:
        """The part in UTF-8, changes included."""
        key = normal(name)
        if key not in self._texts:
            encoding, chunks = as_utf8(self.patch.package.chunks(name, limit))
            self._encodings[key] = encoding
            return b"".join(chunks)
        return self._texts[key]

    def put(self, name: str, text: bytes) -> None:
        """Give a part new text, in UTF-8; it is written in the encoding that it had."""
        key = normal(name)
        if key not in self._encodings:
            self._encodings[key] = as_utf8(self.patch.package.chunks(name, MAX_PART_BYTES))[0]
        self._texts[key] = text
        self.patch.replace(name, from_utf8((text,), self._encodings[key]))

    def add(self, name: str, text: bytes, content_type: str | None = None) -> None:
        """Add a part; without a content type its extension's default must say what it is."""
        self.add_binary(name, (text,), content_type)
        self._texts[normal(name)], self._encodings[normal(name)] = text, "utf-8"

    def add_binary(self, name: str, chunks: Iterable[bytes], content_type: str | None = None) -> None:
        """Add a part of any bytes."""
        self.patch.add(name, chunks)
        if content_type is not None:
            self._add_type(b"Override", b"PartName", f"/{name}", content_type)

    def remove(self, name: str) -> None:
        """Remove a part with its relationships and its content type; those that point to it stay."""
        rels = rels_name(name)
        for part in (name, rels):
            if part in self.patch:
                self.patch.remove(part)
                self._texts.pop(normal(part), None)
                self._encodings.pop(normal(part), None)
        text = self.text(CONTENT_TYPES)
        named = ((n, attribute(n.tag(text), b"PartName") or "") for n in self._items(text))
        doomed = [node for node, part in named if normal(part) == normal(name)]
        if doomed:
            self.put(CONTENT_TYPES, replaced(text, [(n.start, n.end, b"") for n in doomed]))

    def fresh(self, pattern: str) -> str:
        """The first name of a pattern such as ``xl/worksheets/sheet{}.xml`` that is not taken."""
        return next(name for n in count(1) if (name := pattern.format(n)) not in self.patch)

    def ensure_default_type(self, extension: str, content_type: str) -> None:
        """See to it that parts of an extension have a content type."""
        text = self.text(CONTENT_TYPES)
        known = {(attribute(n.tag(text), b"Extension") or "").lower() for n in self._items(text)}
        if extension not in known:
            self._add_type(b"Default", b"Extension", extension, content_type)

    def content_type(self, name: str) -> str:
        """The content type of a part, empty when none is stated."""
        text = self.text(CONTENT_TYPES)
        extension = name.rpartition(".")[2].lower()
        by_extension = ""
        for node in self._items(text):
            tag = node.tag(text)
            if normal(attribute(tag, b"PartName") or "") == normal(name):
                return attribute(tag, b"ContentType") or ""
            if (attribute(tag, b"Extension") or "").lower() == extension:
                by_extension = attribute(tag, b"ContentType") or ""
        return by_extension

    def _add_type(self, element: bytes, name: bytes, value: str, content_type: str) -> None:
        text = self.text(CONTENT_TYPES)
        whole = root(text)
        tag = with_attribute(b"<" + whole.prefix + element + b"/>", name, value)
        tag = with_attribute(tag, b"ContentType", content_type)
        # Defaults stand before overrides in what Excel writes; the order means nothing.
        self.put(CONTENT_TYPES, replaced(text, [with_child(text, whole, tag)]))

    def relations(self, source: str) -> list[Relation]:
        """Relationships of a part (``""`` for the package)."""
        rels = rels_name(source)
        if rels not in self.patch:
            return []
        text = self.text(rels)
        return [relation_of(source, node.tag(text)) for node in self._items(text)]

    def related(self, source: str, kind: str) -> str | None:
        """The part that a relationship of the kind points to, None when there is none."""
        found = (r.target for r in self.relations(source) if r.kind == kind and not r.external)
        return next((target for target in found if target in self.patch), None)

    def relate(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship; its id. ``kind`` may be a full type."""
        rels = rels_name(source)
        if rels not in self.patch:
            self.add(rels, NEW_RELATIONSHIPS)
            self.ensure_default_type("rels", "application/vnd.openxmlformats-package.relationships+xml")
        text = self.text(rels)
        whole = root(text)
        taken = {attribute(n.tag(text), b"Id") for n in self._items(text)}
        made = next(name for n in count(len(taken) + 1) if (name := f"rId{n}") not in taken)
        base = STRICT_RELATIONSHIPS if self.strict else RELATIONSHIPS
        tag = with_attribute(b"<" + whole.prefix + b"Relationship/>", b"Id", made)
        tag = with_attribute(tag, b"Type", kind if "/" in kind else f"{base}/{kind}")
        tag = with_attribute(tag, b"Target", target if external else relative(source, target))
        tag = with_attribute(tag, b"TargetMode", "External" if external else None)
        self.put(rels, replaced(text, [with_child(text, whole, tag)]))
        return made

    def unrelate(self, source: str, id_: str) -> None:
        """Remove a relationship; with the last one a relationships part that was made here goes too."""
        rels = rels_name(source)
        text = self.text(rels)
        doomed = [n for n in self._items(text) if attribute(n.tag(text), b"Id") == id_]
        left = replaced(text, [(n.start, n.end, b"") for n in doomed])
        if left == NEW_RELATIONSHIPS:
            self.patch.remove(rels)
            self._texts.pop(normal(rels), None)
            self._encodings.pop(normal(rels), None)
            return
        whole = root(left)
        if whole.inner == whole.close:
            left = replaced(left, [(whole.start, whole.end, closed(whole.tag(left)))])
        self.put(rels, left)

    @staticmethod
    def _items(text: bytes) -> list[Node]:
        whole = root(text)
        return list(children(text, whole.inner, whole.close))


def rels_name(source: str) -> str:
    """Name of the relationships part of a part."""
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def relation_of(source: str, tag: bytes) -> Relation:
    """The relationship that a tag of a part's relationships states."""
    target = attribute(tag, b"Target") or ""
    external = attribute(tag, b"TargetMode") == "External"
    return Relation(
        id=attribute(tag, b"Id") or "",
        kind=(attribute(tag, b"Type") or "").rpartition("/")[2],
        target=target if external else resolved(posixpath.dirname(source), target),
        external=external,
    )


def relative(source: str, target: str) -> str:
    """The target part as a relationship of the source spells it."""
    return posixpath.relpath(target, posixpath.dirname(source) or ".")
