use auth::ticket::{GatewayTicket, Holder};

fn unverified(holder: Holder) -> GatewayTicket {
    GatewayTicket { holder, session: None, tool: "okta-groups___list_groups".to_owned(), reach: None }
}

fn main() {}
