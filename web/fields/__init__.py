"""Forms on a page: a definition becomes inputs with what was typed and what is wrong with it, or a sheet to read."""
