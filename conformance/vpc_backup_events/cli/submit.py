"""For `spark-submit`: `audit` on the cluster that it names.

spark-submit --master ... submit.py PATH... [options of audit]
"""

from __future__ import annotations

import sys

from vpc_backup_events.cli import main

if __name__ == "__main__":
    sys.exit(main(["audit", "--engine", "spark", *sys.argv[1:]]))
