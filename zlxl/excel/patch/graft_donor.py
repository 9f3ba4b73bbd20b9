"""A workbook just made in memory, whose parts go into another package."""

from __future__ import annotations

import zipfile
from functools import cached_property
from io import BytesIO

from zlxl.excel.patch.markup import attribute, children, root
from zlxl.excel.patch.parts import CONTENT_TYPES, USUAL_MAIN, Relation, relation_of, rels_name
from zlxl.excel.patch.workbook_tabs import DefinedName, Tabs


class Donor:
    """Reads the parts of a small .xlsx file of our own."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def text(self, name: str) -> bytes:
        """A part as it is stored."""
        return self._parts[name]

    def relations(self, source: str) -> list[Relation]:
        """Relationships of a part."""
        text = self._parts.get(rels_name(source))
        if text is None:
            return []
        whole = root(text)
        return [relation_of(source, n.tag(text)) for n in children(text, whole.inner, whole.close)]

    @cached_property
    def sheets(self) -> list[str]:
        """Names of the worksheet parts in the order of their tabs."""
        targets = {relation.id: relation.target for relation in self.relations(USUAL_MAIN)}
        return [targets[tab.relation] for tab in self._tabs.all()]

    @property
    def names(self) -> list[DefinedName]:
        """The defined names, which are all of single sheets."""
        return self._tabs.names()

    @cached_property
    def _tabs(self) -> Tabs:
        return Tabs(self._parts[USUAL_MAIN])

    @cached_property
    def styles(self) -> bytes:
        """The styles part."""
        return self._parts["xl/styles.xml"]

    @cached_property
    def strings(self) -> list[bytes]:
        """What stands inside of each shared string."""
        text = self._parts.get("xl/sharedStrings.xml")
        if text is None:
            return []
        whole = root(text)
        return [text[n.inner : n.close] for n in children(text, whole.inner, whole.close)]

    def tables(self) -> list[str]:
        """Names of all tables."""
        texts = [self._parts[name] for name in self._parts if name.startswith("xl/tables/table")]
        return [attribute(root(text).tag(text), b"displayName") or "" for text in texts]

    def content_type(self, name: str) -> str:
        """The content type of a part."""
        return self._types.get(f"/{name}") or self._types[name.rpartition(".")[2]]

    @cached_property
    def _types(self) -> dict[str, str]:
        text = self._parts[CONTENT_TYPES]
        whole = root(text)
        tags = [node.tag(text) for node in children(text, whole.inner, whole.close)]
        return {
            attribute(tag, b"PartName") or attribute(tag, b"Extension") or "": attribute(tag, b"ContentType")
            or ""
            for tag in tags
        }
