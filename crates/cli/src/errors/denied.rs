//! Nobody is signed in, nothing is connected, or the answer is no.

use super::{Cause, cause};

pub(super) const AUTH_REQUIRED: &[Cause] = &[
    cause(
        "ticket: missing",
        "The call came without a ticket.",
        "The application puts `mandate_ticket` into the session attributes of each `InvokeAgent`; a gateway's interceptor sends it by itself.",
    ),
    cause(
        "ticket: no text, or more than one",
        "The ticket is there in a form that is none.",
        "Send one text under `mandate_ticket`.",
    ),
    cause(
        "ticket: ",
        "The ticket is not good: too old, signed by a key that is not listed, or made for another agent, alias, session or door. The rest of the cause says which.",
        "Mint one for each turn, for at most ten minutes. Compare `kid` with `TICKET_KEYS`, and agent, alias and session id with those of the call. Look at the clock of whoever mints.",
    ),
    cause(
        "session reference: not of the API's form",
        "The session id has a form that Bedrock would not take.",
        "2 to 100 letters, digits and `._:-`.",
    ),
    cause(
        "door: attribute `session_id` names another session",
        "The session attribute and the session of the call differ.",
        "Leave `session_id` out of the attributes, or send the call's own.",
    ),
    cause(
        "session: no such row",
        "Nobody signed in under this session id, or it was ended.",
        "The person signs in again. If all are concerned: is it the right `SESSION_TABLE_NAME`?",
    ),
    cause("session: expired", "The session's time is over.", "The person signs in again."),
    cause(
        "session: ended",
        "It was ended while the call ran or before the yes was used.",
        "The person signs in again, if they may.",
    ),
    cause(
        "session: the row is another",
        "Row and ticket name different sessions, people or organizations.",
        "The application mints for the person whose row it wrote: same issuer, subject and organization. If it did, look into who writes the table.",
    ),
    cause(
        "session: the row is for another agent",
        "The session was begun for another agent or gateway.",
        "Begin one for this agent, or one that names no agent.",
    ),
    cause(
        "session: the row says something else of the person by now",
        "The row changed during the call.",
        "The person asks again. If it repeats, look into who writes the table.",
    ),
    cause(
        "session: sealed tokens unreadable",
        "The row's seal does not open under any key that is set.",
        "Is the key of then among `SEAL_OLD_KEY_ARNS`? The person signs in again.",
    ),
    cause(
        "session store: the row cannot be read",
        "The row is not in the form that is written today.",
        "The person signs in again.",
    ),
    cause(
        "mandate: the session is another one",
        "Ticket or approval and session do not belong together.",
        "The person signs in and asks again.",
    ),
    cause(
        "vault: the subject token was refused",
        "Auth0 takes the refresh token no longer.",
        "The person signs in again. If it is everybody: refresh-token rotation must be off for this client.",
    ),
    cause(
        "okta: the token was refused",
        "Okta refused two tokens in a row.",
        "The person signs in again. Look at Okta's system log.",
    ),
    cause(
        "headers: ",
        "A call to the gateway lacks `Authorization` or `x-session-id`, or has two.",
        "One bearer token, and one `x-session-id` where the tool needs a session.",
    ),
    cause(
        "token: ",
        "The access token is not good: the rest of the cause says which rule. The caller is told `invalid_token`.",
        "Compare issuer, audience, algorithm and life with the entry in `GATEWAY_ISSUERS`.",
    ),
];

pub(super) const RECONNECT_REQUIRED: &[Cause] = &[
    cause(
        "vault: no connected account",
        "The person has not connected their account at the provider.",
        "They connect it. A sign-in alone does not.",
    ),
    cause(
        "vault: the provider refused the stored token",
        "The consent at the provider was taken back, or has ended.",
        "They connect it again.",
    ),
    cause(
        "vault: the token lacks ",
        "The account was connected with fewer scopes than the tool needs.",
        "Add the scope to the connection, if it is missing there; they connect again and agree.",
    ),
];

pub(super) const ACCESS_DENIED: &[Cause] = &[
    cause(
        "mandate: the check was answered with no",
        "OpenFGA has no tuple that allows it, or has a stop.",
        "If they should be allowed, store the tuple, or lift the stop. The record has relation and type of the object.",
    ),
    cause(
        "mandate: the approval is for other arguments",
        "What was approved is not what would be done.",
        "Nothing was done. They ask again. If it repeats, look into who writes the table of approvals.",
    ),
    cause(
        "check: no id of an agent",
        "The caller is an agent whose id cannot be one.",
        "Look at `AGENT_ID` of whoever mints.",
    ),
    cause(
        "subject rule: ",
        "The person cannot be named as `FGA_USER_CLAIM` wants: no verified address by a listed connection, or too long a name.",
        "See `FGA_EMAIL_CONNECTIONS`; or name people by subject.",
    ),
    cause(
        "object: nothing to put in place of ",
        "The object's pattern wants something that this person or call does not have, as an organization.",
        "They sign in to an organization; or set the pattern without it.",
    ),
    cause(
        "okta: missing right: ",
        "Okta refused: the token's scope, or the person's role at Okta. The cause names it.",
        "Give the role, or add the scope to the connection and connect again.",
    ),
    cause(
        "okta: the approval is for something else",
        "The permit and the call to Okta do not match.",
        "Nothing was done. This is a defect; keep the reference.",
    ),
    cause(
        "approval: given for something else",
        "The permit and the deed do not match.",
        "Nothing was done. This is a defect; keep the reference.",
    ),
    cause(
        "ciba: the person has no device that can be asked",
        "No phone is enrolled, or the push channel is off.",
        "They enrol one. If it is everybody: the CIBA grant and the channel `guardian-push` of the client.",
    ),
    cause(
        "ciba: the session has no verified address to ask by",
        "`OIDC_LOGIN_HINT` is `email`, and the provider did not verify theirs.",
        "They verify it there and sign in again, or `OIDC_LOGIN_HINT` becomes another.",
    ),
    cause(
        "ciba: the tenant does not know the person",
        "Auth0 does not know the subject.",
        "Was the user deleted? They sign in again.",
    ),
    cause(
        "gateway: ",
        "The gateway's interceptor refused: scopes or policies, which the cause names.",
        "Compare the token's scopes with `infra/generated/gateway/tools.json`, and the policy named with `infra/policies`.",
    ),
];
