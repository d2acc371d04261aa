"""The IAM token of all other calls."""

from __future__ import annotations

from api_parts import Node, content, count, record, schema, text
from event_notifications.operations import ok


def schemas() -> dict[str, Node]:
    return {
        "TokenRequest": record(
            "An API key to be exchanged for a token.",
            {
                "grant_type": text(
                    "That an API key is given.",
                    pattern="^urn:ibm:params:oauth:grant-type:apikey$",
                    examples=["urn:ibm:params:oauth:grant-type:apikey"],
                ),
                "apikey": text("The API key.", 1, format="password", examples=["API_KEY"]),
                "response_type": text("Sent by IBM's clients.", enum=["cloud_iam"], examples=["cloud_iam"]),
            },
            ["grant_type", "apikey"],
        ),
        "Token": record(
            "A token.",
            {
                "access_token": text("The bearer token.", 1, examples=["TOKEN"]),
                "refresh_token": text("Not supported for API keys.", examples=["not_supported"]),
                "token_type": text("How to send it.", pattern="^Bearer$", examples=["Bearer"]),
                "expires_in": count("Seconds until it expires.", 3600),
                "expiration": count("When it expires, in seconds since 1970.", 1713823174),
                "scope": text("What it is for.", examples=["ibm openid"]),
            },
            ["access_token", "token_type", "expires_in", "expiration"],
        ),
        "TokenRefused": record(
            "Why no token is given, in a form of IAM's own that is not described here.",
            {"context": record("What the request was.", {})},
            [],
        ),
    }


def paths() -> Node:
    """The operations, by path."""
    return {
        "/identity/token": {
            "servers": [{"url": "https://iam.cloud.ibm.com", "description": "IAM"}],
            "post": {
                "operationId": "create_token",
                "summary": "Get a token for an API key",
                "description": "Exchanges an API key for the bearer token of all other calls.",
                "tags": ["token"],
                "security": [],
                "requestBody": {
                    "description": "The API key.",
                    "required": True,
                    "content": content(
                        schema("TokenRequest"),
                        {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": "API_KEY"},
                        "application/x-www-form-urlencoded",
                    ),
                },
                "responses": {
                    "200": ok(
                        "The token.",
                        "Token",
                        {
                            "access_token": "TOKEN",
                            "refresh_token": "not_supported",
                            "token_type": "Bearer",
                            "expires_in": 3600,
                            "expiration": 1713823174,
                            "scope": "ibm openid",
                        },
                    ),
                    "400": ok(
                        "No token is given.",
                        "TokenRefused",
                        {"errorCode": "BXNIM0415E", "errorMessage": "The API key is unknown."},
                    ),
                },
            },
        },
    }
