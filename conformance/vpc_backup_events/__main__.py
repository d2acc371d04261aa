"""`python -m vpc_backup_events` runs the command line."""

import sys

from vpc_backup_events.cli import main

if __name__ == "__main__":
    sys.exit(main())
