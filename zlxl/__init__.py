"""zlxl: a certification body's customer database in an Excel workbook, validated and repaired (ZL-CX-16)."""
