"""Speed, memory and growth, as ratios measured in one run. Never part of the tests."""
