use auth::secret::Secret;

fn print(secret: &Secret) -> String {
    format!("{secret}")
}

fn main() {}
