# with: humanloop-0.8.6 humanloop-0.8.23 humanloop-0.8.38 humanloop-0.8.40b6
"""Python SDK 0.8.6 and later: a prompt is stored, called, streamed, logged, listed and deployed."""

import os

from humanloop import Humanloop

client = Humanloop(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])

path = "python/greeting"
hello = [{"role": "user", "content": "Hello!"}]


def saying(words):
    return {
        "model": "scripted",
        "provider": "mock",
        "other": {"script": [{"content": words}]},
    }


one = client.prompts.upsert(path=path, **saying("Good day."))
two = client.prompts.upsert(path=path, **saying("Good night."))
assert one.version_id != two.version_id

answer = client.prompts.call(path=path, version_id=one.version_id, messages=hello)
assert answer.logs[0].output == "Good day.", answer

pieces = list(client.prompts.call_stream(path=path, version_id=two.version_id, messages=hello))
assert "".join(piece.output for piece in pieces) == "Good night.", pieces

environments = {one.name: one.id for one in client.prompts.list_environments(one.id)}
assert "staging" in environments, environments
for environment in ("staging", environments["staging"]):
    deployed = client.prompts.set_deployment(one.id, environment, version_id=two.version_id)
    assert deployed.version_id == two.version_id, deployed
staged = client.prompts.call(path=path, environment="staging", messages=hello)
assert staged.logs[0].output == "Good night.", staged
client.prompts.remove_deployment(one.id, "staging")

logged = client.prompts.log(
    path=path,
    version_id=one.version_id,
    messages=hello,
    output_message={"role": "assistant", "content": "Good evening."},
)
ids = [log.id for log in client.logs.list(file_id=one.id, size=2)]
assert logged.id in ids and answer.id in ids and len(ids) >= 4, ids
