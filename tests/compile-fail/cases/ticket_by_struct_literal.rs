use auth::id::{Agent, SessionHash};
use auth::subject::Subject;
use auth::ticket::Ticket;

fn unverified(subject: Subject, session: SessionHash, agent: Agent) -> Ticket {
    Ticket { subject, organization: None, session, agent }
}

fn main() {}
