"""A job of Code Engine: started for each event, which is in the environment."""

import os
import sys

from alerts import Memory

try:
    Memory(os.environ.get("SEEN", "seen/jobs")).take(os.environ["ibmendata"])
except (KeyError, ValueError) as error:
    sys.exit(f"no event in ibmendata: {error}")
