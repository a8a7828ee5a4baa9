"""What must hold for the steps of a studio at work, and the articles that ask for it."""
