"""Formats: dates as our people write them, where a language has several ways (figures are as the language writes them)."""
