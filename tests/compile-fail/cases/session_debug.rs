use auth::session::Session;

fn print(session: &Session) -> String {
    format!("{session:?}")
}

fn main() {}
