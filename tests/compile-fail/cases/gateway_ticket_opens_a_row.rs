use auth::refusal::Refusal;
use auth::session::{Row, Session};
use auth::ticket::GatewayTicket;
use auth::time::Timestamp;

fn without_a_session(row: Row, ticket: &GatewayTicket, now: Timestamp) -> Result<Session, Refusal> {
    row.confirm(ticket, now)
}

fn main() {}
