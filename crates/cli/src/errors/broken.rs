//! Limits, services that do not answer, and what is set up wrongly.

use super::{Cause, cause};

pub(super) const BUSY: &[Cause] = &[
    cause("approval store: throttled", "DynamoDB refuses for a moment.", "If it lasts: the table's limits."),
    cause("session store: throttled", "DynamoDB refuses for a moment.", "If it lasts: the table's limits."),
    cause("authorizer: throttled", "Lambda has no room for the authorizer.", "Raise its reserved concurrency."),
    cause("authorizer: busy", "OpenFGA's limit.", "See [limits](limits.md)."),
    cause("keycard: throttled", "STS refuses for a moment.", "If it lasts, ask AWS for more."),
    cause("queue: throttled", "SQS or KMS refuses for a moment.", "If it lasts, ask AWS for more."),
    cause("okta: busy", "Okta's limit.", "See [limits](limits.md)."),
    cause("vault: busy", "Auth0's limit.", "See [limits](limits.md)."),
    cause(
        "vault: another worker is still refreshing the token",
        "Several calls of one session at once; one of them refreshes.",
        "Ask again. If it lasts, the exchange at Auth0 is slow.",
    ),
    cause("ciba: busy", "Auth0's limit, or five pushes a minute to one person.", "Wait."),
    cause(
        "approval: another one is open for this tool",
        "One at a time for each person and tool.",
        "They answer the open one.",
    ),
    cause("approval: too many starts in a minute", "Three a minute.", "They wait."),
    cause(
        "approval: too little time left to ask",
        "The function had too little of its time-out left.",
        "Raise the time-out; look at what was slow in the steps.",
    ),
    cause(
        "worker: too little time left to act",
        "The same at the worker, which tries again.",
        "Raise its time-out: 30 s.",
    ),
];

pub(super) const UNAVAILABLE: &[Cause] = &[
    cause("approval store: no answer", "DynamoDB did not answer in time.", "AWS's status; the network."),
    cause("session store: no answer", "DynamoDB did not answer in time.", "AWS's status; the network."),
    cause("queue: no answer", "SQS did not answer in time.", "AWS's status; the network."),
    cause("keycard: no answer", "STS did not answer in time.", "AWS's status; the network."),
    cause(
        "keycard: the credentials are of no use",
        "STS gave credentials that are over or incomplete.",
        "Look at the clock, and at `AWS_ENDPOINT_URL_STS`.",
    ),
    cause("authorizer: no answer", "The authorizer did not answer in time.", "Its log."),
    cause("authorizer: the function failed", "It ended in an error, as by an old name or no memory.", "Its log."),
    cause(
        "openfga is not available: ",
        "In the authorizer's own log: OpenFGA did not answer well.",
        "OpenFGA's status.",
    ),
    cause("authorizer: unavailable", "OpenFGA did not answer well.", "OpenFGA's status."),
    cause(
        "authorizer: status, flag and reason disagree",
        "The answer contradicts itself.",
        "Is `FGA_AUTHORIZER_FUNCTION_NAME` ours?",
    ),
    cause(
        "authorizer: the reply ",
        "The answer is not of our form, or to another question.",
        "Is `FGA_AUTHORIZER_FUNCTION_NAME` ours, and of this release?",
    ),
    cause("okta: not available: ", "Okta did not answer well.", "Okta's status."),
    cause("vault: not available: ", "Auth0 did not answer well.", "Auth0's status."),
    cause("ciba: not sent: ", "The push was not sent.", "Auth0's status."),
    cause("ciba: perhaps sent: ", "The connection died over it.", "If the phone rang, they decline."),
    cause(
        "token: the issuer's keys cannot be had",
        "The interceptor could not read the issuer's key set.",
        "The issuer's status; `jwks` in `GATEWAY_ISSUERS`.",
    ),
    cause(
        "worker: no time left after spending",
        "The yes was used up, and there was no time to act.",
        "Nothing was done; they ask again. Look at what was slow.",
    ),
    cause(
        "handler: out of time",
        "The call was stopped half a second before Lambda would have. The cause names the step under way.",
        "Raise the time-out, or see why that step is slow.",
    ),
];

pub(super) const INTERNAL: &[Cause] = &[
    cause(
        "approval store: ",
        "Table, key, rights or a row are not as they should be.",
        "`APPROVAL_TABLE_NAME`, the role, the key's policy.",
    ),
    cause(
        "session store: ",
        "Table, key or rights are not as they should be.",
        "`SESSION_TABLE_NAME`, the role, the key's policy.",
    ),
    cause("queue: ", "Queue or rights are not as they should be.", "`APPROVAL_QUEUE_URL`, the role."),
    cause(
        "keycard: ",
        "The role of keycards cannot be taken, or the policy is not possible.",
        "`KEYCARD_ROLE_ARN`, its trust, and the function's own role: `infra/permissions`.",
    ),
    cause(
        "authorizer: function or rights are set up wrongly",
        "It cannot be invoked.",
        "`FGA_AUTHORIZER_FUNCTION_NAME`, the role of keycards.",
    ),
    cause(
        "openfga is misconfigured: ",
        "In the authorizer's own log: OpenFGA refused credentials, store or model.",
        "The `FGA_` settings; the rest of the cause says which.",
    ),
    cause(
        "authorizer: misconfigured",
        "OpenFGA refused the authorizer: credentials, store or model.",
        "Its log; the `FGA_` settings.",
    ),
    cause(
        "authorizer: invalid question",
        "The authorizer does not take the question.",
        "Both functions of one release; relation and object settings.",
    ),
    cause(
        "vault: misconfigured: ",
        "Auth0 refused the client: credentials, the grant, or the connection.",
        "`AUTH0_CLIENT_ID` and its secret; the Token Vault grant; the MFA policy must not be “Always”.",
    ),
    cause(
        "vault: the token lacks a scope that the tool needs",
        "A fresh token lacks what it was asked with.",
        "This is a defect; keep the reference.",
    ),
    cause(
        "ciba: misconfigured: ",
        "Auth0 refused the client for approvals.",
        "The CIBA grant; the push channel; `APPROVAL_SECONDS` of at most 300.",
    ),
    cause(
        "ciba: the approval is not about the mandate's person",
        "Two people in one call.",
        "Nothing was done. This is a defect; keep the reference.",
    ),
    cause(
        "approval: the arguments have no canonical form",
        "A tool's arguments hold something that has no hash.",
        "The tool's author: integers, texts, booleans and lists of them.",
    ),
    cause("answer: too long", "A tool's answer does not fit.", "The tool's author shortens it."),
    cause(
        "worker: no such tool",
        "An approval is for a tool that the worker does not have.",
        "Both functions of one release.",
    ),
    cause(
        "worker: the arguments cannot be read",
        "An approval's arguments are not of this release's form.",
        "They ask again. Let approvals end before a deployment that changes a tool.",
    ),
    cause(
        "worker: the deed is described otherwise by now",
        "The settings of the two functions differ, or changed meanwhile.",
        "`PASSWORD_RESET` and the relations alike at both; they ask again.",
    ),
    cause(
        "arguments: ",
        "The tool's own schema cannot be used.",
        "The tool's author; a test of its registry shows it.",
    ),
    cause(
        "settings: not usable",
        "The interceptor was started with settings that it does not take, so it denies everything.",
        "The first lines of its log name them.",
    ),
    cause(
        "gateway: an answer of no known form",
        "A target answered the gateway with something that is no answer of ours.",
        "Which function is the target?",
    ),
    cause("no random bytes", "The machine gave none.", "Nothing was done; ask again."),
    cause("subject: ", "Issuer or subject of a row are too long or empty.", "Look into who writes the table."),
    cause(
        "handler: panicked",
        "A defect of ours. The cause names the step under way.",
        "Keep the reference and the log line.",
    ),
];
