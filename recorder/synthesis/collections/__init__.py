"""Collections: the items that a service holds, and which calls show, make, change and name them."""
