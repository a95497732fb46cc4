"""People: accounts, their roles, and the organisations they work for."""
