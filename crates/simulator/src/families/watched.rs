//! A query of a family, and what the checks remember of it.

use latido_cache::{FetchMark, lag::is_unsettled, refetch::Refetch};
use latido_protocol::time::Timestamp;

use super::{What, held::Held};
use crate::dice::Dice;

/// A query that somebody looks at.
pub struct Watched {
    pub what: What,
    pub held: Held,
    pub schedule: Refetch,
    pub(super) mark: Option<FetchMark>,
    /// The last first page, which stands for its tag.
    pub(super) etag: Option<String>,
    /// The fetch of a further page that is under way.
    pub(super) further: Option<FetchMark>,
    /// Rows that events have brought, until a fetch that has to know of them has ended.
    pub fresh: Vec<(String, Timestamp)>,
    /// Nothing held counts until a fetch that starts from now on has ended.
    pub anew: bool,
    /// The fetch under way started after that.
    pub(super) started_anew: bool,
    /// When the last of what events have brought is in every answer.
    pub settles_at: Timestamp,
    /// The fetch under way started before that: it proves nothing about all rows.
    pub(super) started_unsettled: bool,
    /// Steps, as of a list of records.
    pub invalidated: u64,
    pub started: u64,
    pub succeeded: u64,
}

/// What a run watches, chosen once.
pub fn choose(dice: &mut Dice) -> Vec<What> {
    if dice.chance(50) {
        return Vec::new();
    }
    let mut chosen = Vec::new();
    for _ in 0..dice.between(1, 3) {
        let what = dice.pick(&What::ALL);
        if !chosen.contains(&what) {
            chosen.push(what);
        }
    }
    chosen
}

impl Watched {
    pub(super) fn new(what: What) -> Self {
        Self {
            what,
            held: Held::new(what),
            schedule: Refetch::new(),
            mark: None,
            etag: None,
            further: None,
            fresh: Vec::new(),
            anew: false,
            started_anew: false,
            settles_at: Timestamp::EPOCH,
            started_unsettled: false,
            invalidated: 0,
            started: 0,
            succeeded: 0,
        }
    }

    pub fn mark_stale(&mut self) {
        self.held.mark_stale();
        self.anew = true;
        // The fetch under way began before.
        self.started_anew = false;
    }

    pub(super) fn begin(&mut self, wall: Timestamp) -> FetchMark {
        self.started_anew = self.anew;
        self.started_unsettled = is_unsettled(wall, self.settles_at);
        self.fresh.retain(|(_, settles_at)| is_unsettled(wall, *settles_at));
        self.held.begin_fetch(wall)
    }
}
