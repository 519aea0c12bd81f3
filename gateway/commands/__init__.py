"""What the commands do: serve a gateway, steer a running one, look at cassettes."""
