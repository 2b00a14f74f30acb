"""Wrong answers of chapter 2 that take more than a line to make."""
