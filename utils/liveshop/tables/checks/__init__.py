"""The checks of `validate`, by what they look at. Each returns a list of `Problem`."""
