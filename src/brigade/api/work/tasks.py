"""Tasks and checklist items on a record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Id, Named, Number
from brigade.api.work import present
from brigade.api.work.finding import Found
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.records.reading import task_of
from brigade.kernel.work.tasks import add_task, end_task

if TYPE_CHECKING:
    from brigade.kernel.records.models import Task

router = Router(tags=["tasks"])
TaskState = Literal["open", "done", "skipped"]
TaskKind = Literal["todo", "checklist"]


class TaskOut(Schema):
    """Something to be done on a record."""

    id: int
    kind: TaskKind
    title: str
    required: bool = Field(description="Has to end before the record can be resolved.")
    person: Named | None
    due_at: datetime | None
    state: TaskState
    ended_at: datetime | None


class Tasks(Schema):
    """The tasks of a record, oldest first."""

    items: list[TaskOut]


class TaskBody(Asked):
    """A new task."""

    title: Annotated[str, StringConstraints(max_length=200)]
    kind: TaskKind = "todo"
    required: bool = False
    person: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    due_at: AwareDatetime | None = None


class EndBody(Asked):
    """How a task ended; `open` opens it again."""

    state: TaskState


def _shown(task: Task) -> dict[str, Any]:
    plain = ("kind", "title", "required", "due_at", "state", "ended_at")
    shown = {name: getattr(task, name) for name in plain}
    return shown | {"id": task.pk, "person": present.named(task.person)}


@router.get("/records/{number}/tasks", response=answers({200: Tasks}, *READ), summary="List tasks")
def list_tasks(request: HttpRequest, number: Number) -> HttpResponse:
    """What is to be done on the record. For those who read its internal notes too."""
    found = Found(request, number)
    found.need_internal()
    tasks = found.record.tasks.select_related("person").order_by("id")
    return ok({"items": [_shown(each) for each in tasks[:500]]})


@router.post(
    "/records/{number}/tasks", response=answers({201: TaskOut}, *WRITE), summary="Add a task"
)
def add_one(request: HttpRequest, number: Number, asked: TaskBody, key: Key = None) -> HttpResponse:
    """Put a task or a checklist item on the record."""

    def work() -> Answer:
        found = Found(request, number)
        made = add_task(
            found.record,
            asked.title,
            by=found.person,
            kind=asked.kind,
            required=asked.required,
            person=asked.person,
            due_at=asked.due_at,
            origin="api",
        )
        return Answer(201, _shown(made))

    return once(request, work)


@router.patch(
    "/records/{number}/tasks/{task_id}",
    response=answers({200: TaskOut}, *WRITE),
    summary="End a task",
)
def end_one(request: HttpRequest, number: Number, task_id: Id, asked: EndBody) -> HttpResponse:
    """End a task, or open it again."""
    found = Found(request, number)
    task = task_of(found.person, found.record, task_id)
    return ok(_shown(end_task(task, asked.state, by=found.person, origin="api")))
