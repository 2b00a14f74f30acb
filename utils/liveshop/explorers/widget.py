"""An explorer with a kernel: ipywidgets over a picture that is redrawn."""

from collections import OrderedDict

MOST_KEPT = 120  # pictures already drawn: moving back is at once


def widget(controls, picture_of):
    """Controls, and below them the picture; `picture_of(values)` gives the HTML of one combination of values."""
    import ipywidgets

    picture, seen = ipywidgets.HTML(), OrderedDict()
    boxes = [_box(ipywidgets, control) for control in controls]

    def redraw(_=None):
        values = {control.name: box.value for control, box in zip(controls, boxes, strict=True)}
        key = tuple(map(repr, values.values()))
        if key not in seen:
            seen[key] = picture_of(values)
            if len(seen) > MOST_KEPT:
                seen.popitem(last=False)
        picture.value = seen[key]

    for box in boxes:
        box.observe(redraw, "value")
    redraw()
    # The title stands in the figure; controls come first, as in the book.
    return ipywidgets.VBox([*boxes, picture])


def _box(ipywidgets, control):
    options = list(zip(control.texts, control.values, strict=True))
    first = control.values[control.start]
    common = {"value": first, "description": control.label, "style": {"description_width": "initial"}}
    if control.kind == "slider":
        return ipywidgets.SelectionSlider(options=options, layout={"width": "min(32em, 95%)"}, **common)
    if control.kind == "checkbox":
        return ipywidgets.Checkbox(indent=False, **common)
    return (ipywidgets.RadioButtons if len(options) <= 5 else ipywidgets.Dropdown)(options=options, **common)
