"""The forms of a studio as data (office.filing): plans, career plans, annual summaries."""
