"""Arrow, with the memory of the system: its own allocator takes a GiB of address space, which may be bounded."""

from __future__ import annotations

import os

# read when Arrow is imported, also by the processes that this one starts
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["pa", "pq"]
