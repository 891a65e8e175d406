"""The least that a window of Gradio's can do: a question goes in, one fixed answer comes out.

``python -m tests.benchmarks.bare_window`` serves it on a free port of loopback and says where.
"""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI


def build() -> gr.Blocks:
    """A box and a conversation by the names that the window gives them."""

    async def asked(question: str) -> AsyncIterator[list[dict[str, str]]]:
        answer = '<div class="answer">Yes.</div>'
        yield [{"role": "user", "content": '<div class="asked">?</div>'}, {"role": "assistant", "content": answer}]

    async def cleared() -> list[dict[str, str]]:
        return []

    blocks: gr.Blocks
    with gr.Blocks(analytics_enabled=False) as blocks:
        chat = gr.Chatbot(elem_id="chat")
        box = gr.Textbox(elem_id="question", label="Question", submit_btn=True)
        box.submit(asked, box, chat, concurrency_limit=None, show_progress="hidden")
        chat.clear(cleared, None, chat)
    return blocks


def main() -> None:
    app = gr.mount_gradio_app(FastAPI(), build(), path="/", run_history=False, ssr_mode=False)
    listening = socket.create_server(("127.0.0.1", 0))  # whoever connects from now on is answered once the app has started
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    main()
