"""Two published cases on which 1.2 tries its tools: Balk's basket of goods, and temperatures split by R."""

import numpy as np
import pandas as pd

# Balk, Price and Quantity Index Numbers (2008), tables 3.1 and 3.2: six goods (rows) in five periods.
PRICES = np.array([[1, 1.2, 1, .8, 1], [1, 3, 1, .5, 1], [1, 1.3, 1.5, 1.6, 1.6], [1, .7, .5, .3, .1],
                   [1, 1.4, 1.7, 1.9, 2], [1, .8, .6, .4, .2]])
QUANTITIES = np.array([[1, .8, 1, 1.2, .9], [1, .9, 1.1, 1.2, 1.2], [2, 1.9, 1.8, 1.9, 2], [1, 1.3, 3, 6, 12],
                       [4.5, 4.7, 5, 5.6, 6.5], [.5, .6, .8, 1.3, 2.5]])

# R's series nottem: mean temperature of the air at Nottingham Castle, 240 months from January 1920, degrees Fahrenheit;
# here in tenths of a degree.
NOTTINGHAM = np.array("""
    406 408 444 467 541 585 577 564 543 505 429 398 442 398 451 470 541 587 663 599 570 542 397 428
    375 387 395 421 557 578 568 543 543 471 418 417 418 401 429 458 492 527 642 596 544 492 363 376
    393 375 383 455 532 577 608 582 564 498 444 436 400 405 408 451 538 594 635 610 530 500 381 363
    392 434 434 489 506 568 625 620 575 467 416 398 394 385 453 471 517 550 604 605 547 503 423 352
    408 411 428 473 509 564 622 605 554 502 430 373 348 313 410 439 531 569 625 603 598 492 429 419
    416 371 412 469 512 604 601 616 570 509 430 388 371 384 384 465 535 584 606 582 538 466 455 406
    424 384 403 446 509 570 621 635 563 473 436 418 362 393 445 487 542 608 655 649 601 502 421 358
    394 382 404 469 534 596 665 604 592 512 428 458 400 426 435 471 500 605 646 640 568 486 442 364
    373 350 440 439 527 586 600 611 581 496 416 413 408 410 384 474 541 586 614 618 563 509 414 371
    421 412 473 466 524 590 596 604 570 507 478 392 394 409 424 478 524 580 607 618 582 467 466 378
""".split(), float) / 10

# As printed: Balk's indices of the fifth period, and the first month as R's stl splits it (s.window 7, t.window 51,
# l.window 13, degrees 0, 1, 1, jumps 1, inner 2, outer 0).
PRINTED = {
    "price index, Laspeyres": "1.44", "price index, Paasche": "0.79681", "price index, Fisher": "1.071172",
    "STL, first season": "-8.0777845", "STL, first trend": "49.821895", "STL, first rest": "-1.1441108",
}


def beside(values):
    """The printed results and ours, in the order of `PRINTED` and with as many decimals; a row each, as text."""
    decimals = [len(text.partition(".")[2]) for text in PRINTED.values()]
    ours = [f"{value:.{places}f}" for value, places in zip(values, decimals, strict=True)]
    return pd.DataFrame({"published": list(PRINTED.values()), "here": ours}, index=list(PRINTED))
