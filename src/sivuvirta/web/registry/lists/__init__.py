"""Lists of rows: asked for by an address, cut into pages, taken as files, kept as views, changed many at once."""
