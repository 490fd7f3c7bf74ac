use auth::decision::Decision;
use auth::mandate::Mandate;
use auth::session::Session;

fn unchecked(known: Mandate<()>, session: Session, decision: Decision) -> Mandate<()> {
    Mandate { anchor: known.anchor, session, decision, arguments: None, args: () }
}

fn main() {}
