"""Takes each event of a file, one a line, and its details as TypedDicts; ends with an error where one is none."""

import json
import sys
import typing
from pathlib import Path

import typing_extensions
from pydantic import TypeAdapter

# before Python 3.12 pydantic can only look into those of typing_extensions
typing.TypedDict = typing_extensions.TypedDict

import typed  # noqa: E402

EVENT = TypeAdapter(typed.BackupEvent)
DETAILS = TypeAdapter(typed.Details)
for line in Path(sys.argv[1]).read_text().splitlines():
    event = EVENT.validate_python(json.loads(line))
    DETAILS.validate_json(event["ibmendefaultlong"])
