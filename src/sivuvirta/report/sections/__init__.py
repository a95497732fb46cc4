"""Sections: the tables and sentences of a report, one module a section."""
