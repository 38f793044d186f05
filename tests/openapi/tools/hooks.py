"""Extends schemathesis: the proofs of all callers, and values that lead to answers other than refusals.

`check` names the address of the local host and the visitor. The secrets are those of the local host, which only tests use.
"""

import base64
import hashlib
import hmac
import json
import os
import random
import time
import urllib.request

import requests
import schemathesis

URL = os.environ["RIVET_URL"]
VISITOR = os.environ["RIVET_VISITOR"]
SCHEDULER_SECRET = "scheduler-secret-of-the-demo"
OPERATOR_SECRET = "operator-secret-of-the-demo"
WEBHOOK_KEY = b"webhook-secret-of-the-demo"
VERIFIER_TOKEN = b"verifier-token-of-the-demo"

# Documents of the sample firm, in several states.
DOCUMENTS = [
    ("pay_app", "pa_1042_1"),
    ("pay_app", "pa_1057_2"),
    ("payment", "pay_0001"),
    ("retainage_release", "rel_1042_1"),
    ("project", "prj_1042"),
]

draw = random.Random(int(os.environ["RIVET_SEED"]))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to the caller."""

    def redirect_request(self, *_):
        return None


def session():
    """Returns the token that the local host hands over to the page of the visitor."""
    request = urllib.request.Request(f"{URL}/", headers={"cookie": f"local-visitor={VISITOR}"})
    try:
        urllib.request.build_opener(NoRedirect).open(request)
    except urllib.error.HTTPError as answer:
        return answer.headers["location"].split("#session=")[1]
    raise SystemExit("the local host hands no session over")


TOKEN = session()


def mac(key, message):
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


class Proof(requests.auth.AuthBase):
    """Adds the proof of the caller that a path belongs to. A signature covers the body as it is sent."""

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        path = request.path_url.split("?")[0]
        if path == "/v1/webhooks/billing":
            at, event = str(int(time.time())), f"evt_{draw.getrandbits(64):x}"
            signature = mac(WEBHOOK_KEY, f"{event}.{at}.".encode() + body)
            request.headers.update({"webhook-id": event, "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"})
        elif path == "/v1/webhooks/quickbooks":
            request.headers["intuit-signature"] = mac(VERIFIER_TOKEN, body)
        elif path.startswith("/v1/scheduled/"):
            request.headers["authorization"] = f"Bearer {SCHEDULER_SECRET}"
        elif path.startswith("/v1/operations/"):
            request.headers["authorization"] = f"Bearer {OPERATOR_SECRET}"
        else:
            request.headers["authorization"] = f"Bearer {TOKEN}"
        return request


schemathesis.auth.set_from_requests(Proof())


def answer_to(path):
    """Returns the answer to a GET of the visitor."""
    request = urllib.request.Request(f"{URL}{path}", headers={"authorization": f"Bearer {TOKEN}"})
    return urllib.request.urlopen(request)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Names documents that exist, and the settings as they are now, in most of the requests."""
    if draw.random() < 0.2 or (case.meta and case.meta.generation.mode.is_negative):
        return
    if "{kind}" in case.path:
        case.path_parameters["kind"], case.path_parameters["id"] = draw.choice(DOCUMENTS)
    if case.method.upper() == "PUT" and case.path == "/v1/quickbooks/settings":
        case.headers["If-Match"] = answer_to(case.path).headers["etag"]
