"""Commands that serve and keep the platform."""
