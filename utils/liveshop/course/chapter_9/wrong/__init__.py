"""What goes wrong in the exercises of chapter 9, as functions of the exercise."""
