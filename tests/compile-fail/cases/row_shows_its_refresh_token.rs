use auth::secret::Secret;
use auth::session::Row;

fn refresh_token(row: &Row) -> &Secret {
    &row.tokens.refresh
}

fn main() {}
