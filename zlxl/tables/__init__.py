"""The workbook's tables, one module each, and the cell types they are made of."""
