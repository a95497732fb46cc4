"""Pages of the register: a region, a table, a row, a form, a map."""
