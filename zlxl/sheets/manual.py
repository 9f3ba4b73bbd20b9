"""使用说明."""

from zlxl.sheet import Sheet


def manual_sheet() -> Sheet:
    return Sheet(name="使用说明")
