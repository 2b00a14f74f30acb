"""The methods as a whole."""


def test_methods_know_nothing_of_the_simulator():
    import pathlib

    import liveshop.methods

    for file in pathlib.Path(liveshop.methods.__file__).parent.glob("*.py"):
        assert "liveshop.world" not in file.read_text(encoding="utf-8"), file.name
