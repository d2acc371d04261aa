"""The version of the kit; packaging and `--version` read it here."""

__version__ = "0.1.0"
