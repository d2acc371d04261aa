"""What all tests of the kit share."""

pytest_plugins = ["pytester"]
