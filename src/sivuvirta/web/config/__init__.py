"""The project: settings from the environment, addresses, the WSGI application."""
