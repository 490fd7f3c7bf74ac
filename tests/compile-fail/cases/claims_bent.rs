use auth::jwt::Claims;

fn about_another_person(claims: Claims) -> Claims {
    Claims { subject: "auth0|bob".to_owned(), ..claims }
}

fn main() {}
