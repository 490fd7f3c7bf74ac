//! The whole way of one approval past one fault.

use std::time::Duration;

use acceptance::{Approvals, Chatting};
use devstack::fault::Fault;
use devstack::okta::Status;
use devstack::sample::group_id;
use serde_json::Value;

use super::places::{Place, When};
use super::{Cell, MARKER};

const PATIENCE: Duration = Duration::from_secs(20);
/// The time of a call, or of a worker's first look, that hangs: long enough to come to the place.
const SHORT: Duration = Duration::from_millis(1_200);
/// The same where two seconds must be left to ask anybody, and where eight must be left to act.
const TO_ASK: Duration = Duration::from_millis(2_700);
const TO_ACT: Duration = Duration::from_secs(9);
/// When a request's time is over: then everything works again.
const OVER: u64 = 121;
/// An approval that needs more deliveries than this does not end.
const MOST_DELIVERIES: usize = 600;

/// One cell on its way.
pub(super) struct Way<'a> {
    pub(super) approvals: &'a Approvals,
    pub(super) place: &'a Place,
    pub(super) who: Chatting,
    pub(super) wrong: Vec<String>,
    /// How it came out, as a letter of the table, and how often the place's request was made.
    pub(super) letter: Option<char>,
    pub(super) requests: u64,
    /// Acts at Okta, and requests with the place's line, before the fault.
    acts: usize,
    asked: u64,
}

/// What became of one cell: a line of the ledger, and what is wrong with it.
pub(super) struct Walked {
    pub(super) letter: Option<char>,
    pub(super) requests: u64,
    pub(super) acts: usize,
    pub(super) wrong: Vec<String>,
}

impl<'a> Way<'a> {
    /// Somebody with a fresh session, and everything as it was for the cell before.
    pub(super) async fn begin(approvals: &'a Approvals, place: &'a Place) -> Self {
        let who = approvals.chatting(place.tool.person()).await;
        let okta = &approvals.world.laptop.stack.okta;
        okta.leave("bob@example.com", &group_id("VPN users").unwrap());
        okta.set_status("bob@example.com", Status::LockedOut);
        approvals.world.forget();
        Self {
            approvals,
            place,
            who,
            wrong: Vec::new(),
            acts: approvals.acts().len(),
            asked: 0,
            letter: None,
            requests: 0,
        }
    }

    /// Goes it to its end; nothing if it did not come to the place.
    pub(super) async fn go(mut self, cell: &Cell) -> Option<Walked> {
        let asks = self.place.when == When::Asking;
        if asks {
            self.fault(cell);
        }
        let time = if asks && cell.hangs() { TO_ASK } else { PATIENCE };
        let answer = self.call(time, self.place.tool.name(), self.place.tool.args()).await;
        let mut met = asks && self.has_met();
        if !asks {
            self.fault(cell);
        }
        self.work(cell).await;
        met = met || !asks && self.has_met();
        let walked = self.end(cell, &answer).await;
        met.then_some(walked)
    }

    /// The same past two faults that end at once, met or not.
    pub(super) async fn go_past_both(mut self, both: [(&Place, &Cell); 2]) -> Walked {
        let faults = |way: &Self, asks: bool| {
            for (place, cell) in both.iter().filter(|(place, _)| (place.when == When::Asking) == asks) {
                way.add(place, cell);
            }
        };
        self.asked = self.place.asked(&self.approvals.world);
        faults(&self, true);
        let answer = self.call(PATIENCE, self.place.tool.name(), self.place.tool.args()).await;
        faults(&self, false);
        self.work(both[0].1).await;
        self.end(both[0].1, &answer).await
    }

    async fn end(mut self, cell: &Cell, answer: &Value) -> Walked {
        self.requests = self.place.asked(&self.approvals.world) - self.asked;
        self.judge(cell, answer).await;
        self.approvals.hands.ahead(0);
        self.approvals.forget(&self.who, self.place.tool.name()).await;
        self.approvals.world.forget();
        Walked { letter: self.letter, requests: self.requests, acts: self.acts(), wrong: self.wrong }
    }

    /// A call by the person's agent.
    pub(super) async fn call(&mut self, time: Duration, tool: &str, args: &[(&str, &str)]) -> Value {
        let answer = self.approvals.call_within(time, &self.who, tool, args).await;
        if answer.to_string().contains(MARKER) {
            self.complain(format!("{tool} repeats the upstream's body"));
        }
        answer
    }

    /// How often Okta was changed on this way.
    pub(super) fn acts(&self) -> usize {
        self.approvals.acts().len() - self.acts
    }

    pub(super) fn complain(&mut self, what: String) {
        self.wrong.push(what);
    }

    /// Whatever waits on the person's phone is approved.
    pub(super) fn say_yes(&self) {
        let auth0 = &self.approvals.world.laptop.stack.auth0;
        for pending in auth0.pending(&self.who.person.sub()) {
            auth0.approve(&pending.auth_req_id).unwrap();
        }
    }

    fn fault(&mut self, cell: &Cell) {
        self.asked = self.place.asked(&self.approvals.world);
        self.add(self.place, cell);
    }

    fn add(&self, place: &Place, cell: &Cell) {
        let (on, skip) = (place.on.to_owned(), place.skip);
        let fault = Fault { on, times: cell.times, skip, effect: cell.effect.clone() };
        place.fault(&self.approvals.world, fault);
    }

    fn has_met(&self) -> bool {
        self.place.asked(&self.approvals.world) - self.asked > u64::from(self.place.skip)
    }

    /// The worker gets what the queue hands out until it is empty. The person says yes at once, or after the first look.
    /// When the request's time is over, everything works again.
    async fn work(&mut self, cell: &Cell) {
        let (when, approvals) = (self.place.when, self.approvals);
        for delivery in 0..MOST_DELIVERIES {
            if when != When::Waiting || delivery > 0 {
                self.say_yes();
            }
            if !approvals.next_message() {
                return self.mend();
            }
            if approvals.hands.by() >= OVER {
                approvals.world.mend();
            }
            let hangs = cell.hangs() && when != When::Asking && delivery == 0;
            let time = match hangs {
                true if self.place.needs_time_to_act => TO_ACT,
                true => SHORT,
                false => PATIENCE,
            };
            approvals.take(&approvals.worker, time).await;
        }
        self.mend();
        self.complain(format!("it does not end in {MOST_DELIVERIES} deliveries"));
    }

    fn mend(&self) {
        self.approvals.world.mend();
    }
}
