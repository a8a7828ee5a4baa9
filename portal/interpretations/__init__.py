"""Art. 20: questions on the measures, answered by whoever issued them; the noun is in programmes."""
