//! Approvals, and arguments.

use super::{Cause, cause};

pub(super) const APPROVAL_PENDING: &[Cause] = &[
    cause("approval: asked", "The phone was asked.", "They answer it."),
    cause(
        "approval: requested",
        "It was asked for; whether the phone has rung is not known yet.",
        "Wait some seconds.",
    ),
    cause("approval: pending", "It still waits for the answer.", "They answer it, or let it pass."),
    cause("approval: approved", "They said yes, and it is about to be done.", "Wait some seconds."),
    cause("approval: acting", "It is being done.", "Wait some seconds."),
    cause("worker: not answered yet", "The worker polled and there was no answer.", "Nothing."),
];

pub(super) const APPROVAL_DENIED: &[Cause] = &[
    cause(
        "approval: how it ended",
        "The person said no.",
        "Nothing. If it was a mistake, they ask again after a minute.",
    ),
    cause(
        "approval: declined a moment ago",
        "It was asked again within a minute of a no. The phone was not rung.",
        "They wait.",
    ),
];

pub(super) const APPROVAL_EXPIRED: &[Cause] = &[
    cause(
        "approval: how it ended",
        "Nobody answered in time.",
        "They ask again. If it repeats: does the phone ring at all? Is the worker being called?",
    ),
    cause(
        "approval: spent too late",
        "The yes came, and its time was over before it could be used.",
        "They ask again. Look at the worker's delay.",
    ),
];

pub(super) const INVALID_INPUT: &[Cause] = &[
    cause(
        "arguments: ",
        "The model sent arguments that the tool does not take.",
        "Nothing; the model is told which. If it repeats, look at the description in the agent's schema: `make schemas`.",
    ),
    cause(
        "door: ",
        "The event is not one of a known shape.",
        "Whoever calls it is not Bedrock or the gateway, or its wire has changed.",
    ),
    cause(
        "no tool of that name",
        "The agent was told of a tool that this function does not have.",
        "Give the agent the schema of `infra/generated`.",
    ),
    cause(
        "okta: no such user",
        "Okta knows no such login, or the person may not see it.",
        "Nothing; the person is told.",
    ),
    cause("okta: no such group", "The same of a group's exact name.", "Nothing; the person is told."),
    cause("okta: more than one group of this name", "Which one is meant is not clear.", "Rename one at Okta."),
    cause("okta: not possible: ", "Okta refuses in this state of the account or group.", "The sentence says why."),
    cause("gateway: ", "A message to the gateway that is no MCP call.", "The client's author mends it."),
];
