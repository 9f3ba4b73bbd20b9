"""How a table is declared, how its header is found, and how a grid becomes columns or accusations."""
