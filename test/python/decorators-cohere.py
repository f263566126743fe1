# with: humanloop-0.8.38
"""A call of Cohere is traced; the first instrumentors do not see its second client."""

from cohere import ClientV2
from humanloop import Humanloop

from shared.server import BASE_URL, KEY, MODEL_URL, expect_traces

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)
cohere = ClientV2(api_key="none", base_url=MODEL_URL)
question = [{"role": "user", "content": "What is two and two?"}]


@humanloop.prompt(path="Cohere/ask")
def ask():
    return cohere.chat(model="command-r", messages=question).message.content[0].text


assert ask() == "Four."
[log] = expect_traces("Cohere/ask", ("Cohere/ask", "Four.", None, []))
assert (log["prompt"]["provider"], log["prompt"]["endpoint"]) == ("cohere", "chat")
assert log["output_message"] == {"role": "assistant", "content": "Four."}
assert log["messages"] == question
assert log["finish_reason"] == "COMPLETE"
