use auth::secret::Secret;
use auth::session::{Row, Session};
use auth::ticket::Ticket;
use auth::time::Timestamp;

fn both(row: Row, ticket: &Ticket, now: Timestamp) -> (Secret, Option<Session>) {
    let token = row.into_refresh_token();
    (token, row.confirm(ticket, now).ok())
}

fn main() {}
