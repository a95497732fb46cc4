"""Tests: unit (mirrors the package), laws, published, golden, browser, docs."""
