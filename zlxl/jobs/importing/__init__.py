"""Rows of forms, other workbooks and CSV files brought into the right table."""
