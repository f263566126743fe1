# with: openapi-client
"""A client that openapi-python-client makes of /openapi.json has every operation, and reads what it writes."""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import ModuleType

METHODS = ("get", "post", "patch", "put", "delete")


def main() -> None:
    text = document()
    operations = operation_ids(json.loads(text))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "openapi.json")
        source.write_bytes(text)
        generate(source, Path(folder, "generated_client"))
        sys.path.insert(0, folder)
        modules = imported("generated_client")
        made = {name.rsplit(".", 1)[1] for name in modules if hasattr(modules[name], "sync_detailed")}
        require(made == operations, f"no function for {operations - made}, no operation for {made - operations}")
        check_models(modules["generated_client.models"])
    print(f"{len(operations)} operations, {len(modules)} modules.")


def document() -> bytes:
    with urllib.request.urlopen(f"{os.environ['BASE_URL'].removesuffix('/v5')}/openapi.json") as answer:
        return answer.read()


def operation_ids(document: dict) -> set[str]:
    paths = document["paths"].values()
    return {operation["operationId"] for path in paths for method, operation in path.items() if method in METHODS}


def generate(source: Path, client: Path) -> None:
    tools = Path(sys.executable).parent
    # It formats what it writes with ruff, which it looks for in PATH.
    environment = {**os.environ, "PATH": str(tools)}
    command = [tools / "openapi-python-client", "generate", "--path", source, "--output-path", client]
    done = subprocess.run(
        [*command, "--meta", "none", "--fail-on-warning"],
        env=environment,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    require(done.returncode == 0 and "WARNING" not in said and "Unable" not in said, said)


def imported(package: str) -> dict[str, ModuleType]:
    paths = importlib.import_module(package).__path__
    names = [package, *(module.name for module in pkgutil.walk_packages(paths, f"{package}."))]
    return {name: importlib.import_module(name) for name in names}


def check_models(models: ModuleType) -> None:
    upsert = {
        "path": "support/triage",
        "model": "mock",
        "tools": [
            {"type": "inline", "json_schema": {"name": "look_up", "description": "Looks it up."}},
            {"type": "file", "link": {"file_id": "tl_1"}},
            {"type": "mcp", "server": {"url": "https://example.com/mcp", "headers": {"a": "b"}}},
        ],
    }
    read = models.AgentsUpsertBody.from_dict(upsert)
    kinds = [type(tool).__name__ for tool in read.tools]
    require(kinds == ["AgentInlineTool", "AgentLinkedFileRequest", "AgentMcpTool"], str(kinds))
    require(read.to_dict() == upsert, str(read.to_dict()))

    message = {"role": "user", "content": [{"type": "text", "text": "Hello"}]}
    require(models.ChatMessage.from_dict(message).to_dict() == message, "ChatMessage")

    target = {"text": "a", "list": [1, {"b": None}], "number": 2, "flag": True, "object": {"c": []}}
    datapoint = {"inputs": {"question": "Why?"}, "target": target}
    require(models.CreateDatapointRequest.from_dict(datapoint).to_dict() == datapoint, "CreateDatapointRequest")


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


if __name__ == "__main__":
    main()
