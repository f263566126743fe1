"""Whether the agent called the expected tools, with the expected arguments.

The target of the Datapoint has

    tool_calls: [{"name": …, "arguments"?: {…}}]; without arguments, any will do
    mode:       "strict" (default): the same calls in the same order
                "unordered": the same calls in any order
                "superset": at least these calls, in this order; others may stand between them
                "subset": no calls but these, in any order; some may be missing
    arguments:  "exact" (default): equal arguments
                "subset": at least the expected arguments, also inside of objects
                "ignore": any arguments
"""

import json

LONGEST_ARGUMENTS = 200


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def equal(one, other):
    """Equal as JSON: in Python, `True == 1`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if is_number(one) and is_number(other):
        return one == other
    return type(one) is type(other) and one == other


def within(wanted, given):
    """Whether objects have at least the wanted keys; everything else is equal."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        return all(key in given and within(wanted[key], given[key]) for key in wanted)
    return equal(wanted, given)


def any_arguments(wanted, given):
    return True


ARGUMENTS = {"exact": equal, "subset": within, "ignore": any_arguments}


def matches(wanted, call, fit):
    if wanted["name"] != call["name"]:
        return False
    return "arguments" not in wanted or fit(wanted["arguments"], call["arguments"])


def paired(expected, calls, fit):
    """Gives as many calls as possible an expected one each; answers {index of call: of expected}."""
    taken = {}

    def find(index, seen):
        for place, call in enumerate(calls):
            if place in seen or not matches(expected[index], call, fit):
                continue
            seen.add(place)
            # Who has this call may have another one, too.
            if place not in taken or find(taken[place], seen):
                taken[place] = index
                return True
        return False

    for index in range(len(expected)):
        find(index, set())
    return taken


def in_order(expected, calls, fit):
    """Finds the expected calls from the first to the last; answers {index of call: of expected}."""
    taken = {}
    for place, call in enumerate(calls):
        if len(taken) < len(expected) and matches(expected[len(taken)], call, fit):
            taken[place] = len(taken)
    return taken


def same_places(expected, calls, fit):
    pairs = enumerate(zip(expected, calls))
    return {place: place for place, (wanted, call) in pairs if matches(wanted, call, fit)}


# How calls are found, and whether all expected ones and no others have to be there.
MODES = {
    "strict": (same_places, True, True),
    "unordered": (paired, True, True),
    "superset": (in_order, True, False),
    "subset": (paired, False, True),
}


def shown(call):
    """`search({"q": "rain"})`, cut short; without arguments where any will do."""
    if "arguments" not in call:
        return call["name"]
    arguments = json.dumps(call["arguments"], ensure_ascii=False)
    if len(arguments) > LONGEST_ARGUMENTS:
        arguments = arguments[:LONGEST_ARGUMENTS] + "…"
    return f"{call['name']}({arguments})"


def chosen(target, key, standard, table):
    name = target.get(key) or standard
    if name not in table:
        raise ValueError(f"The `{key}` of the target is {name!r}, not one of {', '.join(table)}.")
    return table[name]


def tool_calls_match(log, testcase):
    target = (testcase and testcase["target"]) or {}
    if not isinstance(target.get("tool_calls"), list):
        raise ValueError("The target of the Datapoint needs a list `tool_calls`.")
    expected = target["tool_calls"]
    calls = log["tool_calls"]
    find, needs_all, allows_no_others = chosen(target, "mode", "strict", MODES)
    taken = find(expected, calls, chosen(target, "arguments", "exact", ARGUMENTS))
    lines = []
    if needs_all:
        found = taken.values()
        lines += [f"Missing: {shown(w)}" for i, w in enumerate(expected) if i not in found]
    if allows_no_others:
        lines += [f"Unexpected: {shown(call)}" for i, call in enumerate(calls) if i not in taken]
    return {"judgment": not lines, "reason": "\n".join(lines) or None}
