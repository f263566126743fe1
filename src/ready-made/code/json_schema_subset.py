"""Whether the answer is JSON that fits a JSON Schema: the key `schema` of the target.

It knows a subset of JSON Schema: the keywords that are handled in `faults`. Others that only
describe (`title`) are passed over; any other is an error, because a rule that nobody checks would
look like one that holds.
"""

import json
import re

DESCRIBING = {"$schema", "$id", "$comment", "title", "description", "default", "examples", "format"}
TYPES = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: is_number(value),
    "integer": lambda value: is_number(value) and value % 1 == 0,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def answer_of(log):
    """The output of the Log, or the text of its last message."""
    if log["output"] is not None:
        return log["output"]
    content = (log.get("output_message") or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)


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


def faults(value, schema, place="the answer"):
    """Yields what is wrong with a value, each with its place."""
    if isinstance(schema, bool):
        if not schema:
            yield f"{place} is not allowed"
        return
    for keyword, rule in schema.items():
        if keyword in RULES:
            yield from RULES[keyword](value, rule, place, schema)
        elif keyword not in DESCRIBING:
            raise ValueError(f"This evaluator does not know the keyword `{keyword}`.")


def fits(value, schema):
    return next(faults(value, schema), None) is None


def check_type(value, rule, place, _):
    names = rule if isinstance(rule, list) else [rule]
    for name in names:
        if name not in TYPES:
            raise ValueError(f"This evaluator does not know the type `{name}`.")
    if not any(TYPES[name](value) for name in names):
        yield f"{place} is not of type {' or '.join(names)}"


def check_enum(value, rule, place, _):
    if not any(equal(value, option) for option in rule):
        yield f"{place} is none of {json.dumps(rule, ensure_ascii=False)}"


def check_const(value, rule, place, _):
    if not equal(value, rule):
        yield f"{place} is not {json.dumps(rule, ensure_ascii=False)}"


def check_required(value, rule, place, _):
    if isinstance(value, dict):
        yield from (f"{place} has no `{key}`" for key in rule if key not in value)


def check_properties(value, rule, place, _):
    if isinstance(value, dict):
        for key, schema in rule.items():
            if key in value:
                yield from faults(value[key], schema, f"{place}.{key}")


def check_additional_properties(value, rule, place, schema):
    if isinstance(value, dict):
        for key in value.keys() - schema.get("properties", {}).keys():
            yield from faults(value[key], rule, f"{place}.{key}")


def check_items(value, rule, place, _):
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, rule, f"{place}[{index}]")


def check_any_of(value, rule, place, _):
    if not any(fits(value, schema) for schema in rule):
        yield f"{place} fits none of the schemas of anyOf"


def check_one_of(value, rule, place, _):
    count = sum(fits(value, schema) for schema in rule)
    if count != 1:
        yield f"{place} fits {count} of the schemas of oneOf, not one"


def check_all_of(value, rule, place, _):
    for schema in rule:
        yield from faults(value, schema, place)


def check_not(value, rule, place, _):
    if fits(value, rule):
        yield f"{place} fits the schema of not"


def limit(measure, is_within, words):
    """The check of a limit; `measure` answers None for values that the limit is not about."""

    def check(value, rule, place, _):
        size = measure(value)
        if size is not None and not is_within(size, rule):
            yield f"{place} {words} {rule}"

    return check


def number(value):
    return value if is_number(value) else None


def length(*types):
    return lambda value: len(value) if isinstance(value, types) else None


def text(value):
    return value if isinstance(value, str) else None


def at_least(size, rule):
    return size >= rule


def at_most(size, rule):
    return size <= rule


RULES = {
    "type": check_type,
    "enum": check_enum,
    "const": check_const,
    "required": check_required,
    "properties": check_properties,
    "additionalProperties": check_additional_properties,
    "items": check_items,
    "anyOf": check_any_of,
    "oneOf": check_one_of,
    "allOf": check_all_of,
    "not": check_not,
    "minimum": limit(number, at_least, "is below"),
    "maximum": limit(number, at_most, "is above"),
    "exclusiveMinimum": limit(number, lambda size, rule: size > rule, "is not above"),
    "exclusiveMaximum": limit(number, lambda size, rule: size < rule, "is not below"),
    "minLength": limit(length(str), at_least, "is shorter than"),
    "maxLength": limit(length(str), at_most, "is longer than"),
    "minItems": limit(length(list), at_least, "has fewer items than"),
    "maxItems": limit(length(list), at_most, "has more items than"),
    "pattern": limit(text, lambda value, rule: re.search(rule, value), "does not match"),
}


def json_schema_subset(log, testcase):
    target = (testcase and testcase["target"]) or {}
    if "schema" not in target:
        raise ValueError("The target of the Datapoint needs a key `schema`.")
    try:
        value = json.loads(answer_of(log))
    except ValueError as error:
        return {"judgment": False, "reason": f"the answer is not JSON: {error}"}
    found = list(faults(value, target["schema"]))
    return {"judgment": not found, "reason": "\n".join(found) or None}
