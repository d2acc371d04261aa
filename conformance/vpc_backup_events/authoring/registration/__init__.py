"""Registration as files: Terraform, command lines, API bodies and IAM policies against position P37."""

from vpc_backup_events.authoring.registration.lint import ENDINGS, KINDS, NothingReadError, Registrations, kind_of, lint

__all__ = ["ENDINGS", "KINDS", "NothingReadError", "Registrations", "kind_of", "lint"]
