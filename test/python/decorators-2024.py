# with: humanloop-0.8.23
"""The decorators of 2024: they log step by step, without spans, and stop at an error of one."""

from anthropic import Anthropic
from humanloop import Humanloop
from openai import OpenAI

from shared.server import BASE_URL, KEY, MODEL_URL, expect_traces

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)
openai = OpenAI(api_key="none", base_url=f"{MODEL_URL}/v1", max_retries=0)
anthropic = Anthropic(api_key="none", base_url=MODEL_URL, max_retries=0)
question = [{"role": "user", "content": "What is two and two?"}]


@humanloop.tool(path="2024/add")
def add(a: int, b: int) -> int:
    return a + b


@humanloop.prompt(path="2024/openai")
def ask_openai():
    chat = openai.chat.completions.create(model="gpt-4o", temperature=0.5, messages=question)
    return chat.choices[0].message.content


@humanloop.prompt(path="2024/anthropic")
def ask_anthropic():
    message = anthropic.messages.create(model="claude-sonnet-4-5", max_tokens=64, messages=question)
    return message.content[0].text


@humanloop.flow(path="2024/flow")
def answer(text: str):
    return f"{add(a=2, b=2)} {ask_openai()} {ask_anthropic()}"


assert answer(text="Two and two?") == "4 Four. Four."
steps = [
    ("2024/add", "4", None, []),
    ("2024/openai", "Four.", None, []),
    ("2024/anthropic", "Four.", None, []),
]
[trace] = expect_traces("2024/flow", ("2024/flow", "4 Four. Four.", None, steps))
assert trace["inputs"] == {"text": "Two and two?"}
_, of_openai, of_anthropic = trace["trace_children"]
assert of_openai["prompt"]["provider"] == "openai", of_openai["prompt"]
assert of_anthropic["prompt"]["endpoint"] == "chat", of_anthropic["prompt"]
