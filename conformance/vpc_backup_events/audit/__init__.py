"""Archives of any size: files are cut into parts, each part is judged by itself, and the results are put together.

What comes out does not depend on how the archive was cut, on how many processes worked, or on the engine: counts are
exact, and the findings that are shown are the first of each requirement in the order of the archive.
"""
