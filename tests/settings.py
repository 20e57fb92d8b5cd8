"""The product's settings, but for what only costs time in tests: static files are read where they lie, passwords
are hashed quickly, and files that are uploaded go to a folder that nobody misses."""

from __future__ import annotations

import os
import tempfile

os.environ["CLIENTIER_DEVELOP"] = "1"

from clientier.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = tempfile.mkdtemp(prefix="clientier-test-files-")
