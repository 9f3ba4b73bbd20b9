"""Classifying requests: of a list of texts, and of the sheet 客户要求 (4.4-4.6)."""
