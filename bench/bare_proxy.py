"""A reverse proxy that does nothing else: Starlette and httpx2, as anyone would write it. `bare_proxy.py PORT URL`."""

import sys

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

TARGET = sys.argv[2]
DROPPED = (b"host", b"content-length", b"connection")
client = httpx2.AsyncClient(timeout=None, limits=httpx2.Limits(max_connections=1000))


async def forward(request: Request) -> StreamingResponse:
    """Send the request on and stream the answer back."""
    headers = [(name, value) for name, value in request.headers.raw if name not in DROPPED]
    onward = client.build_request(request.method, TARGET, headers=headers, content=await request.body())
    answer = await client.send(onward, stream=True)
    kept = {name: value for name, value in answer.headers.items() if name not in ("connection", "date", "server")}
    closing = BackgroundTask(answer.aclose)
    return StreamingResponse(answer.aiter_raw(), status_code=answer.status_code, headers=kept, background=closing)


if __name__ == "__main__":
    routes = [Route("/mcp", forward, methods=["GET", "POST", "DELETE"])]
    uvicorn.run(Starlette(routes=routes), port=int(sys.argv[1]), log_level="error")
