use auth::session::{Row, Session};

fn unconfirmed(row: Row) -> Session {
    Session { row }
}

fn main() {}
