"""Runs the code of tools, inside the sandbox: one call at a time, each in a module of its own."""

import ast
import inspect
import io
import json
import linecache
import os
import random
import reprlib
import sys
import time
import traceback
import types

TOOL = "<tool>"
LONGEST_ERROR = 20_000
LARGEST_PIECE = 8_192
LONGEST_WAIT_SECONDS = 0.05


class Refusal(Exception):
    """Something about a call that its caller is told without a traceback."""


class Output(io.TextIOBase):
    """What print writes to: told in pieces, up to a limit of characters."""

    def __init__(self, emit, limit):
        self._emit = emit
        self._limit = limit
        self._left = limit
        self._pieces = []
        self._waiting = 0
        self._told_at = time.monotonic()

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() takes text, not {type(text).__name__}")
        if self._left < 0:
            return len(text)
        piece = text[: self._left]
        self._left -= len(text)
        if self._left < 0:
            piece += f"\n[Cut here: stdout has {self._limit} characters at most.]\n"
        self._pieces.append(piece)
        self._waiting += len(piece)
        is_late = time.monotonic() - self._told_at > LONGEST_WAIT_SECONDS
        if self._waiting >= LARGEST_PIECE or is_late or self._left < 0:
            self.flush()
        return len(text)

    def flush(self):
        if self._pieces:
            self._emit("".join(self._pieces))
        self._pieces = []
        self._waiting = 0
        self._told_at = time.monotonic()


async def run(text, emit):
    """Makes a call, given as JSON, and answers it as JSON: an output, or an error."""
    request = json.loads(text)
    output = Output(emit, request["stdout_limit"])
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = output
    try:
        os.environ.clear()
        os.environ.update(request["environment"])
        answer = {"output": await _output(request)}
    except BaseException as error:
        answer = {"error": _explained(error)}
    finally:
        output.flush()
        sys.stdout, sys.stderr = before
        os.environ.clear()
        sys.modules.pop("tool", None)
        linecache.cache.pop(TOOL, None)
    return json.dumps(answer)


async def _output(request):
    function = _entry_point(request["source"])
    positional, named = _arguments(function, request["inputs"])
    result = function(*positional, **named)
    if inspect.isawaitable(result):
        result = await result
    text = result if isinstance(result, str) else _json(result)
    if len(text) > request["output_limit"]:
        limit = request["output_limit"]
        raise Refusal(f"The output has {len(text)} characters. At most {limit} are allowed.")
    return text


def _entry_point(source):
    """Runs the module, and answers the last function that it defines at its top level."""
    linecache.cache[TOOL] = len(source), None, source.splitlines(True), TOOL
    tree = compile(source, TOOL, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    names = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    if not names:
        raise Refusal("The source code defines no function at its top level.")
    module = types.ModuleType("tool")
    sys.modules["tool"] = module
    exec(compile(tree, TOOL, "exec", dont_inherit=True), module.__dict__)
    function = module.__dict__.get(names[-1])
    if not callable(function):
        raise Refusal(f"`{names[-1]}`, the last function of the source code, cannot be called.")
    return function


def _arguments(function, inputs):
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [], inputs
    any_name = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    taken = [
        parameter
        for parameter in parameters
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]
    names = {parameter.name for parameter in taken}
    faults = [
        f"the input `{parameter.name}` is missing"
        for parameter in taken
        if parameter.default is parameter.empty and parameter.name not in inputs
    ]
    if not any_name:
        faults += [f"the function has no argument `{name}`" for name in inputs if name not in names]
    if faults:
        signature = ", ".join(str(parameter) for parameter in parameters)
        name = getattr(function, "__name__", "function")
        raise Refusal(_clipped(f"`{name}({signature})` was not called: {'; '.join(faults)}."))
    positional = []
    named = dict(inputs)
    for parameter in taken:
        if parameter.kind is not parameter.POSITIONAL_ONLY or parameter.name not in named:
            break
        positional.append(named.pop(parameter.name))
    return positional, named


def _json(result):
    try:
        return json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        short = reprlib.Repr()
        short.maxstring = short.maxother = 200
        raise Refusal(
            _clipped(f"The result is neither text nor JSON: {error}. It is {short.repr(result)}")
        ) from None


def _explained(error):
    """What is told of an error: its traceback, of which our own frames are left out."""
    if type(error) is Refusal:
        return str(error)
    try:
        told = traceback.TracebackException.from_exception(error)
        _leave_out_own_frames(told)
        return _clipped("".join(told.format()).rstrip("\n"))
    except BaseException:
        return type(error).__name__


def _leave_out_own_frames(told):
    seen = set()
    left = [told]
    while left:
        each = left.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        own = run.__code__.co_filename
        frames = [frame for frame in each.stack if frame.filename != own]
        each.stack = traceback.StackSummary.from_list(frames)
        left += [each.__cause__, each.__context__, *(each.exceptions or [])]


def _clipped(text):
    if len(text) <= LONGEST_ERROR:
        return text
    half = LONGEST_ERROR // 2
    return f"{text[:half]}\n[…]\n{text[-half:]}"
