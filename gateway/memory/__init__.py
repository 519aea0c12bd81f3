"""What mocks remember: scopes, scenarios and resources over the stores of state."""
