"""How often the detection finds, and how often it cries wolf, on data whose truth is known."""
