"""The checks of `validate`, by what they look at. Each takes sound columns or a frame and returns a list of `Problem`."""
