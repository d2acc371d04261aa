"""A consumer as the first page of Flask's documentation would have it."""

import sys

from flask import Flask, request

app = Flask("consumer")


@app.post("/")
def receive():
    event = request.get_json()
    print(event["id"], event["type"], event["ibmendefaultlong"])
    return "", 204


app.run(port=int(sys.argv[1]))
