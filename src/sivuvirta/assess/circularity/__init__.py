"""Circularity: indicators of products, sites, organisations and regions, each at the levels at which it is defined."""
