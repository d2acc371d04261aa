"""A consumer with a model of the event, as FastAPI's tutorial has it."""

import sys
from datetime import datetime

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Event(BaseModel):
    specversion: str
    id: str
    source: str
    type: str
    time: datetime | None = None
    ibmenseverity: str = "medium"
    ibmensourceid: str
    ibmendefaultshort: str
    ibmendefaultlong: str


@app.post("/", status_code=204)
def receive(event: Event) -> None:
    print(event.id, event.time)


uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
