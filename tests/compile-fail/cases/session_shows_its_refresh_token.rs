use auth::secret::Secret;
use auth::session::Session;

fn refresh_token(session: &Session) -> &Secret {
    session.refresh_token()
}

fn main() {}
