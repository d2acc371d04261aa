"""What several tests of the kit use: fakes of every subject, events, archives, runs and pages."""
