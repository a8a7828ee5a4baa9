"""What must survive (the design's table): the real program, hurt on purpose. python -m tests.resilience prints it."""
