"""Hold plain data (from YAML or JSON) against a JSON Schema, and say in one sentence what does not fit.

A schema may carry sentences of its own for its authors, under `errorMessage` as ajv-errors has it: one text for
everything in that place, or one for each keyword. In them {found} is what stands there, {missing} the name that
is not there, {unknown} a name that the schema does not know, {known} the names that it knows.
"""

import json
from importlib.resources import files


def schema(package, name):
    """The JSON Schema that lies in a package's folder under this name, as a dict."""
    return json.loads((files(package) / name).read_text(encoding="utf-8"))


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
