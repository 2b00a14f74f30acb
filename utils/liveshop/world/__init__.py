"""The simulated brand Qinghe: generated from people and rooms up, with known truth.

    simulate(parameters, seed, rooms=230, size=1.0, social=True) -> dict of DataFrames
    simulate_room(viewers, out)                     one room of any size, in bounded memory
    realism(tables)                                 our world beside published figures
    nights.play(order, nights, seed)                a rundown on simulated nights

`python -m liveshop.world` writes `data/`. Nothing in `liveshop.methods` may import this
package, and it imports none of `methods`: an estimator that shares code with the
generator proves nothing.
"""

from . import nights
from .parameters import Parameters
from .realism import realism
from .room import simulate_room
from .season import simulate, write

__all__ = ["Parameters", "nights", "realism", "simulate", "simulate_room", "write"]
