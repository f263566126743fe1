# with: humanloop-0.8.38 humanloop-0.8.40b6
"""A decorated program becomes a trace: tools, and calls of models of several vendors."""

import json

from anthropic import Anthropic
from groq import Groq
from humanloop import Humanloop
from openai import OpenAI

from shared.server import BASE_URL, KEY, MODEL_URL, expect_traces, traces_of

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)
openai = OpenAI(api_key="none", base_url=f"{MODEL_URL}/v1", max_retries=0)
anthropic = Anthropic(api_key="none", base_url=MODEL_URL, max_retries=0)
groq = Groq(api_key="none", base_url=MODEL_URL, max_retries=0)

question = [{"role": "user", "content": "What is two and two?"}]
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
weather = {"type": "function", "function": {"name": "weather", "description": "Knows.", "parameters": schema}}


@humanloop.tool(path="Sums/add", attributes={"edition": 1}, setup_values={"unit": "euro"})
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@humanloop.prompt(path="Sums/openai")
def ask_openai():
    chat = openai.chat.completions.create(
        model="gpt-4o", temperature=0.5, max_tokens=64, messages=question
    )
    return chat.choices[0].message.content


@humanloop.prompt(path="Sums/anthropic")
def ask_anthropic():
    message = anthropic.messages.create(
        model="claude-sonnet-4-5", max_tokens=64, system="Be brief.", messages=question
    )
    return message.content[0].text


@humanloop.prompt(path="Sums/groq")
def ask_groq():
    chat = groq.chat.completions.create(model="llama-3", messages=question)
    return chat.choices[0].message.content


@humanloop.prompt(path="Sums/streamed")
def ask_streamed():
    chunks = openai.chat.completions.create(
        model="gpt-4o", messages=question, stream=True, stream_options={"include_usage": True}
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@humanloop.prompt(path="Sums/weather")
def ask_weather():
    chat = openai.chat.completions.create(model="gpt-4o", messages=question, tools=[weather])
    return chat.choices[0].finish_reason


@humanloop.flow(path="Sums/flow", attributes={"edition": "1"})
def answer(text: str):
    return {
        "sum": add(a=2, b=2),
        "said": [ask_openai(), ask_anthropic(), ask_groq(), ask_streamed(), ask_weather()],
    }


result = answer(text="What is two and two?")
assert result == {"sum": 4, "said": ["Four.", "Four.", "Four.", "Four.", "tool_calls"]}, result

asked = ["openai", "anthropic", "groq", "streamed"]
steps = [
    ("Sums/add", "4", None, []),
    *((f"Sums/{name}", "Four.", None, []) for name in asked),
    ("Sums/weather", None, None, []),
]
[trace] = expect_traces("Sums/flow", ("Sums/flow", json.dumps(result), None, steps))
assert trace["flow"]["attributes"] == {"edition": "1"}
assert trace["inputs"] == {"text": "What is two and two?"}

tool, *prompts = trace["trace_children"]
assert tool["tool"]["function"]["parameters"] == {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a", "b"],
    "additionalProperties": False,
}, tool["tool"]["function"]
assert tool["tool"]["tool_type"] == "json_schema"
assert tool["tool"]["setup_values"] == {"unit": "euro"}
assert tool["inputs"] == {"a": "2", "b": "2"}

for prompt in prompts:
    assert prompt["prompt"]["endpoint"] == "chat", prompt["prompt"]
    assert prompt["messages"][-1] == question[-1], prompt["messages"]
    assert prompt["trace_parent_id"] == trace["id"]
    assert prompt["finish_reason"], prompt["prompt"]["path"]
providers = [prompt["prompt"]["provider"] for prompt in prompts]
assert providers == ["openai", "anthropic", "groq", "openai", "openai"], providers
first, of_anthropic, *_, of_weather = prompts
assert first["prompt"]["temperature"] == 0.5
assert first["prompt"]["max_tokens"] == 64
assert (first["prompt_tokens"], first["output_tokens"]) == (20, 3)
assert of_anthropic["messages"][0] == {"role": "system", "content": "Be brief."}
assert of_weather["prompt"]["tools"] == [
    {"name": "weather", "description": "Knows.", "parameters": schema}
], of_weather["prompt"]["tools"]
[call] = of_weather["output_message"]["tool_calls"]
assert (call["function"]["name"], json.loads(call["function"]["arguments"])) == (
    "weather",
    {"city": "Oslo"},
)


# Vectors of texts are no call of a prompt, though they are asked for inside of one.
@humanloop.prompt(path="Sums/embedding")
def embed_and_ask():
    openai.embeddings.create(model="text-embedding-3-small", input="x", encoding_format="float")
    return ask_openai()


assert embed_and_ask() == "Four."
expect_traces("Sums/openai", *[("Sums/openai", "Four.", None, [])] * 2)
assert traces_of("Sums/embedding") == []
