"""What the papers of a studio say."""
