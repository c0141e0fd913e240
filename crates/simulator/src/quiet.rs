//! The end of a run: the faults end, some time passes, and the page has to show what the database
//! holds.

use latido_connection::{DialId, GaveUp, Input, Status};

use crate::{happening::Recovery, network::Condition, record::spoken, story::tell, world::World};

/// Longer than the longest pause, a heartbeat, the wait before re-arming and a dial that hangs.
const QUIET_MS: i64 = 200_000;
/// A plain backend proves nothing, and neither does polling; their lists are marked stale every five minutes.
const QUIET_PLAIN_MS: i64 = 400_000;
/// For what is under way: a fetch, or a socket whose token expires just now.
const SETTLE_MS: i64 = 20_000;

impl World {
    pub fn grow_quiet(&mut self) {
        self.maybe_lose_a_last_event();
        tell!(self, "──", "from here on nothing goes wrong");
        self.quiet = true;
        self.network.heal();
        self.server.heal();
        for recovery in [Recovery::PageShow, Recovery::Online] {
            self.recover(recovery);
        }
        let stalled: Vec<_> = self.network.wires.keys().copied().collect();
        for dial in stalled {
            self.move_again(dial);
        }
        self.show();
        self.user_resumes_log();
        self.run_until(self.now + 1_000);
        if self.violation.is_some() {
            return;
        }
        if (!self.page.signed_in || self.server.session.is_none()) && self.dice.chance(60) {
            self.sign_in();
        } else if matches!(self.page.connection.status(), Status::Disconnected { .. }) && self.dice.chance(30)
        {
            tell!(self, "user", "presses Retry");
            self.input(Input::Retry);
        }
        let ms = if self.server.plain || self.page.poll_every.is_some() { QUIET_PLAIN_MS } else { QUIET_MS };
        self.run_until(self.now + ms);
        // A message that got no answer is tried again by hand.
        self.send_unsent(true);
        self.run_until(self.now + SETTLE_MS);
        let end = self.now + SETTLE_MS;
        while self.violation.is_none()
            && self.now < end
            && !(self.page.requests.is_empty() && self.is_as_expected() && self.rooms_are_known())
        {
            self.run_until(self.now + 100);
        }
        if self.violation.is_none() {
            self.check_the_end();
        }
    }

    /// The hardest gap to notice is one that no event follows.
    fn maybe_lose_a_last_event(&mut self) {
        if self.dice.chance(15) {
            self.server.gaps = 100;
            self.somebody_writes(1);
        }
    }

    /// Whether the connection is where it has to be when nothing goes wrong.
    fn is_as_expected(&self) -> bool {
        let status = self.page.connection.status();
        if !self.page.config.enabled {
            status == Status::Polling
        } else if !self.page.signed_in {
            status == Status::Stopped
        } else {
            match status {
                Status::Live { .. } => self.server.session.is_some() && self.has_a_socket_that_works(),
                // What only a person can change stands until a person does.
                Status::Disconnected { reason } => {
                    reason != GaveUp::AttemptsUsedUp || self.server.session.is_none()
                }
                Status::Polling | Status::Stopped | Status::Connecting | Status::Reconnecting { .. } => false,
            }
        }
    }

    fn has_a_socket_that_works(&self) -> bool {
        let works = |dial: &DialId| {
            let wire = self.page.wire_of(*dial);
            self.server.peers.contains_key(&wire)
                && self.network.wires.get(&wire).is_some_and(|wire| wire.condition == Condition::Good)
        };
        self.page.sockets.len() == 1 && self.page.sockets.keys().all(works)
    }

    fn check_the_end(&mut self) {
        let status = self.page.connection.status();
        if !self.is_as_expected() {
            let dials: Vec<_> = self.page.sockets.keys().copied().collect();
            self.violated("after quiet it is live", || format!("{status:?}, sockets {dials:?}"));
        }
        if !self.rooms_are_known() {
            let what = format!("{:?}", self.page.rooms);
            self.violated("after quiet the server knows the rooms", || what);
        }
        if self.page.signed_in && self.server.session.is_some() {
            self.check_view();
        }
    }

    /// Every socket that is live has said which rooms the page looks into.
    fn rooms_are_known(&self) -> bool {
        let known = |dial| {
            let peer = self.server.peers.get(&self.page.wire_of(dial));
            peer.is_some_and(|peer| peer.rooms == self.page.rooms)
        };
        self.server.behind_gateway
            || !self.page.connection.status().is_live()
            || self.page.sockets.keys().copied().all(known)
    }

    fn check_view(&mut self) {
        if !self.page.requests.is_empty() {
            let what = format!("{:?}", self.page.requests);
            self.violated("after quiet nothing is under way", || what);
        }
        let waits = self.page.outbox.waiting().next().map(|entry| format!("{entry:?}"));
        if let Some(what) = waits {
            self.violated("after quiet the outbox is empty", || what);
        }
        if let Some(amount) = self.ledger.lost(|_| false) {
            self.violated("every write is applied or refused", || format!("the write {amount} is lost"));
        }
        self.check_families();
        for place in 0..self.page.queries.len() {
            let query = &self.page.queries[place];
            let held = self.server.list(query.kind, query.from, query.to);
            let shown = query.list.is_known().then_some(&query.view);
            if !shown.is_some_and(|shown| shown.iter().map(|row| &**row).eq(&held)) {
                let shown = shown.map(|shown| spoken(shown.iter().map(|row| &**row)));
                let what = format!("list {place} shows {shown:?}\nand the database holds {}", spoken(&held));
                self.violated("after quiet the view is the database", || what);
                return;
            }
            if query.schedule.is_stale() || query.succeeded < query.invalidated {
                self.violated("every invalidation is followed by a fetch", || format!("list {place}"));
                return;
            }
        }
    }
}
