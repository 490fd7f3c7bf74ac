//! One message on its way through the gateway, behind the authorizer.

use http::{HeaderMap, StatusCode, Uri};

use super::Runtime;
use super::admission::Caller;
use super::interceptor::{self, Output};
use super::message::Message;
use super::methods;
use super::propagation::Injected;
use super::reply::Reply;

/// What a client sent.
pub(super) struct Inbound {
    pub(super) caller: Caller,
    pub(super) message: Message,
    pub(super) raw: String,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) request_id: String,
}

pub(super) async fn run(gateway: &Runtime, inbound: &Inbound) -> Reply {
    let id = inbound.message.told_id();
    let (reply, is_short) = match interceptor::on_request(gateway, inbound).await {
        Err(_) => return Reply::internal(&id),
        Ok(Output::Pass) => (methods::answer(gateway, inbound, &inbound.message, &Injected::default()).await, false),
        Ok(Output::Forward(changed)) => {
            let Ok(message) = changed.body.map_or_else(|| Ok(inbound.message.clone()), Message::of) else {
                return Reply::internal(&id);
            };
            (methods::answer(gateway, inbound, &message, &Injected::of(changed.headers)).await, false)
        }
        Ok(Output::Answer(answer)) => (answer.over(Reply::empty(StatusCode::OK)), true),
    };
    let is_hidden = is_short && gateway.config.null_body_after_short_circuit;
    let body = reply.body.as_ref().filter(|_| !is_hidden);
    match interceptor::on_response(gateway, inbound, &reply, body).await {
        Err(_) => Reply::internal(&id),
        Ok(Output::Answer(answer)) => answer.over(reply),
        Ok(Output::Pass | Output::Forward(_)) => reply,
    }
}
