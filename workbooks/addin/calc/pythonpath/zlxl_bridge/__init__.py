"""What LibreOffice's own Python runs: the standard library and UNO, Python 3.8 or later."""
