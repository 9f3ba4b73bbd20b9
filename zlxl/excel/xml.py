"""XML parts, parsed with expat: no DTD, no entities beyond the five of XML, namespaces ignored."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from zlxl.excel.faults import SuspectError

MAX_DEPTH = 256  # real parts stay below 20; deeper ones exist to exhaust the stack


@dataclass(slots=True)
class Element:
    """An element by its local name: attributes (local names too), children, text directly inside it."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or the default."""
        return self.attributes.get(name, default)

    def all(self, name: str) -> Iterator[Element]:
        """Descendants of that local name, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def first(self, name: str) -> Element | None:
        """The first descendant of that local name."""
        return next(self.all(name), None)


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def local_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by local name; an unprefixed one wins."""
    plain = {local(name): value for name, value in attributes.items() if ":" in name}
    return plain | {name: value for name, value in attributes.items() if ":" not in name}


def parser() -> expat.XMLParserType:
    """An expat parser that refuses any document type declaration."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.buffer_size = 1 << 16
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: object) -> None:
    raise SuspectError("内含工作簿不应有的 DTD 声明")


class _Builder:
    """Builds elements while XML is fed: all, or the outermost ones of some local names."""

    def __init__(self, names: Container[str] | None) -> None:
        self.expat = parser()
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._characters
        self.done: list[Element] = []
        self._names = names
        self._open: list[Element] = []
        self._depth = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SuspectError("内有嵌套过深的 XML")
        name = local(name)
        if not self._open and self._names is not None and name not in self._names:
            return
        element = Element(name, local_attributes(attributes))
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.done.append(element)

    def _characters(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text


def tree(chunks: Iterable[bytes]) -> Element:
    """Root of a document that is small enough to be kept; ExpatError when it is malformed."""
    return next(_built(chunks, None))


def elements(chunks: Iterable[bytes], names: Container[str]) -> Iterator[Element]:
    """The outermost elements of some local names, without keeping the others."""
    return _built(chunks, names)


def _built(chunks: Iterable[bytes], names: Container[str] | None) -> Iterator[Element]:
    builder = _Builder(names)
    for chunk in chunks:
        builder.expat.Parse(chunk)
        yield from builder.done
        builder.done.clear()
    builder.expat.Parse(b"", True)
    yield from builder.done
