use auth::decision::Decision;
use auth::mandate::Mandate;
use auth::session::Session;
use auth::ticket::Ticket;

fn unchecked(ticket: Ticket, session: Session, decision: Decision) -> Mandate<()> {
    Mandate { ticket, session, decision, args: () }
}

fn main() {}
