"""For schemathesis, by scripts/fuzz-api.sh: teams, boxes and bodies that a relay knows, among those that it makes up.

What stands in docs/relay-api.yaml is kept, so that what is valid stays valid; half of what is drawn then goes past the first check.
"""

from __future__ import annotations

import requests
import schemathesis
from hypothesis import strategies as st

import fuzz_api_team as team


def also(schema: dict[str, object], *values: object) -> dict[str, object]:
    """The same schema, of which these are drawn as often as anything else."""
    return {"anyOf": [{"enum": list(values)}, schema]}


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, object]) -> None:
    parts = raw_schema["components"]
    parameters, schemas = parts["parameters"], parts["schemas"]
    known = {
        "Team": [team.HANDLE, team.HANDLE.upper(), team.OTHER_HANDLE],
        "Box": team.BOXES,
        # The first one stays: it takes requests, until it has as many as it may.
        "AnyBox": team.BOXES[1:],
        "RecoveryID": [team.RECOVERY_ID],
        "AfterToken": ["A" * 32, ""],
    }
    for name, values in known.items():
        parameters[name]["schema"] = also(parameters[name]["schema"], *values)
    # Most requests are of the team itself: the others end at the door.
    parameters["Team"]["schema"]["anyOf"] += [{"enum": [team.HANDLE]}] * 6

    offered = [{"registrations": [team.text(each.encoded())]} for each in team.REGISTRATIONS]
    schemas["OfferedRegistrations"] = also(schemas["OfferedRegistrations"], *offered)
    schemas["Sealed"] = also(schemas["Sealed"], {"sealed": [team.text(each) for each in team.SEALED]})
    schemas["Withdrawal"] = also(schemas["Withdrawal"], *(team.withdrawal(names[:2]) for _, names in team.LOGS))
    tags = [names[0].tag.hex() for _, names in team.LOGS]
    schemas["Want"] = also(schemas["Want"], {"want": {tags[0]: 1}}, {"want": {tags[0]: -1, tags[1]: 9}})


@st.composite
def segment_streams(draw: st.DrawFn) -> bytes:
    """Runs of the team's logs: whole, out of order, with bytes changed, cut; and sometimes bytes of no form."""
    segments = [segment for log, _ in team.LOGS for segment in log]
    first = draw(st.integers(0, len(segments) - 1))
    chosen = draw(st.one_of(st.just(segments[first:]), st.lists(st.sampled_from(segments), max_size=20)))
    data = bytearray(team.stream(chosen))
    change = draw(st.sampled_from(["none", "none", "bytes", "cut", "other"]))
    if change == "bytes" and data:
        for _ in range(draw(st.integers(1, 3))):
            data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    elif change == "cut":
        del data[draw(st.integers(0, len(data))) :]
    elif change == "other":
        data = bytearray(draw(st.binary(max_size=200)))
    return bytes(data)


schemathesis.openapi.media_type("application/vnd.sync.segments", segment_streams())
schemathesis.openapi.media_type("application/octet-stream", st.one_of(st.sampled_from([b"a box", b"another"]), st.binary(min_size=1, max_size=5000)))


@schemathesis.check
def only_who_has_a_token_is_let_in(context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """What was done with a token is refused without one, in the words that an unknown team gets. (The check that comes with
    schemathesis wants a 401, which would say that the team is there.)"""
    needs_token = case.operation.definition.raw.get("security", [])
    if not needs_token or {} in needs_token or not 200 <= response.status_code < 300:
        return
    sent = response.request
    headers = {name: value for name, value in sent.headers.items() if name != "Authorization"}
    again = requests.request(sent.method, sent.url, data=sent.body, headers=headers, timeout=20)
    if again.status_code != 404 or again.json()["type"] != "urn:sync:unknown-team":
        raise AssertionError(f"Without a token: {again.status_code} {again.text}")
