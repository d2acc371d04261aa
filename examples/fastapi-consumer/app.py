"""A consumer with FastAPI as one writes it first: a model of the event, and a function."""

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

app = FastAPI()
alerts = []


class Event(BaseModel):
    """The attributes that this consumer needs; others are ignored."""

    model_config = ConfigDict(extra="ignore")

    specversion: str
    id: str
    source: str
    type: str
    ibmenseverity: str
    ibmendefaultlong: str


@app.post("/", status_code=204)
def receive(event: Event) -> None:
    """Remembers the event."""
    alerts.append({"source": event.source, "id": event.id, "severity": event.ibmenseverity})
