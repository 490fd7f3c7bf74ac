"""For make conformance: begins a session by the guide's module, and prints its id and a ticket."""

import json
import sys

sys.path.insert(0, "docs/guides/from-python")
from mandate_session import begin_session, ticket  # noqa: E402

given = json.load(sys.stdin)
session_id = begin_session(given["claims"], given["refresh_token"])
print(session_id)
print(ticket(given["claims"], session_id))
