"""The simulated brand Qinghe: generated from people and rooms up, with known truth.

    simulate(parameters, seed, rooms=230, size=1.0, social=True) -> dict of DataFrames
    simulate_room(viewers, out)                     one room of any size, in bounded memory
    realism(tables)                                 our world beside published figures
    nights.play(order, nights, seed)                a rundown on simulated nights

`python -m liveshop.world` writes `data/`. Nothing in `liveshop.methods` may import this
package, and it imports none of `methods`: an estimator that shares code with the
generator proves nothing.
"""

from liveshop.world.play import nights
from liveshop.world.parameters import Parameters
from liveshop.world.realism import realism
from liveshop.world.big_room import simulate_room
from liveshop.world.season import simulate, write

__all__ = ["Parameters", "nights", "realism", "simulate", "simulate_room", "write"]
