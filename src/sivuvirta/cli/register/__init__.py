"""Commands that read and check a register: its regions, problems, forms, sources."""
