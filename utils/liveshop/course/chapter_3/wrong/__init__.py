"""Wrong answers of chapter 3 that take more than a line to make."""
