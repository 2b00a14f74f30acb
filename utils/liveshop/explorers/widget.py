"""An explorer with a kernel: ipywidgets below a picture that is redrawn."""

from collections import OrderedDict

MOST_KEPT = 120  # pictures already drawn: moving back is at once


def widget(controls, picture_of, said_of):
    """Picture, controls and sentence, in the book's order.

    `picture_of(values)` gives the picture's HTML and the sentence of one combination of values. `said_of(sentence,
    longest)` gives the sentence's HTML, as high as the longest so far: what is below does not jump to and fro.
    """
    import ipywidgets

    picture, said, seen, longest = ipywidgets.HTML(), ipywidgets.HTML(), OrderedDict(), ""
    boxes = [_box(ipywidgets, control) for control in controls]

    def redraw(_=None):
        nonlocal longest
        values = {control.name: box.value for control, box in zip(controls, boxes, strict=True)}
        key = tuple(map(repr, values.values()))
        if key not in seen:
            seen[key] = picture_of(values)
            if len(seen) > MOST_KEPT:
                seen.popitem(last=False)
        picture.value, sentence = seen[key]
        longest = max(longest, sentence, key=len)
        said.value = said_of(sentence, longest)

    for box in boxes:
        box.observe(redraw, "value")
    redraw()
    return ipywidgets.VBox([picture, *boxes, said])


def _box(ipywidgets, control):
    options = list(zip(control.texts, control.values, strict=True))
    first = control.values[control.start]
    common = {"value": first, "description": control.label, "style": {"description_width": "initial"}}
    if control.kind == "slider":
        return ipywidgets.SelectionSlider(options=options, layout={"width": "min(36em, 95%)"}, **common)
    if control.kind == "checkbox":
        return ipywidgets.Checkbox(indent=False, **common)
    if control.in_a_row:
        return ipywidgets.RadioButtons(options=options, orientation="horizontal", layout={"width": "auto"}, **common)
    return ipywidgets.Dropdown(options=options, layout={"width": "max-content", "max_width": "95%"}, **common)
