"""How often the rules that watch oil stocks and card issuers find what was hidden, and how often they are wrong."""
