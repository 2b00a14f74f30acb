"""Published numbers are compared as they were printed."""


def printed(value, digits):
    """The value as it would be printed with so many decimals."""
    return float(f"{value:.{digits}f}")
