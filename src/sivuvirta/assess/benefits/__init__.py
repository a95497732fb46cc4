"""Benefit sheets: what each exchange brings, so that exchanges add up to the difference of two ledgers."""
