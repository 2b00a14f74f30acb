"""Wrong answers of chapter 1 that take more than a line to make."""
