//! What must not be read in what functions write.

use std::fs;

use super::Members;
use crate::running::logs_of;
use crate::tour::Tour;
use crate::trouble::Trouble;

/// No token that the tenant gave, no session of this chapter, and no part of a ticket.
pub(super) fn walk(tour: &mut Tour, members: &Members) -> Result<(), Trouble> {
    let laptop = &tour.started.laptop;
    let Members { reader, standard, full, ungranted } = members;
    let mut secrets = laptop.stack.auth0.secrets();
    secrets.extend([reader, standard, full, ungranted].map(|member| member.session.expose().to_owned()));
    secrets.extend(laptop.gateway().into_iter().flat_map(|gateway| gateway.invocations()).filter_map(|invocation| {
        let ticket = invocation.event.get(auth::gateway::TICKET_ARGUMENT)?.as_str()?;
        Some(ticket.rsplit('.').next()?.to_owned())
    }));
    let (mut bytes, mut found) = (0, 0);
    for function in laptop.functions() {
        let file = logs_of(laptop.folder()).join(format!("{function}.log"));
        let text = fs::read(&file).map_err(|error| Trouble::because("what a function wrote", error))?;
        let text = String::from_utf8_lossy(&text);
        bytes += text.len();
        found += secrets.iter().filter(|secret| text.contains(secret.as_str())).count();
    }
    let seen = format!("{found} of {} in {bytes} bytes", secrets.len());
    let name = "tokens, tickets and sessions in what the functions wrote, the interceptor's log included";
    tour.report.step(found == 0 && bytes > 0 && secrets.len() > 20, name, &seen);
    Ok(())
}
