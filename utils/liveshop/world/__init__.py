"""The simulated brand Qinghe: generated from people and rooms up, with known truth.

    simulate(parameters, seed, rooms=230, size=1.0, social=True, business=True) -> dict of DataFrames
    simulate_room(viewers, out)                     one room of any size, in bounded memory
    realism(tables)                                 our world beside published figures
    nights.play(order, nights, seed)                a rundown on simulated nights

`python -m liveshop.world` writes `data/`. Nothing in `liveshop.methods` may import this
package, and it imports none of `methods`: an estimator that shares code with the
generator proves nothing. Each name is imported when it is first used, so that who only
plays nights does not load the rest.
"""

from importlib import import_module

from liveshop.world.realism import realism

# name in the package → module it is in; `nights` is the module itself
_NAMES = {
    "Parameters": "parameters",
    "nights": "play.nights",
    "simulate": "season",
    "simulate_room": "big_room",
    "write": "season",
}

__all__ = [*_NAMES, "realism"]


def __getattr__(name):
    if name not in _NAMES:
        raise AttributeError(f"module 'liveshop.world' has no attribute {name!r}")
    module = import_module(f"liveshop.world.{_NAMES[name]}")
    value = module if name == "nights" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
