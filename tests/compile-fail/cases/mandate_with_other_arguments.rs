use auth::decision::Decision;
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::session::Session;
use auth::ticket::Ticket;

fn for_arguments_of_another_tool<T: Asks<String>>(
    tool: &T,
    ticket: Ticket,
    session: Session,
    decision: Decision,
) -> Result<Mandate<u8>, Refusal> {
    Mandate::issue(tool, ticket, session, decision, 1_u8)
}

fn main() {}
