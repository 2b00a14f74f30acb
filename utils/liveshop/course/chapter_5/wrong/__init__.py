"""The rarer wrong ways of the exercises of chapter 5, and the amounts that their answers are made of."""
