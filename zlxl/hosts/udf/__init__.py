"""Functions in cells: what a cell or range holds goes in, answers of the same shape come out."""
