use auth::session::{Session, Tokens};

fn tokens(session: &Session) -> &Tokens {
    session.tokens()
}

fn main() {}
