"""A conference with talks, registrations and reviews: an ordinary service of Django REST framework."""
