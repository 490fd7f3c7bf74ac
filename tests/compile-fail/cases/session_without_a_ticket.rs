use auth::refusal::Refusal;
use auth::session::{Row, Session};
use auth::time::Timestamp;

fn confirmed_by_itself(row: Row, now: Timestamp) -> Result<Session, Refusal> {
    let subject = row.subject.clone();
    row.confirm(&subject, now)
}

fn main() {}
