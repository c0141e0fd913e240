//! Pages: how far down the rows are complete.
//!
//! A long list comes from the top, page by page. Down to its *reach* the collection is complete: the pages followed each
//! other, and no event was missed since. Otherwise the reach moves back up to the end of the first page. The rows below
//! are *in doubt*: they stay held, and each further page decides about its part of them anew.
//!
//! Of a list that only grows, rows in doubt go on without a hole if the first page touches what a page held before; else
//! there may be a hole, and they are not shown ([`Collection::shown_rows`]).

use latido_protocol::time::Timestamp;

use super::{Collection, Entity, FetchMark};

/// A part of the list: below one row, down to another.
pub(super) struct Part<K> {
    /// `None`: from the top.
    pub below: Option<K>,
    /// `None`: to the very end.
    pub down_to: Option<K>,
}

impl<K: Ord> Part<K> {
    pub fn holds(&self, key: &K) -> bool {
        self.below.as_ref().is_none_or(|below| key > below)
            && self.down_to.as_ref().is_none_or(|last| key <= last)
    }
}

/// How far down the rows are complete, and where they go on.
#[derive(Clone, Debug)]
pub(super) struct Reach<K> {
    /// The last complete row; `None`: the end of the list.
    pub to: Option<K>,
    /// Leads on from there; `None` at the end of the list.
    pub cursor: Option<String>,
    /// The epoch in which the first of the pages was asked for.
    pub epoch: u32,
    /// It lies below the end of the last first page.
    pub is_beyond_first_page: bool,
}

impl<K> Default for Reach<K> {
    fn default() -> Self {
        Self { to: None, cursor: None, epoch: 0, is_beyond_first_page: false }
    }
}

/// How far down the rows follow each other without a hole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Unbroken<K> {
    /// As far as the reach.
    #[default]
    ToReach,
    /// To this row, below the reach.
    To(K),
    /// To the end of the list, below the reach.
    ToEnd,
}

/// What a page did to the collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageApplied {
    /// It was taken: no later fetch has been answered before it, and the list still ends where it begins.
    pub applied: bool,
    /// A row came, went, moved or has other content.
    pub changed: bool,
    /// The rows are complete down to the end of this page and no further: pages that were loaded behind it have to be
    /// loaded again.
    pub begins_anew: bool,
}

impl<T: Entity> Collection<T> {
    /// Applies the first page of the fetch that started at `mark`; `cursor` leads to the next, `None` if there is none.
    /// `followed` is whether events have told of all changes since the last one.
    pub fn apply_first_page(
        &mut self,
        mark: FetchMark,
        entities: Vec<T>,
        cursor: Option<String>,
        followed: bool,
    ) -> PageApplied {
        if self.answered.is_some_and(|answered| mark.tick <= answered) {
            return PageApplied::default();
        }
        let is_first = !self.is_known();
        if is_first {
            self.pending.read_all();
        }
        self.answered = Some(mark.tick);
        let end = cursor.as_ref().and_then(|_| entities.iter().map(T::sort_key).max());
        let goes_on = !is_first
            && !self.is_cut()
            && self.reaches_beyond(end.as_ref())
            && !self.has_unconfirmed_below(end.as_ref())
            && (entities.is_empty()
                || followed
                    && mark.epoch == self.reach.epoch
                    && entities.iter().any(|entity| self.get(entity.id()).is_some()));
        if !goes_on {
            let touches = entities.iter().any(|entity| self.was_fetched(entity.id()));
            self.unbroken = self.unbroken_below(end.as_ref(), touches);
        }
        self.floor = None;
        let part = Part { below: None, down_to: end };
        let (changed, matches) = self.apply_part(mark, entities, &part);
        self.matches_last_response = matches;
        let begins_anew = !goes_on;
        if begins_anew {
            self.reach = Reach { to: part.down_to, cursor, epoch: mark.epoch, is_beyond_first_page: false };
        } else {
            self.reach.is_beyond_first_page = part.down_to.is_some();
        }
        // Not before: what the response lacks still counts until here.
        self.keep_limit();
        PageApplied { applied: true, changed: changed || is_first, begins_anew }
    }

    /// Applies the page that `asked` led to, of the fetch that started at `mark`. Nothing happens if the list has begun
    /// anew meanwhile, or an epoch has: then it has to be fetched again.
    pub fn apply_next_page(
        &mut self,
        mark: FetchMark,
        asked: &str,
        entities: Vec<T>,
        cursor: Option<String>,
    ) -> PageApplied {
        if self.cursor() != Some(asked) || mark.epoch < self.epoch {
            return PageApplied::default();
        }
        let end = cursor.as_ref().and_then(|_| entities.iter().map(T::sort_key).max());
        let part = Part { below: self.reach.to.take(), down_to: end };
        let (changed, matches) = self.apply_part(mark, entities, &part);
        // What is held until it settles has to be asked for once more.
        self.matches_last_response &= matches;
        self.reach.to = part.down_to;
        self.reach.cursor = cursor;
        self.reach.is_beyond_first_page = true;
        let is_reached = match &self.unbroken {
            Unbroken::ToReach => false,
            Unbroken::To(last) => self.reach.to.as_ref().is_none_or(|to| to >= last),
            Unbroken::ToEnd => self.reach.to.is_none(),
        };
        if is_reached {
            self.unbroken = Unbroken::ToReach;
        }
        PageApplied { applied: true, changed, begins_anew: false }
    }

    /// Leads to the page behind the complete rows; `None` before the first response, and where there is none.
    pub fn cursor(&self) -> Option<&str> {
        self.reach.cursor.as_deref().filter(|_| !self.is_cut())
    }

    /// How many rows, from the top, are complete. Zero before the first response.
    pub fn complete_rows(&self) -> usize {
        match &self.reach.to {
            _ if !self.is_known() => 0,
            None => self.rows.len(),
            Some(last) => self.rows.count_while(|key| key <= last),
        }
    }

    /// How many rows, from the top, are shown: all, or of a list that only grows those without a hole between them.
    pub fn shown_rows(&self) -> usize {
        match &self.unbroken {
            _ if !self.is_known() => 0,
            _ if !T::ONLY_GROWS => self.rows.len(),
            Unbroken::ToReach => self.complete_rows(),
            Unbroken::To(last) => self.rows.count_while(|key| key <= last).max(self.complete_rows()),
            Unbroken::ToEnd => self.rows.len(),
        }
    }

    /// Whether rows that are shown are in doubt: the pages that they were on have to be loaded again.
    pub fn is_in_doubt(&self) -> bool {
        self.cursor().is_some() && self.shown_rows() > self.complete_rows()
    }

    /// How far the rows follow each other once the first page ends here.
    fn unbroken_below(&self, end: Option<&T::SortKey>, touches: bool) -> Unbroken<T::SortKey> {
        let (Some(end), true, false) = (end, touches, self.is_cut()) else { return Unbroken::ToReach };
        let before = match (&self.unbroken, &self.reach.to) {
            (Unbroken::To(last), _) | (Unbroken::ToReach, Some(last)) => last.clone(),
            (Unbroken::ToEnd, _) | (Unbroken::ToReach, None) => return Unbroken::ToEnd,
        };
        if before > *end { Unbroken::To(before) } else { Unbroken::ToReach }
    }

    /// How many rows sort before this place.
    pub fn rows_above(&self, place: &T::SortKey) -> usize {
        self.rows.count_while(|key| key < place)
    }

    /// Whether the complete rows go on below this place; `None` is the end of the list.
    fn reaches_beyond(&self, end: Option<&T::SortKey>) -> bool {
        match (&self.reach.to, end) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(to), Some(end)) => to > end,
        }
    }

    /// Whether an event has brought something below this place that no response has confirmed: a burst may have pushed it
    /// below the page that would, or an index may have lagged behind it.
    fn has_unconfirmed_below(&self, end: Option<&T::SortKey>) -> bool {
        let Some(end) = end else { return false };
        self.slots.values().filter_map(|slot| slot.known.as_ref()).any(|known| {
            let lagged = known.settles_at > Timestamp::EPOCH && known.touched > known.fetched;
            (known.fetched == 0 || lagged) && known.held().is_some_and(|held| held.sort_key() > *end)
        })
    }

    /// Whether a response has held this entity.
    fn was_fetched(&self, id: &str) -> bool {
        let known = self.slots.get(id).and_then(|slot| slot.known.as_ref());
        known.is_some_and(|known| known.fetched > 0 && !known.is_absent())
    }
}
