//! What becomes of requests, and the session's token.

use latido_cache::WriteOf;
use latido_connection::{DialId, Input, TokenFailure};

use super::{
    request::{Answer, Ask, Request},
    task::Task,
};
use crate::{
    happening::Happening, ledger::amount_of, network::Http, record::Record, story::tell, tally::Class,
    world::World,
};

/// The dashboard gives a request up after so long.
const TIMEOUT_MS: i64 = 15_000;

impl World {
    pub fn ask(&mut self, ask: Ask) {
        self.page.last_request += 1;
        let number = self.page.last_request;
        let until = self.now + TIMEOUT_MS;
        self.page.requests.insert(number, Request { ask: ask.clone(), until });
        self.queue.push(until, Happening::Page(Task::TimedOut { number }));
        let latency = self.latency();
        match self.http() {
            Http::RequestsLost => {}
            Http::Unreachable => self.answer_after(latency, number, Answer::Failed),
            Http::Good | Http::AnswersLost | Http::Unavailable => {
                self.after(latency, Happening::Request { number, ask });
            }
        }
    }

    fn answer_after(&mut self, latency: i64, number: u32, answer: Answer) {
        self.after(latency, Happening::Page(Task::Answer { number, answer }));
    }

    /// A request reaches the server.
    pub fn server_answers(&mut self, number: u32, ask: Ask) {
        let http = self.http();
        let answer = match http {
            Http::Unreachable | Http::Unavailable => Answer::Failed,
            Http::RequestsLost => return,
            Http::Good | Http::AnswersLost => self.server_answer(ask),
        };
        if http != Http::AnswersLost {
            let latency = self.latency();
            self.answer_after(latency, number, answer);
        }
    }

    fn server_answer(&mut self, ask: Ask) -> Answer {
        if self.server.session.is_none() {
            return Answer::SignedOut;
        }
        match ask {
            Ask::List { query, known } => {
                let as_of = self.now - self.dice.between(0, self.server.lag);
                let Some(query) = self.page.queries.get(query) else { return Answer::Failed };
                let (list, is_old) = self.server.list_as_of(as_of, query.kind, query.from, query.to);
                if is_old {
                    self.tally.count(Class::Lagged);
                }
                if known.as_ref() == Some(&list) { Answer::Unchanged } else { Answer::List(list) }
            }
            Ask::Family { what, asked, known, .. } => {
                let as_of = self.now - self.family_dice.between(0, self.server.lag);
                let body = self.server.families_as_of(as_of).body(what, asked.as_deref());
                if known.as_ref() == Some(&body) { Answer::Unchanged } else { Answer::Body(body) }
            }
            Ask::Switch { device, on, .. } => {
                let device = self.server_switches(&device, on);
                device.map_or(Answer::Failed, |device| Answer::Switched(Box::new(device)))
            }
            Ask::Say { key, text } => Answer::Said(Box::new(self.server_hears_said(&key, &text))),
            Ask::Read { contact } => {
                self.server_notes_reading(&contact);
                Answer::Done
            }
            Ask::Token { .. } if self.now < self.server.tokens_down_until => Answer::Failed,
            Ask::Token { .. } => match self.server.issue(self.now, self.page.tickets, &mut self.dice) {
                Some((token, expires_at)) => Answer::Token { token, expires_at },
                None => Answer::SignedOut,
            },
            Ask::Session => Answer::Session,
            Ask::Write { entry } => {
                self.check_id(&entry.write);
                let wall = self.wall();
                let (answer, changed) = self.server.write(&entry.key, &entry.write, wall);
                if changed {
                    self.applied(&entry.write, &answer);
                    self.broadcast();
                }
                Answer::Write(answer)
            }
        }
    }

    /// Once its creation was answered, a record is known by the server's id.
    fn check_id(&mut self, write: &WriteOf<Record>) {
        if !write.is_create() && write.id().starts_with("local-") {
            self.violated("no local id reaches the server", || write.id().to_owned());
        }
    }

    /// The database has changed by a write of the user's.
    fn applied(&mut self, write: &WriteOf<Record>, answer: &latido_cache::Answer<Record>) {
        let (Some(amount), latido_cache::Answer::Done(Some(record))) = (amount_of(write), answer) else {
            return;
        };
        if write.is_create() {
            self.ledger.created(write.id(), record.id());
        }
        if !self.ledger.applied(record.id(), amount) {
            self.violated("writes are applied once and in order", || format!("the write {amount}"));
        }
    }

    /// An answer reaches the page. One that was not waited for any longer is dropped.
    pub fn answered(&mut self, number: u32, answer: Answer) {
        let Some(Request { ask, .. }) = self.page.requests.remove(&number) else { return };
        if matches!(answer, Answer::SignedOut) {
            self.page.token = None;
        }
        match (ask, answer) {
            (Ask::List { query, .. }, Answer::List(rows)) => self.fetched(query, Some(Some(rows))),
            (Ask::List { query, .. }, Answer::Unchanged) => self.fetched(query, Some(None)),
            (Ask::List { query, .. }, Answer::SignedOut) => {
                self.fetched(query, None);
                self.session_is_over();
            }
            (Ask::List { query, .. }, _) => self.fetched(query, None),
            (Ask::Family { query, asked: None, .. }, answer) => {
                let signed_out = matches!(answer, Answer::SignedOut);
                self.family_fetched(
                    query,
                    match answer {
                        Answer::Body(body) => Some(Some(body)),
                        Answer::Unchanged => Some(None),
                        _ => None,
                    },
                );
                if signed_out {
                    self.session_is_over();
                }
            }
            (Ask::Family { query, asked: Some(asked), .. }, answer) => {
                let body = if let Answer::Body(body) = answer { Some(body) } else { None };
                self.family_page(query, &asked, body);
            }
            (Ask::Switch { device, attempt, .. }, Answer::Switched(switched)) => {
                self.switched(&device, attempt, Ok(*switched));
            }
            (Ask::Switch { device, attempt, .. }, _) => self.switched(&device, attempt, Err(())),
            (Ask::Say { key, .. }, Answer::Said(message)) => self.said(&key, Some(*message)),
            (Ask::Say { key, .. }, _) => self.said(&key, None),
            (Ask::Read { contact }, Answer::Done) => self.was_read(&contact),
            (Ask::Read { .. }, _) => {}
            (Ask::Token { dial }, Answer::Token { token, expires_at }) => {
                if !self.page.tickets {
                    // As the dashboard does: half a minute before it expires, or after half its life.
                    let life = expires_at - self.now;
                    let use_for = (life - 30_000).max(life / 2);
                    self.page.token = Some((token.clone(), self.now + use_for));
                }
                self.input(Input::TokenReady { dial, token });
            }
            (Ask::Token { dial }, Answer::SignedOut) => {
                self.count(Class::TokenRefused);
                tell!(self, "page", "the token of dial {} is refused", dial.0);
                self.input(Input::TokenFailed { dial, failure: TokenFailure::Refused });
                self.session_is_over();
            }
            (Ask::Token { dial }, _) => self.token_unavailable(dial),
            (Ask::Write { entry }, Answer::Write(answer)) => self.write_answered(&entry.key, answer),
            (Ask::Write { entry }, Answer::SignedOut) => {
                self.write_answered(&entry.key, latido_cache::Answer::Later);
                self.session_is_over();
            }
            (Ask::Write { entry }, _) => self.write_answered(&entry.key, latido_cache::Answer::Later),
            (Ask::Session, Answer::SignedOut) => {
                self.input(Input::SessionChecked { valid: false });
                self.session_is_over();
            }
            (Ask::Session, _) => self.input(Input::SessionChecked { valid: true }),
        }
    }

    pub fn timed_out(&mut self, number: u32) {
        if self.page.requests.get(&number).is_some_and(|request| request.until <= self.now) {
            self.answered(number, Answer::Failed);
        }
    }

    fn token_unavailable(&mut self, dial: DialId) {
        self.count(Class::TokenUnavailable);
        self.input(Input::TokenFailed { dial, failure: TokenFailure::Unavailable });
    }

    pub fn fetch_token(&mut self, dial: DialId, force: bool) {
        let usable = self.page.token.clone().filter(|(_, renew_at)| !force && self.now < *renew_at);
        if let Some((token, _)) = usable {
            let dial = self.page.wire_of(dial);
            self.after(0, Happening::Page(Task::CachedToken { dial, token }));
        } else {
            self.ask(Ask::Token { dial });
        }
    }

    fn session_is_over(&mut self) {
        if self.page.signs_out && self.page.signed_in {
            tell!(self, "page", "the session is over; signs out");
            self.forget_session();
        }
    }

    pub fn sign_in(&mut self) {
        if self.page.signed_in {
            // One signs in at the door, and gets there by being signed out.
            self.forget_session();
        }
        self.server.begin_session();
        self.page.signed_in = true;
        self.page.token = None;
        tell!(self, "user", "signs in");
        self.load_outbox();
        self.look_at_lists();
        self.input(Input::Start);
    }

    pub fn forget_session(&mut self) {
        self.page.signed_in = false;
        self.page.rooms.clear();
        self.page.token = None;
        // As the dashboard does: a token that was asked for in an earlier session is not kept.
        self.page.requests.retain(|_, request| !matches!(request.ask, Ask::Token { .. }));
        self.input(Input::Stop);
        self.clear_queries();
        self.page.unsent.clear();
        self.page.said_before = self.page.said;
        self.leave_outbox();
    }
}
