"""The formats there are: ``REPORTS``, by the name a user gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from zlxl.findings import Run
from zlxl.reports import concise, csv, github, html, json, jsonl, junit, sarif, text
from zlxl.reports.words import Rules

Writer: TypeAlias = Callable[[Run, Rules], Iterator[str]]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A format: its chunks of text, and how a file of it is encoded.

    The chunks hold their own line ends, so a file is opened with ``newline=""``.
    """

    name: str
    title: str  #: what a user reads in the help
    suffix: str
    write: Writer
    write_coloured: Writer | None = None  #: with ANSI colours, where the format knows them
    encoding: str = "utf-8"

    def chunks(self, run: Run, rules: Rules, *, colour: bool = False) -> Iterator[str]:
        """The report as pieces of text; ``colour`` is ignored where the format has none."""
        return (self.write_coloured if colour and self.write_coloured else self.write)(run, rules)


_ALL = (
    Report(
        name="text",
        title="供阅读：按文件和工作表分组",
        suffix=".txt",
        write=text.write,
        write_coloured=text.write_coloured,
    ),
    Report(name="concise", title="一条问题一行", suffix=".txt", write=concise.write),
    Report(name="json", title="一个 JSON 对象，结构已公布", suffix=".json", write=json.write),
    Report(name="jsonl", title="一条问题一行 JSON", suffix=".jsonl", write=jsonl.write),
    Report(
        name="csv", title="平面表格，可用 Excel 打开", suffix=".csv", write=csv.write, encoding="utf-8-sig"
    ),
    Report(name="html", title="一个网页文件，可搜索、筛选、打印", suffix=".html", write=html.write),
    Report(name="sarif", title="SARIF 2.1.0，供代码扫描平台", suffix=".sarif", write=sarif.write),
    Report(name="junit", title="JUnit XML，供持续集成", suffix=".xml", write=junit.write),
    Report(name="github", title="GitHub Actions 注释", suffix=".txt", write=github.write),
)

REPORTS: Mapping[str, Report] = MappingProxyType({report.name: report for report in _ALL})
