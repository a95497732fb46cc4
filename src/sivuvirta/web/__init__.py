"""The platform: a Django project over the engine. Extra `[web]`; nothing of the engine imports it."""
