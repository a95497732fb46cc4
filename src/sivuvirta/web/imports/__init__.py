"""Imports: files of people and of machines into the register, as sessions that show what they would change before they change it."""
