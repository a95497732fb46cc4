"""The platform's settings for workers that tests start and kill: a hold runs out soon. Home and key come from the environment."""

from sivuvirta.web.config.settings import *  # noqa: F403

DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA cache_size=-1000;"  # noqa: F405 - a write that is larger reaches the file before its end
JOB_LEASE = 6.0
JOB_BEAT = 0.5
