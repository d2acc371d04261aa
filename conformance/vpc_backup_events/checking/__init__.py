"""One event or email against the documentation: breaches, then findings, in a report."""
