"""No buyer's id in the clear: the ids of persons become keyed hashes."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.tables.contract import persons
from liveshop.tables.errors import TableError
from liveshop.tables.writing import EXCEL_DIGITS

_run_secret = secrets.token_bytes(32)


def pseudonymise(frame, secret=None, columns=None, integers=None):
    """A copy in which the ids of persons are replaced by keyed hashes that fit the contract.

    The same person keeps the same pseudonym in every table that is written with the same secret, whether the
    id came as 17, 17.0 or "17", and a mail address in small letters or in large ones. Whole-number ids become whole
    numbers of at most 15 digits (so that no program rounds them, a spreadsheet neither; two of a million persons meet
    with a chance of about 1 in 2,000), text ids "p" and 16 hexadecimal digits.
    secret: None (a new secret for this run), bytes (the secret itself), or the path of a file that keeps it,
    which is made, readable by you alone, when it is not there.
    columns: ids to replace; by default those of persons by the contract (customers, viewers, openers of deals …) and
    the units of experiments (text: "17" becomes the text of 17's pseudonym, so that trials still join customers; units
    that are broadcasts are hashed as well, since nothing tells them apart).
    integers: whether pseudonyms are whole numbers; by default as the column is.
    """
    key = _secret(secret)
    changed = frame.copy()
    for name in persons() if columns is None else columns:
        if name not in changed:
            continue
        ids = changed[name]
        whole = pd.api.types.is_numeric_dtype(ids.dtype) if integers is None else integers
        ids = ids.astype(object)
        names = {value: _pseudonym(key, value, whole) for value in ids.dropna().unique()}
        if name == "unit_id":            # text in every table; it must still join whole-number customer ids
            names = {value: str(_pseudonym(key, value, str(value).isdigit())) for value in names}
            whole = False
        replaced = ids.map(names, na_action="ignore")
        replaced = replaced.astype("Int64") if whole else replaced.astype("str")
        changed[name] = replaced if not whole or replaced.isna().any() else replaced.astype("int64")
    return changed


def _pseudonym(key, value, whole):
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    value = str(value).lower() if "@" in str(value) else value     # an address is one in any case
    digest = hmac.new(key, str(value).encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) % EXCEL_DIGITS if whole else "p" + digest[:8].hex()


def _secret(secret):
    if secret is None:
        return _run_secret
    if isinstance(secret, (bytes, bytearray)):
        return bytes(secret)
    path = Path(secret)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise TableError(problem=f"the secret file {path.name} cannot be read", remedy="give another path") from error
    if len(text) < 16:
        raise TableError(problem=f"the secret in {path.name} is shorter than 16 characters",
                         remedy="delete the file, and a new one is made")
    return text.encode("utf-8")
