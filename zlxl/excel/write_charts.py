"""A described chart as the option dictionaries XlsxWriter takes."""

from __future__ import annotations

from typing import Any, Final

from zlxl.sheet import Axis, Chart, ChartKind, Series
from zlxl.sheets.look import FONT, SERIES_COLOURS

#: chart type and subtype of each kind
TYPES: Final[dict[ChartKind, dict[str, str]]] = {
    ChartKind.BAR: {"type": "bar"},
    ChartKind.BAR_STACKED: {"type": "bar", "subtype": "stacked"},
    ChartKind.BAR_PERCENT: {"type": "bar", "subtype": "percent_stacked"},
    ChartKind.COLUMN: {"type": "column"},
    ChartKind.COLUMN_STACKED: {"type": "column", "subtype": "stacked"},
    ChartKind.COLUMN_PERCENT: {"type": "column", "subtype": "percent_stacked"},
    ChartKind.LINE: {"type": "line"},
    ChartKind.SCATTER: {"type": "scatter"},
}


def _small() -> dict[str, Any]:
    """The font of labels; a new one each time, because XlsxWriter changes what it is given."""
    return {"name": FONT, "size": 9, "color": "#44505E"}


def title_options(chart: Chart) -> dict[str, Any]:
    """XlsxWriter's options of the chart's title."""
    if not chart.title:
        return {"none": True}
    return {"name": chart.title, "name_font": {"name": FONT, "size": 11, "bold": True, "color": "#1F3A5F"}}


def legend_options(chart: Chart) -> dict[str, Any]:
    """XlsxWriter's options of the chart's legend."""
    return {"position": chart.legend, "font": _small()} if chart.legend else {"none": True}


def series_options(chart: Chart, number: int) -> dict[str, Any]:
    """XlsxWriter's options of a chart's series."""
    series = chart.series[number]
    colour = series.colour or SERIES_COLOURS[number % len(SERIES_COLOURS)]
    options: dict[str, Any] = {"name": series.name, "values": series.values}
    if series.categories:
        options["categories"] = series.categories
    options |= _paint(series, f"#{colour}", chart.kind)
    if chart.kind not in (ChartKind.LINE, ChartKind.SCATTER):
        options["gap"] = chart.gap
        if chart.kind not in (ChartKind.BAR, ChartKind.COLUMN):
            options["overlap"] = 100
    if series.labels or series.label_cells:
        options["data_labels"] = _labels(series)
    if series.error_plus:
        bars = {"plus_values": series.error_plus, "minus_values": series.error_minus or series.error_plus}
        options["y_error_bars"] = {"type": "custom", **bars}
    return options


def _paint(series: Series, colour: str, kind: ChartKind) -> dict[str, Any]:
    if series.invisible:
        return {"fill": {"none": True}, "border": {"none": True}, "line": {"none": True}}
    if kind is ChartKind.SCATTER:
        return {"marker": {"type": "circle", "size": 8, "fill": {"color": colour}}}
    if kind is ChartKind.LINE:
        line = {"color": colour, "width": 2} | ({"dash_type": "dash"} if series.dashed else {})
        marker = {"type": "none"} if series.dashed else {"type": "circle", "size": 6}
        return {"line": line, "marker": marker}
    return {"fill": {"color": colour}, "border": {"none": True}}


def _labels(series: Series) -> dict[str, Any]:
    options: dict[str, Any] = {"value": True, "font": _small()}
    if series.label_cells:
        options["custom"] = [{"value": reference} for reference in series.label_cells]
    if series.label_format:
        options["num_format"] = series.label_format
    return options


def axis_options(axis: Axis) -> dict[str, Any]:
    """XlsxWriter's options of an axis."""
    options: dict[str, Any] = {
        "num_font": _small(),
        "line": {"color": "#9AA5B1"},
        "major_tick_mark": "none",
        "major_gridlines": {"visible": axis.gridlines, "line": {"color": "#E1E6EC"}},
        "reverse": axis.reverse,
        "visible": not axis.hidden,
    }
    if axis.title:
        options |= {"name": axis.title, "name_font": _small()}
    for key, value in (("min", axis.minimum), ("max", axis.maximum), ("crossing", axis.crossing)):
        if value is not None:
            options[key] = value
    if axis.labels_low:
        options["label_position"] = "low"
    if axis.number_format:
        options["num_format"] = axis.number_format
    return options
