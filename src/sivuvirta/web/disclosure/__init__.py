"""Disclosure: what is hidden is asked for, given for a purpose and a time, or refused; every step is logged."""
