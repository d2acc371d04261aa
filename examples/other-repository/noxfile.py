"""Sessions for a repository that has a consumer: the suite, and what its Terraform says."""

import nox


@nox.session
def backup_events(session: nox.Session) -> None:
    """The conformance of the consumer, as tests."""
    session.install("vpc-backup-events[pytest,hypothesis]", "-r", "requirements.txt")
    session.run("pytest", "tests/test_backup_events.py", "--backup-events-fail-on", "warning", *session.posargs)


@nox.session
def registrations(session: nox.Session) -> None:
    """Terraform, command lines and policies that connect the events."""
    session.install("vpc-backup-events[terraform]")
    session.run("vpc-backup-events", "lint", "infrastructure/")
