"""Read the course's own YAML files and hold them against a JSON Schema; say in one sentence what does not fit.

A schema may carry sentences of its own for its authors, under `errorMessage` as ajv-errors has it: one text for
everything in that place, or one for each keyword. In them {found} is what stands there, {missing} the name that
is not there, {unknown} a name that the schema does not know, {known} the names that it knows.
"""

import json
from importlib.resources import files


class ShapeError(ValueError):
    """What is wrong with a file: which file, where in it, what. One sentence."""


def schema(package, name):
    """The JSON Schema that lies in a package's folder under this name, as a dict."""
    return json.loads((files(package) / name).read_text(encoding="utf-8"))


def read_yaml(path):
    """What stands in a YAML file; ShapeError when it is not there or cannot be read."""
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ShapeError(f"There is no file {path.name}.") from None
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise ShapeError(f"{path.name} could not be read: {' '.join(str(error).split())}.") from None


def read(path, schema):
    """What stands in a YAML file of this shape; ShapeError says where it does not fit."""
    data = read_yaml(path)
    found = fault(data, schema)
    if found:
        place, words = found
        raise ShapeError(f"{', '.join([path.name, *_place(data, place)])}: {words}.")
    return data


def fault(data, schema):
    """The first thing in `data` that the schema refuses, as (path, words), or None when all fits.

    path : names and positions (from 0) that lead there. words : what is wrong, without its place and without a stop.
    """
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(schema).iter_errors(data)
    first = min(errors, default=None, key=lambda error: [(isinstance(step, str), step) for step in error.absolute_path])
    return None if first is None else (list(first.absolute_path), _words(first))


def _words(error):
    message = error.schema.get("errorMessage", {})
    if isinstance(message, dict):
        message = message.get(error.validator)
    if message is None:
        return " ".join(error.message.split())
    known = list(error.schema.get("properties", {}))
    there = error.instance if isinstance(error.instance, dict) else {}
    return message.format(
        found=repr(error.instance),
        missing=next((name for name in error.schema.get("required", []) if name not in there), ""),
        unknown=repr(next((name for name in there if name not in known), "")),
        known=", ".join(known),
    )


def _place(data, path):
    """The way to a fault in words: entries of a list by what they are called, otherwise by their position from 1."""
    words = []
    for step in path:
        data = data[step]
        if isinstance(step, str):
            words.append(step)
            continue
        about = data if isinstance(data, dict) else {}
        name = next((about[key] for key in ("id", "number", "en") if about.get(key)), step + 1)
        words[-1:] = [f"{words[-1]} {name}"] if words else [f"entry {name}"]
    return words
