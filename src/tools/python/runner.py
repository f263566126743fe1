"""Runs the code of tools and evaluators in the sandbox: one call at a time, each in its own module."""

import ast
import inspect
import io
import json
import linecache
import math
import os
import random
import reprlib
import sys
import time
import traceback
import types

LONGEST_ERROR = 20_000
LONGEST_LINE = 1_000
LARGEST_PIECE = 8_192
LONGEST_WAIT_SECONDS = 0.05
MOST_PRINTED = 10_000_000

# Pyodide sets it to a path of the host.
sys.executable = ""


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
        self.printed = 0

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() takes text, not {type(text).__name__}")
        self.printed += len(text)
        if self._left < 0:
            return len(text)
        piece = text[: self._left]
        self._left -= len(text)
        if self._left < 0:
            piece += f"\n[Cut here: stdout has {self._limit} characters at most (PYTHON_STDOUT_CHARACTERS).]\n"
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


class Program:
    """Source code, compiled once. Each run of it has a module of its own."""

    def __init__(self, source, name):
        self.name = name
        self._lines = source.splitlines(True)
        self._size = len(source)
        self._show_lines()
        tree = compile(source, self._filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        functions = [
            node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        if not functions:
            raise Refusal("The source code defines no function at its top level.")
        self._entry = functions[-1]
        self._code = compile(tree, self._filename, "exec", dont_inherit=True)

    def run(self):
        """Runs the module, and answers the last function that it defines at its top level."""
        self._show_lines()
        module = types.ModuleType(self.name)
        sys.modules[self.name] = module
        exec(self._code, module.__dict__)
        function = module.__dict__.get(self._entry.name)
        if not callable(function):
            name = self._entry.name
            raise Refusal(f"`{name}`, the last function of the source code, cannot be called.")
        return function

    def is_async(self, function):
        return isinstance(self._entry, ast.AsyncFunctionDef) or inspect.iscoroutinefunction(function)

    @property
    def _filename(self):
        return f"<{self.name}>"

    def _show_lines(self):
        """Lets tracebacks quote the source."""
        linecache.cache[self._filename] = self._size, None, self._lines, self._filename


class Stage:
    """Where code runs: entered for each of its stretches, closed when its answer is there."""

    def __init__(self, name, output, environment, explain):
        self._name = name
        self._output = output
        self._environment = environment
        self._explain = explain
        self._began_at = time.monotonic()
        self.answer = {}

    def __enter__(self):
        self._before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self._output
        os.environ.clear()
        os.environ.update(self._environment)
        return self

    def __exit__(self, _, error, __):
        if error is not None:
            self.answer = {"error": self._explain(error), "worn": _is_of_memory(error)}
        sys.stdout, sys.stderr = self._before
        os.environ.clear()
        return True

    def close(self):
        """Removes what the call left, and tells its answer as JSON."""
        self._output.flush()
        sys.modules.pop(self._name, None)
        linecache.cache.pop(f"<{self._name}>", None)
        return json.dumps({**self.answer, "seconds": time.monotonic() - self._began_at})


def call(text, emit):
    """Calls a tool, as JSON says, and answers as JSON: an output, or an error.

    The answer is a coroutine when the code has to be awaited. Otherwise the event loop is left out,
    which makes short calls faster.
    """
    request = json.loads(text)
    output = Output(emit, request["stdout_limit"])
    stage = Stage("tool", output, request["environment"], _explained)

    def start():
        function = Program(request["source"], "tool").run()
        positional, named = _arguments(function, _read(request["inputs"], "inputs"))
        result = function(*positional, **named)
        return result, inspect.isawaitable(result)

    return _answered(stage, start, lambda result: {"output": _text(result, request["output_limit"])})


def batch(text):
    """Takes what the items of a batch share, as JSON, and answers a function that judges one."""
    shared = json.loads(text)
    program = None

    def judge(item, emit):
        """Judges an item, a JSON list of arguments. Answers as `call` does, with a `value`."""
        output = Output(emit, shared["stdout_limit"])
        stage = Stage("evaluator", output, {}, _explained_to_evaluator)

        def start():
            nonlocal program
            program = program or Program(shared["source"], "evaluator")
            function = program.run()
            given = _read(item, "arguments")
            _share_children(given[0])
            result = function(*_taken(function, given))
            return result, program.is_async(function) and inspect.isawaitable(result)

        def finish(result):
            if output.printed > MOST_PRINTED:
                raise Refusal(f"printed {output.printed} characters; at most {MOST_PRINTED} are allowed")
            return {"value": _value(result, shared["output_limit"])}

        return _answered(stage, start, finish)

    return judge


def _read(text, name):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        # An integer of more than 4,300 digits, for example.
        raise Refusal(f"Python cannot read the {name}: {error}.") from None


def _share_children(log):
    """Gives a log, and each log below it, its children by their second name.

    JSON has them once: a list with two names would be there twice at each level of a trace.
    """
    left = [log]
    while left:
        each = left.pop()
        if isinstance(each, dict) and isinstance(each.get("children"), list):
            each.setdefault("trace_children", each["children"])
            left += each["children"]


def _answered(stage, start, finish):
    with stage:
        result, has_to_be_awaited = start()
        if has_to_be_awaited:
            return _awaited(stage, result, finish)
        stage.answer = finish(result)
    return stage.close()


async def _awaited(stage, result, finish):
    with stage:
        stage.answer = finish(await result)
    return stage.close()


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
        signature = _signature(function, parameters)
        raise Refusal(_clipped(f"`{signature}` was not called: {'; '.join(faults)}."))
    positional = []
    named = dict(inputs)
    for parameter in taken:
        if parameter.kind is not parameter.POSITIONAL_ONLY or parameter.name not in named:
            break
        positional.append(named.pop(parameter.name))
    return positional, named


def _taken(function, arguments):
    """Those of the arguments that an evaluator takes: the log, or the log and the testcase."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return arguments
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return arguments
    one = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    count = sum(parameter.kind in one for parameter in parameters)
    if count == 0:
        signature = _signature(function, parameters)
        raise Refusal(
            _clipped(
                f"`{signature}` was not called: an evaluator takes `log`, or `log` and `testcase`, "
                "as positional arguments."
            )
        )
    return arguments[:count]


def _signature(function, parameters):
    name = getattr(function, "__name__", "function")
    return f"{name}({', '.join(str(parameter) for parameter in parameters)})"


def _text(result, limit):
    text = result if isinstance(result, str) else _json(result)
    if len(text) > limit:
        raise Refusal(f"The output has {len(text)} characters. At most {limit} are allowed (PYTHON_OUTPUT_CHARACTERS).")
    return text


def _json(result):
    try:
        return json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        short = reprlib.Repr()
        short.maxstring = short.maxother = 200
        raise Refusal(
            _clipped(f"The result is neither text nor JSON: {error}. It is {short.repr(result)}")
        ) from None


def _value(result, limit):
    kind = _clipped(type(result).__name__, LONGEST_LINE)
    if isinstance(result, float) and not math.isfinite(result):
        raise Refusal(f"returned {result}, which is not JSON")
    try:
        text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        is_container = isinstance(result, (dict, list, tuple))
        inside = f": {_clipped(str(error), LONGEST_LINE)}" if is_container else ""
        if inspect.iscoroutine(result):
            # Otherwise Python prints a warning that nobody asked for.
            result.close()
        raise Refusal(f"returned {kind}, which is not JSON{inside}") from None
    if len(text) > limit:
        raise Refusal(f"returned {kind} of {len(text)} characters; at most {limit} are allowed")
    return text


def _explained_to_evaluator(error):
    if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
        return (
            f"The module `{_clipped(error.name, LONGEST_LINE)}` cannot be imported: the server runs "
            "evaluators with Python's standard library alone. Only external evaluators can use packages."
        )
    return _explained(error)


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
    """Frames of JavaScript go, too: their file names are paths of the host."""
    seen = set()
    left = [told]
    while left:
        each = left.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        own = call.__code__.co_filename
        frames = [
            frame
            for frame in each.stack
            if frame.filename != own and not frame.filename.startswith("file:")
        ]
        each.stack = traceback.StackSummary.from_list(frames)
        left += [each.__cause__, each.__context__, *(each.exceptions or [])]


def _is_of_memory(error):
    """Whether memory ran out: what is left of it may not be enough for the next call."""
    seen = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, MemoryError):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _clipped(text, longest=LONGEST_ERROR):
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n[…]\n{text[-half:]}"
