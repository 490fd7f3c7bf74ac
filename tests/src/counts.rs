//! How much was asked of whom.

use devstack::stack::Stack;

/// Requests and connections, by double. Warm-up requests (`HEAD /`, Lambda dry runs) count too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// DynamoDB operations, the writes of audit records apart.
    pub dynamodb: u64,
    /// Writes of audit records. Nothing else that a function does is a `PutItem`.
    pub records: u64,
    /// Invocations of functions, that of the tool included when it came over Lambda's API.
    pub lambda: u64,
    /// Checks at OpenFGA.
    pub checks: u64,
    /// Tokens bought at OpenFGA's issuer.
    pub fga_tokens: u64,
    /// Requests to Auth0's token endpoint: exchanges, and polls for an approval.
    pub auth0_tokens: u64,
    /// Requests to Auth0 to start an approval.
    pub ciba_starts: u64,
    /// Requests to Okta's API and userinfo endpoint: what a tool does there.
    pub okta: u64,
    /// Connections that all doubles have accepted since they were started. Never forgotten.
    pub connections: u64,
}

/// The operation by which a function adds an audit record.
const RECORD: &str = "PutItem";

impl Counts {
    pub(crate) fn of(stack: &Stack) -> Self {
        let (okta, operations) = (stack.okta.double.log(), stack.dynamodb.operations());
        let to_okta = |line: &&String| line.contains(" /api/") || line.starts_with("GET /oauth2/v1/userinfo");
        Self {
            dynamodb: operations.iter().filter(|name| *name != RECORD).map(|_| 1).sum(),
            records: operations.iter().filter(|name| *name == RECORD).map(|_| 1).sum(),
            lambda: stack.lambda.double.requests_to("POST /2015-03-31/functions/"),
            checks: stack.openfga.double.requests_to("POST /stores/"),
            fga_tokens: stack.openfga.double.requests_to("POST /oauth/token"),
            auth0_tokens: stack.auth0.double.requests_to("POST /oauth/token"),
            ciba_starts: stack.auth0.double.requests_to("POST /bc-authorize"),
            okta: okta.iter().filter(to_okta).map(|_| 1).sum(),
            connections: stack.doubles().iter().map(|double| double.connections()).sum(),
        }
    }
}
