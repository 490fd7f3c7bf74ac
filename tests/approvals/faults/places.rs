//! Where the way of an approval can meet a fault, in the order of the way.

use acceptance::World;
use devstack::fault::Fault;

use super::Part;

/// When a fault begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Before the agent calls the tool.
    Asking,
    /// After that; the person says yes before the worker looks for the first time.
    Working,
    /// After that; the worker looks once before the person says yes.
    Waiting,
}

/// Whose requests a place is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Double {
    DynamoDb,
    Sqs,
    Lambda,
    OpenFga,
    Auth0,
    Okta,
}

/// Whose way it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    AddToGroup,
    UnlockUser,
}

impl Tool {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AddToGroup => "add_to_group",
            Self::UnlockUser => "unlock_user",
        }
    }

    /// Somebody who may.
    pub(super) fn person(self) -> &'static str {
        match self {
            Self::AddToGroup => "dave",
            Self::UnlockUser => "carol",
        }
    }

    pub(super) fn args(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::AddToGroup => &[("user", "bob@example.com"), ("group", "VPN users")],
            Self::UnlockUser => &[("user", "bob@example.com")],
        }
    }
}

/// One request on the way.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) when: When,
    pub(super) tool: Tool,
    pub(super) double: Double,
    /// Start of its request line.
    pub(super) on: &'static str,
    /// How many requests with that line come before it, from `when` on.
    pub(super) skip: u32,
    pub(super) part: Part,
    /// Whether it is reached only if there is time to act.
    pub(super) needs_time_to_act: bool,
    /// Whether a worker asks there only once in a while.
    pub(super) needs_a_new_worker: bool,
}

const fn at(part: Part, name: &'static str, double: Double, on: &'static str, skip: u32) -> Place {
    let when = match part {
        Part::Asking => When::Asking,
        Part::Waiting | Part::Checking | Part::Acting => When::Working,
    };
    let (tool, needs_time_to_act, needs_a_new_worker) = (Tool::AddToGroup, false, false);
    Place { name, when, tool, double, on, skip, part, needs_time_to_act, needs_a_new_worker }
}

const fn asking(name: &'static str, double: Double, on: &'static str, skip: u32) -> Place {
    at(Part::Asking, name, double, on, skip)
}

const fn waiting(name: &'static str, double: Double, on: &'static str, skip: u32) -> Place {
    at(Part::Waiting, name, double, on, skip)
}

const fn checking(name: &'static str, double: Double, on: &'static str, skip: u32) -> Place {
    at(Part::Checking, name, double, on, skip)
}

const fn acting(name: &'static str, double: Double, on: &'static str, skip: u32) -> Place {
    Place { needs_time_to_act: true, ..at(Part::Acting, name, double, on, skip) }
}

const GET: &str = "POST /GetItem";
const UPDATE: &str = "POST /UpdateItem";
const TRANSACT: &str = "POST /TransactWriteItems";
const PUT: &str = "POST /PutItem";
const SEND: &str = "POST /SendMessage";
const CALL: &str = "POST /2015-03-31/functions/fga-authorizer";
const CHECK: &str = "POST /stores/";
const KEYS: &str = "GET /.well-known/jwks.json";
const TOKEN: &str = "POST /oauth/token";

use Double::{Auth0, DynamoDb, Lambda, Okta, OpenFga, Sqs};

pub(super) const PLACES: [Place; 29] = [
    asking("session, asking", DynamoDb, GET, 0),
    asking("authorizer, asking", Lambda, CALL, 0),
    asking("check, asking", OpenFga, CHECK, 0),
    asking("request", DynamoDb, TRANSACT, 0),
    asking("message", Sqs, SEND, 0),
    asking("push", Auth0, "POST /bc-authorize", 0),
    asking("pending", DynamoDb, UPDATE, 0),
    asking("record, asking", DynamoDb, PUT, 0),
    waiting("approval", DynamoDb, GET, 0),
    waiting("turn", DynamoDb, UPDATE, 0),
    Place { needs_a_new_worker: true, ..waiting("keys", Auth0, KEYS, 0) },
    waiting("poll", Auth0, TOKEN, 0),
    waiting("approved", DynamoDb, UPDATE, 1),
    Place { when: When::Waiting, ..waiting("poll, waiting", Auth0, TOKEN, 0) },
    Place { when: When::Waiting, ..waiting("still pending", DynamoDb, UPDATE, 1) },
    Place { when: When::Waiting, ..waiting("next message", Sqs, SEND, 0) },
    checking("session", DynamoDb, GET, 1),
    checking("authorizer", Lambda, CALL, 0),
    checking("check", OpenFga, CHECK, 0),
    checking("lease", DynamoDb, UPDATE, 2),
    checking("exchange", Auth0, TOKEN, 1),
    checking("token", DynamoDb, UPDATE, 3),
    checking("user", Okta, "GET /api/v1/users/", 0),
    checking("group", Okta, "GET /api/v1/groups", 0),
    acting("spend", DynamoDb, UPDATE, 4),
    acting("member", Okta, "PUT /api/v1/groups/", 0),
    Place { tool: Tool::UnlockUser, ..acting("unlock", Okta, "POST /api/v1/users/", 0) },
    acting("outcome", DynamoDb, TRANSACT, 0),
    acting("record", DynamoDb, PUT, 0),
];

impl Place {
    /// Whose requests it is one of.
    pub(super) fn upstream(&self) -> &'static str {
        match self.double {
            DynamoDb => "dynamodb",
            Sqs => "sqs",
            Lambda => "lambda",
            OpenFga => "openfga",
            Auth0 => "auth0",
            Okta => "okta",
        }
    }

    /// Whether it comes before, with or after the act.
    pub(super) fn of_the_act(&self) -> &'static str {
        match self.name {
            "member" | "unlock" => "during",
            "outcome" | "record" => "after",
            _ => "before",
        }
    }

    pub(super) fn fault(&self, world: &World, fault: Fault) {
        let stack = &world.laptop.stack;
        match self.double {
            DynamoDb => stack.dynamodb.fault(fault),
            Sqs => stack.sqs.fault(fault),
            Lambda => stack.lambda.double.fault(fault),
            OpenFga => stack.openfga.double.fault(fault),
            Auth0 => stack.auth0.double.fault(fault),
            Okta => stack.okta.double.fault(fault),
        }
    }

    /// How often a request with its line was made.
    pub(super) fn asked(&self, world: &World) -> u64 {
        let stack = &world.laptop.stack;
        let operation = self.on.trim_start_matches("POST /");
        match self.double {
            DynamoDb => stack.dynamodb.requests_by_operation(operation),
            Sqs => stack.sqs.requests_by_operation(operation),
            Lambda => stack.lambda.double.requests_to(self.on),
            OpenFga => stack.openfga.double.requests_to(self.on),
            Auth0 => stack.auth0.double.requests_to(self.on),
            Okta => stack.okta.double.requests_to(self.on),
        }
    }
}
