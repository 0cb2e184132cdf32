"""One module per generated page of `docs/`: read the code, return Markdown."""

import models.database  # noqa: F401 - gives constraints their names, so it comes before any table
