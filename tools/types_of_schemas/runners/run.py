"""Prints what the consumer of the page reads of each event of a file, one a line."""

import json
import sys
from pathlib import Path

from consumer import facts

for line in Path(sys.argv[1]).read_text().splitlines():
    print(json.dumps(facts(line)))
