"""Conversations taken away: /conversation answers what a permalink holds and gives it as a file. Nothing is stored."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.types import Answer
from ui import paper
from ui.chat import Answering, Conversations, Done
from ui.export import plain_text
from ui.paper import Paper
from ui.permalinks import LinkError, unpack

FORMS = {  # what is asked for -> its media type, the ending of its file
    "markdown": ("text/markdown", "md"),
    "html": ("text/html", "html"),
    "json": ("application/json", "json"),
    "text": ("text/plain", "txt"),
}


class Keeper:
    """The route over one assistant."""

    def __init__(self, assistant: Answering) -> None:
        self._conversations, self._about = Conversations(assistant), assistant.about()

    def routes(self) -> list[Route]:
        return [Route("/conversation", self._conversation)]

    async def _conversation(self, request: Request) -> Response:
        """``talk``: the code of a permalink; ``as``: markdown or html (the conversation), json or text (the answer it leads to)."""
        form = request.query_params.get("as", "markdown")
        if form not in FORMS:
            return PlainTextResponse(f"{form!r} is none of {', '.join(FORMS)}\n", 400)
        try:
            talk = unpack(request.query_params.get("talk", ""))
        except LinkError as error:
            return PlainTextResponse(f"{error}\n", 400)
        ended = [e async for e in self._conversations.replay(talk.asked)]
        answers = [e.turn.answer for e in ended if isinstance(e, Done)]
        if not isinstance(ended[-1], Done):
            return PlainTextResponse(f"{ended[-1].message}\n", 422)
        return self._file(form, answers)

    def _file(self, form: str, answers: list[Answer]) -> Response:
        kept = Paper(tuple(answers), self._about["title"], self._about["asof"], self._about["version"])
        made = {
            "markdown": lambda: paper.markdown(kept),
            "html": lambda: paper.html(kept),
            "json": lambda: json.dumps(answers[-1].to_dict(), ensure_ascii=False, indent=1),
            "text": lambda: plain_text(answers[-1]),
        }
        kind, ending = FORMS[form]
        named = {"Content-Disposition": f'attachment; filename="conversation.{ending}"'}
        return Response(made[form](), media_type=f"{kind}; charset=utf-8", headers=named)
