//! Whether anything of the page runs: a hidden tab's timers are throttled, a frozen tab and a sleeping
//! machine do nothing at all, and what happened meanwhile happens afterwards.

use latido_connection::{DialId, Input};

use latido_protocol::frame::Received;

use super::{Page, task::Task};
use crate::{happening::Happening, story::tell, tally::Class, world::World};

/// A frame without what it carries.
fn short(text: &str) -> String {
    match Received::parse(text) {
        Ok(Received { kind, seq: Some(seq), epoch, .. }) => {
            format!("{kind} {}-{seq}", epoch.unwrap_or_default())
        }
        Ok(Received { kind, .. }) => kind,
        Err(_) => format!("{text:?}"),
    }
}

impl Page {
    pub fn pause(&mut self, now: i64) {
        self.paused = true;
        self.paused_at = now;
    }

    /// `slept`: the machine, and with it the monotonic clock.
    pub fn unpause(&mut self, now: i64, slept: bool) {
        self.paused = false;
        let ms = now - self.paused_at;
        self.paused_ms += ms;
        if slept {
            self.slept += ms;
        }
    }

    /// For how long the page has run, in milliseconds.
    pub fn ran(&self, now: i64) -> i64 {
        now - self.paused_ms
    }
}

impl World {
    pub fn page_task(&mut self, task: Task) {
        if self.page.paused {
            self.page.inbox.push(task);
            return;
        }
        if task.is_timer() && !self.page.visible && self.now % self.page.throttle != 0 {
            let at = (self.now / self.page.throttle + 1) * self.page.throttle;
            self.queue.push(at, Happening::Page(task));
            return;
        }
        self.run_task(task);
    }

    fn run_task(&mut self, task: Task) {
        match task {
            Task::Machine { number } => {
                if number == self.page.machine_timer.number && self.page.machine_timer.at.is_some() {
                    self.machine_timer_fires();
                }
            }
            Task::Queries { number } => {
                if number == self.page.query_timer.number && self.page.query_timer.at.is_some() {
                    self.pump();
                }
            }
            Task::TimedOut { number } => self.timed_out(number),
            Task::Outbox { number } => self.outbox_timer_fires(number),
            Task::Stored { life } => self.stored(life),
            Task::Opened { dial } => self.socket_says(dial, |dial| Input::Opened { dial }),
            Task::Frame { dial, text } => {
                tell!(self, "page", "dial {} receives {}", dial.0, short(&text));
                self.socket_says(dial, |dial| Input::Frame { dial, text });
            }
            Task::Binary { dial } => self.socket_says(dial, |dial| Input::Nonsense { dial }),
            Task::Closed { dial, code } => {
                tell!(self, "page", "dial {} is closed with {code}", dial.0);
                self.closed_with(code);
                self.socket_says(dial, |dial| Input::Closed { dial, code });
            }
            Task::CachedToken { dial, token } => {
                if let Some(dial) = self.page.own(dial) {
                    self.input(Input::TokenReady { dial, token });
                }
            }
            Task::Answer { number, answer } => self.answered(number, answer),
        }
    }

    /// The dashboard takes a dropped socket's handlers off. A page that does not must fare as well,
    /// so half of what an abandoned socket still has to say is said.
    fn socket_says(&mut self, wire: DialId, input: impl FnOnce(DialId) -> Input) {
        let Some(dial) = self.page.own(wire) else { return };
        let input = input(dial);
        if let Some(open) = self.page.sockets.get_mut(&dial) {
            *open |= matches!(input, Input::Opened { .. });
            self.input(input);
        } else if self.dice.chance(50) {
            self.count(Class::StaleInput);
            self.input(input);
        }
    }

    pub fn hide(&mut self) {
        if !self.page.paused && self.page.visible {
            tell!(self, "tab", "is hidden");
            self.count(Class::Hidden);
            self.page.visible = false;
            self.input(Input::Hidden);
        }
    }

    pub fn show(&mut self) {
        if !self.page.paused && !self.page.visible {
            tell!(self, "tab", "is shown");
            self.page.visible = true;
            // Throttled timers run again when they are due.
            self.set_machine_timer(self.page.machine_timer.at);
            self.flush_outbox();
            for (number, request) in &self.page.requests {
                let at = request.until.max(self.now);
                self.queue.push(at, Happening::Page(Task::TimedOut { number: *number }));
            }
            self.input(Input::Visible);
            self.refresh();
            self.wake_outbox();
        }
    }

    /// Out of the freezer or the cache: the browser says so before or after what waited.
    pub fn resume(&mut self) {
        let first = self.dice.chance(50);
        let resumed = Input::Resumed { visible: self.page.visible };
        if first {
            self.input(resumed.clone());
        }
        self.run_what_waited();
        if !first {
            self.input(resumed);
        }
    }

    /// Everything runs again. What waited comes in the order in which it came, or timers first: no
    /// browser promises either.
    pub fn run_what_waited(&mut self) {
        let mut waiting = std::mem::take(&mut self.page.inbox);
        match self.dice.below(3) {
            0 => waiting.sort_by_key(|task| !task.is_timer()),
            1 => waiting.sort_by_key(Task::is_timer),
            _ => {}
        }
        for task in waiting {
            self.page_task(task);
        }
    }
}
