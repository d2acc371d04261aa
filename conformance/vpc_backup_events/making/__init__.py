"""Events made on purpose: valid ones, documented contradictions, and mutations that break one requirement each.

Every choice is asked of a `Choices`: the same code serves Hypothesis, which shrinks, and seeded bulk generation,
which is fast and gives the same bytes everywhere.
"""
