"""Registration as files: Terraform, command lines, API bodies and IAM policies against position P37."""

from vpc_backup_events.authoring.registration.lint import KINDS, NothingReadError, kind_of, lint

__all__ = ["KINDS", "NothingReadError", "kind_of", "lint"]
