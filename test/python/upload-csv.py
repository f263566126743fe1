# with: humanloop-0.8.6 humanloop-0.8.23 humanloop-0.8.38 humanloop-0.8.40b6
"""Python SDK 0.8.6 and later: a CSV file becomes datapoints. From 0.8.24 on the form names no boundary."""

import inspect
import io
import os

from humanloop import Humanloop

client = Humanloop(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])

dataset = client.datasets.upsert(path="python/uploaded", datapoints=[], action="set")
rows = io.BytesIO(b"question,target\nWhy?,Because.\nWho?,Nobody.\n")
is_old = "commit_message" in inspect.signature(client.datasets.upload_csv).parameters
said = {"commit_message": "From a file."} if is_old else {"version_description": "From a file."}
version = client.datasets.upload_csv(
    id=dataset.id, file=("rows.csv", rows, "text/csv"), **said
)
assert version.datapoints_count == 2, version
assert (version.commit_message if is_old else version.version_description) == "From a file."
page = client.datasets.list_datapoints(dataset.id, version_id=version.version_id)
assert [one.inputs for one in page] == [{"question": "Why?"}, {"question": "Who?"}]
