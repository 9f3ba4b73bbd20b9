"""The pool of texts: shared strings read as far as they are needed, texts of cells behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from threading import RLock
from typing import overload

from zlxl.excel.faults import SuspectError
from zlxl.excel.text import XML_BLANKS, character_data, checked_length, unescaped
from zlxl.excel.xml import local, parser

#: Every string costs 50 bytes beyond its characters: bounds for what 1 GiB can hold.
MAX_STRINGS = 12_000_000
MAX_STRING_BYTES = 768 << 20
BATCH_BYTES = 1 << 20
#: A plain item is never longer; a part without item ends is left to expat.
MAX_BATCH_BYTES = 8 << 20
MAX_PARSED = 100  # items of a batch that may need a parser of their own

_PLAIN = r'<si(?:/>|><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)(?:<phoneticPr [^<>]*/>)?</si>)'
_PLAIN_ITEM = re.compile(_PLAIN)
_PLAIN_OR_NOT = re.compile(_PLAIN + r"|(<si[ >].*?</si>)", re.DOTALL)
_ITEM_START, _ITEM_END = "<si><t>", "</t></si>"


class _NotPlainError(Exception):
    """The part is spelled in a way that only a parser reads."""


def shared_strings(part: Callable[[], Iterable[bytes]]) -> Iterator[list[str]]:
    """Texts of a shared string part, in batches; rich runs joined, phonetic runs left out."""
    done = 0
    try:
        for batch in _batches(part()):
            texts = _batch_texts(batch)
            done += len(texts)
            _check_count(done)
            yield texts
    except _NotPlainError:
        total = 0
        for texts in exact_strings(part()):
            total += len(texts)
            _check_count(total)
            yield texts[done:]
            done = max(0, done - len(texts))


def exact_strings(chunks: Iterable[bytes]) -> Iterator[list[str]]:
    """The same by expat, for parts in any other spelling."""
    texts: list[str] = []
    reader = _ItemParser(texts)
    total = 0
    for chunk in chunks:
        total += len(chunk)
        _check_size(total)
        reader.expat.Parse(chunk)
        yield texts[:]
        texts.clear()
    reader.expat.Parse(b"", True)
    yield texts


def _check_count(total: int) -> None:
    if total > MAX_STRINGS:
        raise SuspectError("内的文本过多")


def _check_size(total: int) -> None:
    if total > MAX_STRING_BYTES:
        raise SuspectError("的共享字符串异常巨大")


def _batches(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of the part, cut behind an ``</si>``; _NotPlainError where they are not plain."""
    stream = iter(chunks)
    first = next(stream, b"")
    if not _is_plain_document(first):
        raise _NotPlainError
    held, size, total = b"", 0, 0
    pieces: list[bytes] = []
    for chunk in chain((first,), stream):
        pieces.append(chunk)
        size += len(chunk)
        total += len(chunk)
        _check_size(total)
        if size < BATCH_BYTES:
            continue
        held = b"".join(pieces)
        end = held.rfind(b"</si>")
        cut = end + len(b"</si>") if end >= 0 else 0
        if cut:
            yield held[:cut]
        elif len(held) > MAX_BATCH_BYTES:
            raise _NotPlainError
        pieces, size = [held[cut:]], len(held) - cut
    last = b"".join(pieces)
    if not re.search(rb"</sst\s*>\s*$|<sst[^>]*/>\s*$", last):
        raise _NotPlainError
    yield last


def _is_plain_document(first: bytes) -> bool:
    root = re.search(rb"<sst[\s>/]", first)
    head = first[: root.start()] if root else b""
    declared = re.search(rb"""encoding=["']([\w-]+)""", head)
    return root is not None and b"<!" not in head and (declared is None or declared[1].lower() == b"utf-8")


def _batch_texts(batch: bytes) -> list[str]:
    raw = batch.decode("utf-8")
    found = _uniform_texts(raw, batch.count(b"<"))
    if found is None:
        if b"<!" in batch or b":si" in batch:
            raise _NotPlainError
        found = _PLAIN_ITEM.findall(raw)
        if len(found) != batch.count(b"<si"):
            return _mixed_texts(raw)
    if list(map(str.strip, found, repeat(XML_BLANKS))) != found:
        return _mixed_texts(raw)  # blanks at an end count only where xml:space says so
    if b"\r" in batch or b"&" in batch:
        found = [character_data(text) for text in found]
    if b"_x" in batch:
        found = [unescaped(text) for text in found]
    return found


def _uniform_texts(raw: str, tags: int) -> list[str] | None:
    """Texts of a batch of nothing but ``<si><t>..</t></si>``, None when there is anything else."""
    if not (raw.startswith(_ITEM_START) and raw.endswith(_ITEM_END)):
        return None
    texts = raw[len(_ITEM_START) : -len(_ITEM_END)].split(_ITEM_END + _ITEM_START)
    return texts if tags == 4 * len(texts) else None


def _mixed_texts(raw: str) -> list[str]:
    """Texts of a batch of which some items need a parser, item by item."""
    texts = []
    items, parsed = raw.count("<si"), 0
    for match in _PLAIN_OR_NOT.finditer(raw):
        text = match[1] or ""
        if match[2] is None and text.strip(XML_BLANKS) == text:
            texts.append(unescaped(character_data(text)))
            continue
        parsed += 1
        if parsed > MAX_PARSED + items // 8:
            raise _NotPlainError  # one parser for all is quicker than one for each
        texts += item_texts(match[0])
    if len(texts) != items:
        raise _NotPlainError
    return texts


def item_texts(markup: str) -> list[str]:
    """Texts of ``<si>`` elements given as markup."""
    texts: list[str] = []
    reader = _ItemParser(texts)
    reader.expat.Parse(f"<sst>{markup}</sst>".encode(), True)
    return texts


class RichText:
    """Collects the text of one string item or inline string (CT_Rst) from parser events."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._run: list[str] = []
        self._preserve = False
        self._in_text = False
        self._phonetic = 0
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element inside the item begins, by local name."""
        if name == "rPh":
            self._phonetic += 1
        elif name == "t" and not self._phonetic:
            self._in_text = True
            self._preserve = attributes.get("xml:space") == "preserve"

    def end(self, name: str) -> None:
        """An element inside the item ends."""
        if name == "rPh":
            self._phonetic -= 1
        elif name == "t" and self._in_text:
            run = "".join(self._run)
            self.parts.append(run if self._preserve else run.strip(XML_BLANKS))
            self._run.clear()
            self._in_text = False

    def characters(self, text: str) -> None:
        """Character data arrives; only that of ``<t>`` counts."""
        if self._in_text:
            self._length += len(text)
            checked_length(self._length)
            self._run.append(text)

    def text(self) -> str:
        """The runs so far, joined and unescaped."""
        return unescaped("".join(self.parts))


class _ItemParser:
    """Appends the text of every ``<si>`` of what its expat parser is fed."""

    def __init__(self, texts: list[str]) -> None:
        self.expat = parser()
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._characters
        self._texts = texts
        self._item: RichText | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._item is not None:
            self._item.start(local(name), attributes)
        elif local(name) == "si":
            self._item = RichText()

    def _end(self, name: str) -> None:
        if self._item is None:
            return
        if local(name) == "si":
            self._texts.append(self._item.text())
            self._item = None
        else:
            self._item.end(local(name))

    def _characters(self, text: str) -> None:
        if self._item is not None:
            self._item.characters(text)


class _Added(dict[str, int]):
    """Index of every text added to a list; a new text is appended."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __missing__(self, text: str) -> int:
        self[text] = index = len(self._texts)
        _check_count(index + 1)
        self._texts.append(text)
        return index


class TextPool(Sequence[str]):
    """Shared strings, then the texts of cells that have none, each once. Safe to use from several threads.

    Shared strings are read only as far as an index asks; ``len``, iteration and ``add`` read all.
    """

    def __init__(self, batches: Iterator[list[str]]) -> None:
        self._batches = batches
        self._texts: list[str] = []
        self._shared: int | None = None
        self._added = _Added(self._texts)
        self._lock = RLock()

    def shared_count(self) -> int:
        """Number of shared strings."""
        with self._lock:
            if self._shared is None:
                self._read_to(MAX_STRINGS)
                self._shared = len(self._texts)
            return self._shared

    def has(self, index: int) -> bool:
        """Whether there is a shared string of that index; reads no further than to it."""
        with self._lock:
            if self._shared is not None:
                return 0 <= index < self._shared
            self._read_to(index)
            return 0 <= index < len(self._texts)

    def add(self, texts: Iterable[str]) -> list[int]:
        """Indexes of texts that stand in the cells themselves."""
        with self._lock:
            self.shared_count()
            return list(map(self._added.__getitem__, texts))

    def _read_to(self, index: int) -> None:
        while len(self._texts) <= index:
            batch = next(self._batches, None)
            if batch is None:
                return
            self._texts += batch

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """The text of an index."""
        if isinstance(index, slice) or index < 0:
            self.shared_count()
        elif index >= len(self._texts):
            self.has(index)
        return self._texts[index]

    def __len__(self) -> int:
        self.shared_count()
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        self.shared_count()
        return iter(self._texts)
