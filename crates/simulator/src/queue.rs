//! The virtual clock: what happens next, and when. Of two things at one time the one that was put in
//! first comes first, so that a run is the same every time.

use std::{cmp::Reverse, collections::BinaryHeap};

pub struct Queue<T> {
    heap: BinaryHeap<Reverse<Slot<T>>>,
    count: u64,
}

struct Slot<T> {
    at: i64,
    number: u64,
    what: T,
}

impl<T> Queue<T> {
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), count: 0 }
    }

    pub fn push(&mut self, at: i64, what: T) {
        self.count += 1;
        self.heap.push(Reverse(Slot { at, number: self.count, what }));
    }

    /// The next thing that happens at or before `end`.
    pub fn pop(&mut self, end: i64) -> Option<(i64, T)> {
        if self.heap.peek().is_none_or(|Reverse(slot)| slot.at > end) {
            return None;
        }
        self.heap.pop().map(|Reverse(slot)| (slot.at, slot.what))
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> PartialEq for Slot<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Slot<T> {}

impl<T> PartialOrd for Slot<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Slot<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}
