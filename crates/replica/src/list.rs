//! The copy of one list: the records of one kind between two instants, held together from answers of
//! the server and from events, whichever comes first.
//!
//! An answer is a picture of the database at some moment after its fetch *started*. So it decides
//! about everything that no event has touched since then, and a record that an event brought later
//! stays. Of two copies of one record the newer revision wins, wherever it comes from: some backends
//! answer from a replica that lags behind. What was deleted stays deleted.
//!
//! All that rests on revisions that only grow. When the log was lost or the database restored, they
//! may not have: [`ListCopy::doubt`] begins a new *era*, in which nothing known before counts against
//! what comes now.

use std::cmp::Ordering;

use latido_protocol::time::Timestamp;

use crate::{
    item::{Item, Revision},
    outbox::Outbox,
};

/// Deleted and moved records that are remembered; of more, those touched longest ago are forgotten.
pub const MOST_ABSENT: usize = 1_000;

/// When a fetch started, in the order of what happened to the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    tick: u64,
    era: u32,
}

/// The cached answer of a list query.
#[derive(Clone, Debug)]
pub struct ListCopy<R: Item> {
    kind: R::Kind,
    from: Timestamp,
    to: Timestamp,
    /// Counts events and starts of fetches.
    tick: u64,
    era: u32,
    /// The start of the newest fetch that was answered.
    answered: Option<u64>,
    /// It is that answer, and nothing else.
    agrees: bool,
    /// Sorted by id.
    known: Vec<Known<R>>,
}

/// What is known about one id.
#[derive(Clone, Debug)]
struct Known<R> {
    id: String,
    fact: Fact<R>,
    /// When an event last spoke of it; zero if none did.
    touched: u64,
    /// The fetch whose answer last held it; zero if none did.
    fetched: u64,
    era: u32,
}

/// What a copy of a record did to the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    New,
    Same,
    /// What is known is newer.
    Outdated,
}

#[derive(Clone, Debug)]
enum Fact<R> {
    Here(R),
    /// It is of another time range, as of this revision.
    Elsewhere(Revision),
    Deleted,
}

impl<R: Item> ListCopy<R> {
    /// The list of `kind` from `from` until before `to`, not yet known.
    pub fn new(kind: R::Kind, from: Timestamp, to: Timestamp) -> Self {
        Self { kind, from, to, tick: 0, era: 0, answered: None, agrees: false, known: Vec::new() }
    }

    /// A first answer was taken. Before it, events are remembered, and the rows are not the list.
    pub fn is_known(&self) -> bool {
        self.answered.is_some()
    }

    /// Whether the copy is exactly its last answer. Only then may it be asked for with that answer's
    /// `ETag`: "not modified" would leave here what an event has added since, also when another, missed
    /// one has taken it away again. Doubt changes nothing about it: "not modified" settles the doubt.
    pub fn agrees(&self) -> bool {
        self.agrees
    }

    /// A fetch starts; its answer comes back with the mark.
    pub fn begin_fetch(&mut self) -> Mark {
        self.tick += 1;
        Mark { tick: self.tick, era: self.era }
    }

    /// Takes the whole answer of the fetch that started at `mark`, and says whether anything changed.
    /// An answer that was overtaken by that of a later fetch is dropped.
    pub fn answer(&mut self, mark: Mark, mut records: Vec<R>) -> bool {
        if self.answered.is_some_and(|answered| mark.tick <= answered) {
            return false;
        }
        let mut changed = !self.is_known();
        self.answered = Some(mark.tick);
        self.agrees = true;
        // In the order of what is known: of a first answer each comes behind the one before.
        sort(&mut records, |one, other| one.id().cmp(other.id()));
        self.known.reserve(records.len().saturating_sub(self.known.len()));
        for record in records {
            if self.is_mine(&record) {
                let taken = self.take(record, mark.era, None, Some(mark.tick));
                changed |= taken == Taken::New;
                self.agrees &= taken != Taken::Outdated;
            }
        }
        let agrees = &mut self.agrees;
        self.known.retain(|known| {
            let later = known.era > mark.era || known.touched > mark.tick;
            match known.fact {
                Fact::Here(_) => {
                    let confirmed = known.fetched == mark.tick;
                    *agrees &= confirmed || !later;
                    changed |= !confirmed && !later;
                    confirmed || later
                }
                // What was absent in an earlier era says nothing about this one.
                Fact::Elsewhere(_) | Fact::Deleted => known.era >= mark.era,
            }
        });
        changed
    }

    /// An event, or the answer to a write, brought this record. Says whether the list changed.
    pub fn put(&mut self, record: R) -> bool {
        if record.kind() != self.kind {
            return false;
        }
        self.tick += 1;
        let changed = self.take(record, self.era, Some(self.tick), None) == Taken::New;
        self.agrees &= !changed;
        self.forget_surplus();
        changed
    }

    /// The record was deleted. Says whether the list changed.
    pub fn remove(&mut self, id: &str) -> bool {
        self.tick += 1;
        let (tick, era) = (self.tick, self.era);
        let gone = Known { id: id.to_owned(), fact: Fact::Deleted, touched: tick, fetched: 0, era };
        let changed = match self.find(id) {
            Ok(place) => {
                let before = std::mem::replace(&mut self.known[place], gone);
                matches!(before.fact, Fact::Here(_))
            }
            Err(place) => {
                self.known.insert(place, gone);
                false
            }
        };
        self.agrees &= !changed;
        self.forget_surplus();
        changed
    }

    /// The log was lost or the database restored: revisions may have gone backwards. What is here
    /// stays until something newer is, but nothing of it counts against an event that comes now or
    /// an answer whose fetch starts now.
    pub fn doubt(&mut self) {
        self.tick += 1;
        self.era += 1;
    }

    /// The record of this id, if it is in the list.
    pub fn get(&self, id: &str) -> Option<&R> {
        match &self.known[self.find(id).ok()?].fact {
            Fact::Here(record) => Some(record),
            Fact::Elsewhere(_) | Fact::Deleted => None,
        }
    }

    /// What to show, newest first, with the writes laid over it that wait in the outbox. Before the
    /// first answer ([`Self::is_known`]) it is only part of the list.
    pub fn rows(&self, outbox: &Outbox<R>) -> Vec<R> {
        let held = self.known.iter().filter_map(|known| match &known.fact {
            Fact::Here(record) => Some(record.clone()),
            Fact::Elsewhere(_) | Fact::Deleted => None,
        });
        let mut rows = held.collect();
        outbox.lay_over(self.kind, &mut rows);
        rows.retain(|row| self.spans(row.at()));
        sort(&mut rows, |a, b| (b.at(), b.id()).cmp(&(a.at(), a.id())));
        rows
    }

    fn spans(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    fn is_mine(&self, record: &R) -> bool {
        record.kind() == self.kind && self.spans(record.at())
    }

    fn find(&self, id: &str) -> Result<usize, usize> {
        if self.known.last().is_none_or(|last| last.id.as_str() < id) {
            return Err(self.known.len());
        }
        self.known.binary_search_by(|known| known.id.as_str().cmp(id))
    }

    /// Takes a copy of a record of an era, unless what is known is newer.
    fn take(&mut self, record: R, era: u32, touched: Option<u64>, fetched: Option<u64>) -> Taken {
        let (revision, here) = (record.revision(), self.spans(record.at()));
        let place = match self.find(record.id()) {
            Ok(place) => place,
            Err(place) => {
                let id = record.id().to_owned();
                let fact = if here { Fact::Here(record) } else { Fact::Elsewhere(revision) };
                let (touched, fetched) = (touched.unwrap_or(0), fetched.unwrap_or(0));
                self.known.insert(place, Known { id, fact, touched, fetched, era });
                return if here { Taken::New } else { Taken::Same };
            }
        };
        let known = &mut self.known[place];
        known.fetched = fetched.unwrap_or(known.fetched);
        let outdated = known.era > era
            || known.era == era
                && match &known.fact {
                    Fact::Here(held) => held.revision() > revision,
                    Fact::Elsewhere(held) => *held > revision,
                    Fact::Deleted => true,
                };
        if outdated {
            return Taken::Outdated;
        }
        known.era = era;
        known.touched = touched.unwrap_or(known.touched);
        let fact = if here { Fact::Here(record) } else { Fact::Elsewhere(revision) };
        let changed = match (std::mem::replace(&mut known.fact, fact), &known.fact) {
            (Fact::Here(before), Fact::Here(after)) => before != *after,
            (Fact::Here(_), _) | (_, Fact::Here(_)) => true,
            _ => false,
        };
        if changed { Taken::New } else { Taken::Same }
    }

    fn forget_surplus(&mut self) {
        let absent = |known: &Known<R>| !matches!(known.fact, Fact::Here(_));
        if self.known.iter().filter(|known| absent(known)).count() <= MOST_ABSENT {
            return;
        }
        let oldest = self.known.iter().filter(|known| absent(known)).map(|known| known.touched).min();
        self.known.retain(|known| !absent(known) || Some(known.touched) != oldest);
    }
}

/// By a pointer, so that the code for it is there once.
fn sort<R>(records: &mut [R], by: fn(&R, &R) -> Ordering) {
    records.sort_by(by);
}

#[cfg(test)]
mod tests;
