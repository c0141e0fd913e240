//! What became of each write of the user's: every one is applied exactly once and in order, or refused,
//! or replaced by a later one of the same record before it was sent.
//!
//! A write is known by its amount, which no other write asks for.

use std::collections::{BTreeMap, BTreeSet};

use latido_cache::{Write, WriteOf};

use crate::record::Record;

/// Others write smaller amounts; a duration has to be below a day.
const FIRST: u32 = 901;
const LAST: u32 = 1_439;

#[derive(Default)]
pub struct Ledger {
    used: u32,
    queued: Vec<Queued>,
    /// Server id to the local id that the page had given.
    local: BTreeMap<String, String>,
    /// The newest amount that was applied to each record.
    newest: BTreeMap<String, u32>,
    applied: BTreeSet<u32>,
    refused: BTreeSet<u32>,
    restores: u32,
}

struct Queued {
    amount: Option<u32>,
    /// The record, by its local id where it had one.
    root: String,
    /// It was lost before it was stored, with the page.
    excused: bool,
    /// How often the database had been restored by then.
    restores: u32,
}

impl Ledger {
    pub fn next_amount(&mut self) -> Option<u32> {
        let amount = FIRST + self.used;
        self.used += 1;
        (amount <= LAST).then_some(amount)
    }

    fn root<'a>(&'a self, id: &'a str) -> &'a str {
        self.local.get(id).map_or(id, String::as_str)
    }

    pub fn queued(&mut self, write: &WriteOf<Record>) {
        let root = self.root(write.id()).to_owned();
        let (amount, restores) = (amount_of(write), self.restores);
        self.queued.push(Queued { amount, root, excused: false, restores });
    }

    pub fn excuse_newest(&mut self) {
        if let Some(newest) = self.queued.last_mut() {
            newest.excused = true;
        }
    }

    /// The page died: what was neither stored nor sent is lost, as the person could see.
    pub fn page_died(&mut self, stored: impl Fn(u32) -> bool) {
        for queued in &mut self.queued {
            queued.excused |=
                queued.amount.is_none_or(|amount| !self.applied.contains(&amount) && !stored(amount));
        }
    }

    pub fn created(&mut self, local: &str, id: &str) {
        self.local.insert(id.to_owned(), local.to_owned());
    }

    /// The server applied it to a record. `false` if it had done so before, or a later one.
    pub fn applied(&mut self, id: &str, amount: u32) -> bool {
        let root = self.root(id).to_owned();
        self.applied.insert(amount);
        self.newest.insert(root, amount).is_none_or(|before| before < amount)
    }

    pub fn refused(&mut self, amount: u32) {
        self.refused.insert(amount);
    }

    /// An older database: what was applied since may be asked for again.
    pub fn restored(&mut self) {
        self.newest.clear();
        self.restores += 1;
    }

    /// Whether the database is another one than when the write was made: then it may hold what the server
    /// truthfully said that it did not.
    pub fn restored_since(&self, amount: u32) -> bool {
        let made = self.queued.iter().find(|queued| queued.amount == Some(amount));
        made.is_some_and(|queued| queued.restores < self.restores)
    }

    /// The first write of which nothing became, though nothing took its place.
    pub fn lost(&self, waits: impl Fn(u32) -> bool) -> Option<u32> {
        let lost = |(place, queued): (usize, &Queued)| {
            let amount = queued.amount.filter(|_| !queued.excused)?;
            let settled = self.applied.contains(&amount) || self.refused.contains(&amount) || waits(amount);
            let replaced = self.queued[place + 1..].iter().any(|later| later.root == queued.root);
            (!settled && !replaced).then_some(amount)
        };
        self.queued.iter().enumerate().find_map(lost)
    }
}

/// What a write asks for, which no other write does.
pub fn amount_of(write: &WriteOf<Record>) -> Option<u32> {
    match write {
        Write::Create { draft, .. } | Write::Edit { draft, .. } => Some(draft.amount),
        Write::Delete { .. } => None,
    }
}
