"""Wrong answers of chapter 4 that take more than a line to make."""
