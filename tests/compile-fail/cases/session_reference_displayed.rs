use auth::id::SessionReference;

fn print(session: &SessionReference) -> String {
    format!("{session}")
}

fn main() {}
