"""Splitting a task into atomic actions: by a chat endpoint, or at the words that say "then"."""

from __future__ import annotations

import json
import re
from typing import Any

from exoactor_rt.errors import GenerationError
from exoactor_rt.generation.answer import Answer, one_line
from exoactor_rt.generation.patience import Patience
from exoactor_rt.generation.server import Server
from exoactor_rt.generation.task import Task

MAX_ACTIONS = 12
MAX_ACTION = 300
_THEN = re.compile(
    r"\s*(?:[;\n]+|\.\s+|,?\s*\b(?:and\s+then|and\s+after\s+that|after\s+that|then)\b,?)\s*",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_SYSTEM = (
    "You split a task for a person into a chain of atomic whole-body actions that one fixed camera "
    "can see. Each action is one short imperative sentence, names the body part or the object "
    "where it matters, and can be done in one to three seconds. Keep the order of the task and add "
    "nothing that it does not need. Answer with JSON only: "
    '{"actions": ["...", "..."]}, with 1 to ' + str(MAX_ACTIONS) + " actions."
)


class TemplateDecomposition:
    """Splits at "then", semicolons, line ends and between sentences; needs no network."""

    by = "template"

    async def split(self, task: Task) -> list[str]:
        """The actions, at most MAX_ACTIONS; what is beyond stays in the last one."""
        actions = [part.strip(" .,;") for part in _THEN.split(task.instruction.strip())]
        actions = [one_action(part) for part in actions if part]
        head, rest = actions[: MAX_ACTIONS - 1], actions[MAX_ACTIONS - 1 :]
        return [*head, ", then ".join(rest)] if rest else head or [task.instruction.strip()]


class ChatDecomposition:
    """Asks an OpenAI-style chat endpoint."""

    def __init__(self, server: Server, patience: Patience, limit_s: float) -> None:
        """`limit_s` is for one answer."""
        self.by = f"{server.origin} {server.model}".strip()
        self._server = server
        self._patience = patience
        self._limit_s = limit_s

    async def split(self, task: Task) -> list[str]:
        """The actions that the model names.

        Raises:
            GenerationError: no answer, or none that can be used.
        """
        document: dict[str, Any] = {
            "messages": [
                {"role": "system", "content": _SYSTEM},
                {"role": "user", "content": task.instruction},
            ],
            "temperature": 0,
            "response_format": {"type": "json_object"},
        }
        if self._server.model:
            document["model"] = self._server.model
        answer = await self._server.ask_again(
            "POST",
            self._server.endpoint("chat", "completions"),
            self._patience,
            document=document,
            limit_s=self._limit_s,
        )
        return self._actions(answer)

    def _actions(self, answer: Answer) -> list[str]:
        document = answer.document() or {}
        try:
            content = document["choices"][0]["message"]["content"]
            found = _OBJECT.search(content)
            actions = json.loads(found[0])["actions"] if found else None
        except (KeyError, IndexError, TypeError, ValueError):
            actions = None
        if not isinstance(actions, list) or not 1 <= len(actions) <= MAX_ACTIONS:
            raise self._unusable(document)
        if not all(isinstance(a, str) and 0 < len(a.strip()) <= MAX_ACTION for a in actions):
            raise self._unusable(document)
        return [one_action(action) for action in actions]

    def _unusable(self, document: dict[str, Any]) -> GenerationError:
        said = one_line(json.dumps(document))
        return GenerationError(
            f"{self._server.what}: no list of 1 to {MAX_ACTIONS} actions in its answer: {said}"
        )


def one_action(text: str) -> str:
    """An action as one line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
