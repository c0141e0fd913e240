//! The driver and the provider: inputs go in one at a time, outputs are carried out at once.

use latido_connection::{DialId, Input, Output, Status};
use latido_protocol::event::WireEvent as _;

use super::{Timer, queries::POLL_MS, request::Ask, task::Task};
use crate::{happening::Happening, story::tell, tally::Class, world::World};

/// The dial that an input carries.
pub fn dial_of(input: &Input) -> Option<DialId> {
    match input {
        Input::TokenReady { dial, .. }
        | Input::TokenFailed { dial, .. }
        | Input::Opened { dial }
        | Input::Frame { dial, .. }
        | Input::Nonsense { dial }
        | Input::Closed { dial, .. }
        | Input::CaughtUp { dial } => Some(*dial),
        Input::Start
        | Input::Stop
        | Input::Retry
        | Input::SessionChecked { .. }
        | Input::Visible
        | Input::Hidden
        | Input::Frozen
        | Input::Resumed { .. }
        | Input::Subscribe { .. }
        | Input::Unsubscribe { .. }
        | Input::Typing { .. }
        | Input::Online
        | Input::Offline
        | Input::PollSucceeded
        | Input::PollFailed
        | Input::Woke => None,
    }
}

impl World {
    /// Reports what happened to the connection, and carries out what follows from it.
    pub fn input(&mut self, input: Input) {
        self.page.inputs.push_back(input);
        if std::mem::replace(&mut self.page.busy, true) {
            return;
        }
        while self.violation.is_none()
            && let Some(input) = self.page.inputs.pop_front()
        {
            // A deadline that stands is kept first, so that whatever late news brings is its own.
            if dial_of(&input).is_some_and(|dial| !self.page.alive.contains(&dial)) {
                self.handle(Input::Woke);
            }
            self.handle(input);
        }
        self.page.busy = false;
    }

    fn handle(&mut self, input: Input) {
        self.step += 1;
        self.page_lets_go(&input);
        let before = self.before_input(&input);
        let now = self.page_now();
        self.page.connection.handle(input, now);
        while let Some(output) = self.page.connection.poll() {
            self.check_output(&before, &output);
            self.carry_out(output);
        }
        self.after_input();
        self.check_plain(&before);
        self.count_rare(&before);
    }

    /// A socket that has closed is no longer held.
    fn page_lets_go(&mut self, input: &Input) {
        if let Input::Closed { dial, .. } = input {
            self.page.sockets.remove(dial);
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::FetchToken { dial, force } => {
                tell!(
                    self,
                    "page",
                    "dial {} fetches a token{}",
                    dial.0,
                    if force { " by force" } else { "" }
                );
                if !self.page.alive.is_empty() {
                    self.count(Class::Rotation);
                }
                self.count(if force { Class::ForcedDials } else { Class::Dials });
                self.page.alive.insert(dial);
                self.fetch_token(dial, force);
            }
            Output::Dial { dial, token } => {
                self.page.sockets.insert(dial, false);
                self.dial(self.page.wire_of(dial), token);
            }
            Output::Send { dial, text } => {
                tell!(
                    self,
                    "page",
                    "dial {} sends {}",
                    dial.0,
                    text.split("\"timestamp\"").next().unwrap_or("")
                );
                self.send_up(self.page.wire_of(dial), text);
            }
            Output::Close { dial, code } => {
                tell!(self, "page", "closes dial {} with {code}", dial.0);
                self.page.alive.remove(&dial);
                if self.page.sockets.remove(&dial).is_some() {
                    self.page_closes(dial);
                }
            }
            Output::WakeAt(at) => {
                let at = at.map(|at| at.unix_ms() - crate::record::FIRST_DAY_MS);
                self.set_machine_timer(at);
            }
            Output::StatusChanged(status) => {
                tell!(self, "page", "status {status:?}");
                self.status_changed(status);
            }
            Output::Event(event) => {
                self.count(Class::Event);
                tell!(self, "page", "event {} {}", event.name(), crate::record::subject(&event));
                self.apply(&event);
            }
            Output::Invalidate(invalidation) => self.invalidate(invalidation),
            Output::Ignored(_) | Output::Foreign { .. } => self.count(Class::Ignored),
            Output::AwaitCaughtUp { dial } => {
                self.page.awaiting.push(dial);
                self.connection_awaits();
                self.forgive();
                self.check_quiet();
            }
            Output::CheckSession => {
                self.count(Class::SessionCheck);
                tell!(self, "page", "asks for the session");
                self.ask(Ask::Session);
            }
        }
    }

    fn status_changed(&mut self, status: Status) {
        if status.is_live() {
            self.count(Class::Live);
            self.wake_outbox();
        }
        self.poll_every((!status.is_live()).then_some(POLL_MS));
    }

    pub(super) fn set_machine_timer(&mut self, at: Option<i64>) {
        let number = self.page.machine_timer.number + 1;
        self.page.machine_timer = Timer { at, number };
        if let Some(at) = at {
            self.queue.push(at.max(self.now), Happening::Page(Task::Machine { number }));
        }
    }

    /// The driver's timer fired.
    pub(super) fn machine_timer_fires(&mut self) {
        self.page.machine_timer.at = None;
        self.check_wakes();
        self.input(Input::Woke);
        let deadline = self.page.connection.wake_at();
        if let (Some(at), None) = (deadline, self.page.machine_timer.at) {
            self.set_machine_timer(Some(at.unix_ms() - crate::record::FIRST_DAY_MS));
        }
    }
}
