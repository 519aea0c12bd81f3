"""Programs that show the product at work: a small shop to record, and the demo that records it."""
