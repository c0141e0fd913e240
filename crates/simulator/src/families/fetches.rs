//! Queries of families, fetched as the dashboard fetches them. The first page follows the schedule; those behind it are
//! the reader's wish.

use latido_cache::{families::thread::Outgoing, lag::is_unsettled, refetch::Due};
use latido_connection::{Input, Invalidation};
use latido_protocol::{event::Event, time::Timestamp};

use super::{held::Held, watched::Watched};
use crate::{page::request::Ask, story::tell, tally::Class, world::World};

impl World {
    pub fn watch_families(&mut self) {
        self.page.watched = self.page.watching.iter().copied().map(Watched::new).collect();
        let unsent: Vec<Outgoing> = std::mem::take(&mut self.page.unsent);
        for watched in &mut self.page.watched {
            if let Held::Thread(thread) = &mut watched.held {
                thread.restore(unsent.clone());
            }
        }
    }

    /// What has no answer outlives the page.
    pub fn keep_unsent(&mut self) {
        for watched in &self.page.watched {
            if let Held::Thread(thread) = &watched.held {
                self.page.unsent = thread.outgoing().to_vec();
            }
        }
    }

    pub fn families_stale(&mut self) {
        self.page.watched.iter_mut().for_each(Watched::mark_stale);
    }

    pub fn invalidate_families(&mut self, invalidation: Invalidation, settles_at: Timestamp) {
        let (wall, step) = (self.wall(), self.step);
        for watched in &mut self.page.watched {
            match invalidation {
                Invalidation::Everything => {
                    watched.mark_stale();
                    watched.schedule.invalidate();
                }
                Invalidation::Family { family, .. } if family == watched.what.family() => {
                    watched.schedule.invalidate();
                }
                Invalidation::Confirm { family, .. } if family == watched.what.family() => {
                    watched.schedule.confirm_later(wall);
                }
                Invalidation::Family { .. } | Invalidation::Confirm { .. } => continue,
            }
            watched.invalidated = step;
            if settles_at > Timestamp::EPOCH {
                watched.schedule.settle_by(settles_at);
            }
        }
    }

    pub fn apply_to_families(&mut self, event: &Event, settles_at: Timestamp) {
        for place in 0..self.page.watched.len() {
            if self.page.watched[place].what.family() != event.family() {
                continue;
            }
            self.count(Class::FamilyEvent);
            let before = self.rows_before(place);
            let watched = &mut self.page.watched[place];
            if settles_at > Timestamp::EPOCH {
                watched.schedule.settle_by(settles_at);
            }
            watched.settles_at = watched.settles_at.max(settles_at);
            watched.held.apply_event(event, settles_at);
            self.check_event(place, &before, settles_at);
        }
    }

    pub fn refresh_families(&mut self) {
        for watched in &mut self.page.watched {
            watched.schedule.forgive();
            watched.schedule.invalidate();
            watched.invalidated = self.step;
        }
    }

    /// Starts what is due; says when the next is.
    pub fn pump_families(&mut self, poll_every: Option<i64>) -> Option<Timestamp> {
        let wall = self.wall();
        let mut next: Option<Timestamp> = None;
        for place in 0..self.page.watched.len() {
            let watched = &self.page.watched[place];
            let poll_every = poll_every.or(watched.what.polled_while_live()).filter(|_| self.page.visible);
            let waits_to_be_seen = watched.schedule.has_failed() && !self.page.visible;
            let due = if waits_to_be_seen { Due::Idle } else { watched.schedule.due(wall, poll_every) };
            match due {
                Due::Now => {
                    self.step += 1;
                    let step = self.step;
                    let watched = &mut self.page.watched[place];
                    watched.schedule.started(wall);
                    watched.started = step;
                    watched.mark = Some(watched.begin(wall));
                    let known = watched.etag.clone().filter(|_| watched.held.matches_last_response());
                    let what = watched.what;
                    tell!(self, "page", "fetches {what:?}");
                    self.ask(Ask::Family { query: place, what, asked: None, known });
                }
                Due::At(at) => next = Some(next.map_or(at, |next| next.min(at))),
                Due::Idle => {}
            }
        }
        next
    }

    /// A fetch of a first page ended; `None` means that it failed, and a body that is `None` that it is as before.
    pub fn family_fetched(&mut self, place: usize, body: Option<Option<String>>) {
        let (wall, followed) = (self.wall(), self.page.poll_every.is_none());
        if self.page.watched.get(place).is_none() {
            return;
        }
        let before = self.rows_before(place);
        let watched = &mut self.page.watched[place];
        let worked = body.is_some();
        if worked {
            watched.schedule.succeeded(wall);
            watched.succeeded = watched.started;
        } else {
            watched.schedule.failed(wall);
        }
        // "Not modified" leaves what is held as old as it was.
        let is_new = matches!(body, Some(Some(_)));
        if let (Some(mark), Some(Some(body))) = (watched.mark.take(), body) {
            let is_read = watched.held.first_page(mark, &body, followed);
            watched.etag = Some(body);
            if !is_read {
                let what = format!("{:?}: {}", watched.what, watched.etag.as_deref().unwrap_or_default());
                self.violated("every answer can be read", || what);
                return;
            }
        }
        let watched = &mut self.page.watched[place];
        let started_anew = is_new && watched.started_anew;
        let what = watched.what;
        tell!(self, "page", "{what:?} {}", if worked { "is there" } else { "could not be fetched" });
        if worked {
            self.count(Class::FamilyFetch);
            self.check_answer(place, &before, started_anew);
            let watched = &mut self.page.watched[place];
            // Where there are more pages, rows below this one may be as old as before.
            if started_anew && !watched.started_unsettled && watched.held.cursor().is_none() {
                watched.anew = false;
            }
            self.maybe_read_on(place);
            self.send_unsent(true);
        }
        self.input(if worked { Input::PollSucceeded } else { Input::PollFailed });
        self.pump();
        self.check_quiet();
    }

    /// A reader scrolls down; in the end to the last page.
    fn maybe_read_on(&mut self, place: usize) {
        let wall = self.wall();
        let watched = &self.page.watched[place];
        let chance = if self.quiet || watched.held.is_in_doubt() { 100 } else { 40 };
        let Some(asked) = watched.held.cursor().map(str::to_owned) else { return };
        if watched.further.is_some() || !self.family_dice.chance(chance) {
            return;
        }
        let watched = &mut self.page.watched[place];
        watched.fresh.retain(|(_, settles_at)| is_unsettled(wall, *settles_at));
        watched.further = Some(watched.held.begin_fetch(wall));
        let what = watched.what;
        self.count(Class::FamilyPage);
        self.ask(Ask::Family { query: place, what, asked: Some(asked), known: None });
    }

    /// A further page has come, or not.
    pub fn family_page(&mut self, place: usize, asked: &str, body: Option<String>) {
        if self.page.watched.get(place).is_none() {
            return;
        }
        let before = self.rows_before(place);
        let watched = &mut self.page.watched[place];
        match (watched.further.take(), body) {
            (Some(mark), Some(body)) => {
                watched.held.next_page(mark, asked, &body);
                self.check_answer(place, &before, false);
                self.maybe_read_on(place);
            }
            // The first page is fetched again, and what is in doubt behind it, when the schedule says so.
            (Some(_), None) if watched.held.is_in_doubt() => {
                watched.schedule.invalidate();
                watched.invalidated = self.step;
                self.pump();
            }
            _ => {}
        }
    }
}
