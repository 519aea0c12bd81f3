"""The front door: finds the route, lets its mode decide, performs the plan, keeps the journal."""
