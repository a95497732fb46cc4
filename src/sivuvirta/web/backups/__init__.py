"""Backups: everything the platform keeps, in one file, written while people work, read into an empty database of either kind."""
