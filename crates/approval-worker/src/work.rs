//! One message.

use auth::approval::PersonKey;
use auth::audit::Activity;
use auth::refusal::{Code, Refusal};
use function::serve::Invocation;
use function::telemetry::Outcome;
use tool::house::{Needs, Whose};
use tool::trail::Trail;
use upstream_aws::ApprovalKey;

use crate::ApprovalWorker;
use crate::batch::Message;
use crate::left::Left;
use crate::shift::Shift;

impl ApprovalWorker {
    /// Does what is due. Afterwards the message can be deleted: if more is due later, another one was sent.
    ///
    /// # Errors
    /// The message must come again: it is no key, there is no keycard, or the table or the queue did not answer.
    pub(crate) async fn work(
        &self,
        message: &Message,
        invocation: &Invocation,
        outcome: &Outcome,
        trail: &Trail,
    ) -> Result<Left, Refusal> {
        let Some(key) = message.body.as_deref().and_then(ApprovalKey::parse) else {
            let cause = format!("worker: not an approval's key, delivery {}", message.deliveries);
            return Err(Refusal::new(Code::InvalidInput, cause));
        };
        outcome.name_approval(&key.reference);
        if let Some(tool) = self.deeds.name_of(&key.tool) {
            outcome.name_tool(tool);
            outcome.name_activity(Activity::Update);
        }
        let whose = Whose { person: &key.person, session: None, tool: &key.tool };
        let opened = self.house.rooms(whose, Needs::Looks, invocation.until);
        let rooms = invocation.steps.time("keycard", opened).await?;
        let (store, queue) = (rooms.approvals(&self.table), rooms.queue(&self.queue));
        let read = Box::pin(store.read(&key.person, &key.tool, &key.reference, invocation.until));
        let Some((approval, arguments)) = invocation.steps.time("approval", read).await? else {
            return Ok(Left::Over);
        };
        let binding = approval.binding();
        outcome.name_session(binding.session.clone());
        outcome.name_subject(&binding.subject);
        outcome.name_organization(binding.organization.as_ref());
        outcome.name_agent(&binding.agent);
        outcome.name_arguments(Some(binding.arguments.clone()));
        trail.leads_to(&PersonKey::of(&binding.subject), &rooms, outcome);
        let shift =
            Shift { worker: self, key: &key, store: &store, queue: &queue, arguments: &arguments, invocation, outcome };
        shift.take(approval).await
    }
}
