"""The methods as a whole."""


def test_methods_know_nothing_of_the_simulator():
    import pathlib

    import liveshop.methods

    for file in pathlib.Path(liveshop.methods.__file__).parent.glob("*.py"):
        assert "liveshop.world" not in file.read_text(encoding="utf-8"), file.name


def test_every_module_can_be_called_by_its_name():
    import pathlib

    from liveshop import methods

    files = {file.stem for file in pathlib.Path(methods.__file__).parent.glob("*.py") if not file.stem.startswith("_")}
    assert set(dir(methods)) == files
    for name in files:
        assert getattr(methods, name).__doc__, name


def test_every_reference_lies_beside_the_script_that_made_it():
    """And says in its first lines with what it was made, and how to make it again."""
    import pathlib

    folder = pathlib.Path(__file__).parent / "references"
    scripts = {file.stem: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.suffix in (".R", ".py")}
    values = {file.stem for file in folder.iterdir() if file.suffix in (".csv", ".json")}
    assert values == set(scripts) and len(values) >= 5
    for name, text in scripts.items():
        assert f"Makes {name}." in text and "Run" in text, name
