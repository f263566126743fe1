"""How many characters have to be added, removed or changed to make the answer the expected one.

The expected one is the `output` of the target, or its only value. 0 is an exact match.
"""

import json


def answer_of(log):
    """The output of the Log, or the text of its last message."""
    if log["output"] is not None:
        return log["output"]
    content = (log.get("output_message") or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)


def expected(testcase):
    """The `output` of the target, or its only value."""
    target = (testcase and testcase["target"]) or {}
    if "output" in target:
        return target["output"]
    if len(target) == 1:
        return next(iter(target.values()))
    raise ValueError("The target of the Datapoint needs a key `output`.")


def distance(one, other):
    """Levenshtein's distance, a row at a time in the bits of a number (Myers 1999, Hyyrö 2003)."""
    if not one:
        return len(other)
    places = {}
    for index, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << index
    all_bits = (1 << len(one)) - 1
    last_bit = 1 << (len(one) - 1)
    up, down, result = all_bits, 0, len(one)
    for character in other:
        equal = places.get(character, 0)
        vertical = equal | down
        horizontal = (((equal & up) + up) ^ up) | equal
        more = down | (all_bits & ~(horizontal | up))
        less = up & horizontal
        if more & last_bit:
            result += 1
        elif less & last_bit:
            result -= 1
        more = ((more << 1) | 1) & all_bits
        less = (less << 1) & all_bits
        up = less | (all_bits & ~(vertical | more))
        down = more & vertical
    return result


def levenshtein(log, testcase):
    value = expected(testcase)
    return distance(answer_of(log), value if isinstance(value, str) else json.dumps(value))
