use auth::session::{Row, Session};

fn row(session: Session) -> Row {
    session.row
}

fn main() {}
