"""The platform's settings as the tests run it: a home of its own, which goes when the tests end, and a fixed key."""

import os
import tempfile

os.environ["SIVUVIRTA_HOME"] = tempfile.mkdtemp(prefix="sivuvirta-platform-")
os.environ["SECRET_KEY"] = "a key for tests that signs nothing anybody trusts, long enough"

from sivuvirta.web.config.settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
REQUESTS = (0, 0)  # tests ask more than people do; those of limits set their own
SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 costs 0.2 s an account, by design: its test asks for it
