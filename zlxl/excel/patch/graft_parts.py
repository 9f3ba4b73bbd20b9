"""Parts of a donor with all that they relate to, under fresh names in another package."""

from __future__ import annotations

import posixpath
import re
from itertools import count

from zlxl.excel.patch.graft_donor import Donor
from zlxl.excel.patch.graft_sheet import Rename, ViewState, grafted_sheet, grafted_table
from zlxl.excel.patch.graft_styles import FormatMap
from zlxl.excel.patch.markup import Replacement, attribute, children, replaced, root, with_attribute
from zlxl.excel.patch.parts import Parts, relative, rels_name

_NUMBER = re.compile(r"\d*(?=\.\w+$)")
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


class Transplant:
    """Moves sheets of a donor. Tables are numbered from behind ``last_table``."""

    def __init__(
        self, donor: Donor, parts: Parts, formats: FormatMap, *, last_table: int, rename: Rename | None
    ) -> None:
        self._donor, self._parts, self._formats, self._rename = donor, parts, formats, rename
        self._tables = count(last_table + 1)
        self._moved: dict[str, str] = {}

    def sheet(self, name: str, state: ViewState) -> str:
        """Move a worksheet part; its new name."""
        text, strings = self._donor.text(name), self._donor.strings
        made = grafted_sheet(text, strings, self._formats, state=state, rename=self._rename)
        return self._put(name, made)

    def _move(self, name: str) -> str:
        """Move any other part once; its new name."""
        if name not in self._moved:
            text = self._donor.text(name)
            if self._donor.content_type(name).endswith(".table+xml"):
                number = next(self._tables)
                text = grafted_table(text, self._formats, number=number, rename=self._rename)
            self._moved[name] = self._put(name, text)
        return self._moved[name]

    def _put(self, name: str, text: bytes) -> str:
        """Add a part and, before it, those that it relates to; relationships keep their ids."""
        targets = {r.id: self._move(r.target) for r in self._donor.relations(name) if not r.external}
        folder, base = posixpath.split(name)
        made = self._parts.fresh(posixpath.join(folder, _NUMBER.sub("{}", base, count=1)))
        kind = self._donor.content_type(name)
        extension = base.rpartition(".")[2]
        if extension != "xml":  # parts of the user that have no type are not to get one
            self._parts.ensure_default_type(extension, kind)
        stated = self._parts.content_type(made)
        self._parts.add(made, text, None if stated == kind else kind)
        rels = rels_name(name)
        if rels in self._donor:
            self._parts.ensure_default_type("rels", RELATIONS_TYPE)
            self._parts.add(rels_name(made), _pointed(self._donor.text(rels), made, targets))
        return made


def _pointed(text: bytes, source: str, targets: dict[str, str]) -> bytes:
    """Relationships of a part that has moved together with its targets, keyed by id."""
    whole = root(text)
    edits: list[Replacement] = []
    for node in children(text, whole.inner, whole.close):
        tag = node.tag(text)
        target = targets.get(attribute(tag, b"Id") or "")
        if target is not None:
            edits.append((node.start, node.inner, with_attribute(tag, b"Target", relative(source, target))))
    return replaced(text, edits)
