"""Plans over a horizon: programs of its periods side by side, joined by what lasts from one to the next."""
