//! Whether an event was missed.
//!
//! A full backend numbers a user's events without gaps. The *watermark* is the number up to which
//! every event has been applied; it moves only contiguously. What arrives beyond a hole is applied
//! at once (an event is idempotent) and remembered, so that the hole's filling moves the watermark
//! past it. A hole that does not fill in time is asked for on the same socket.

use latido_protocol::{frame::Position, time::Timestamp};

/// More events than this beyond a hole, and the hole is not worth filling.
const MOST_AHEAD: usize = 1_000;

/// What to do with a numbered event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// New: apply it.
    Apply,
    /// Applied before.
    Duplicate,
    /// Of another epoch, or too far ahead: the position is of no use any more.
    LostTrack,
}

#[derive(Clone, Debug, Default)]
pub struct CatchUp {
    position: Option<Position>,
    /// Applied beyond the watermark, in order. A vector: it is nearly always empty.
    ahead: Vec<u64>,
    hole: Option<Hole>,
    /// The watermark of the last `hello`. It may have moved since, by what another socket delivered.
    asked_from: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    since: Timestamp,
    /// `hello` was sent again for it.
    asked: bool,
}

/// What an old hole asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoleAction {
    Nothing,
    SayHelloAgain,
    /// Asking did not fill it: refetch everything.
    Reset,
}

impl CatchUp {
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// What `hello` says, and is answered from.
    pub fn ask(&mut self) -> Option<Position> {
        self.asked_from = self.watermark().unwrap_or(0);
        self.position.clone()
    }

    /// Whether a log that goes up to `head` continues where the last `hello` asked.
    pub fn continues(&self, epoch: &str, head: u64) -> bool {
        self.position.as_ref().is_some_and(|position| position.epoch == epoch) && head >= self.asked_from
    }

    pub fn watermark(&self) -> Option<u64> {
        self.position.as_ref().map(|position| position.seq)
    }

    /// Every event so far has been applied, as far as anybody knows.
    pub fn is_unbroken(&self) -> bool {
        self.position.is_some() && self.ahead.is_empty() && self.hole.is_none()
    }

    /// A new position, behind which everything will be refetched.
    pub fn restart_at(&mut self, position: Position) {
        self.position = Some(position);
        self.ahead.clear();
        self.hole = None;
    }

    /// Forgets the position: the next `hello` asks for a fresh start.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    pub fn numbered(&mut self, seq: u64, epoch: Option<&str>, now: Timestamp) -> Numbered {
        let Some(position) = &mut self.position else { return Numbered::LostTrack };
        if epoch.is_some_and(|epoch| epoch != position.epoch) {
            return Numbered::LostTrack;
        }
        if seq <= position.seq {
            return Numbered::Duplicate;
        }
        match self.ahead.binary_search(&seq) {
            Ok(_) => return Numbered::Duplicate,
            Err(_) if self.ahead.len() >= MOST_AHEAD => return Numbered::LostTrack,
            Err(place) => self.ahead.insert(place, seq),
        }
        let filled = self.ahead.iter().zip(position.seq + 1..).take_while(|(seq, next)| *seq == next).count();
        self.ahead.drain(..filled);
        position.seq += filled as u64;
        if self.ahead.is_empty() {
            self.hole = None;
        } else {
            self.hole.get_or_insert(Hole { since: now, asked: false });
        }
        Numbered::Apply
    }

    /// The server says how far its log goes. Being behind it is a hole.
    pub fn head_is(&mut self, head: u64, now: Timestamp) -> bool {
        let behind = self.watermark().is_some_and(|watermark| head > watermark);
        if behind {
            self.hole.get_or_insert(Hole { since: now, asked: false });
        }
        behind
    }

    /// When to look at the hole, if there is one.
    pub fn deadline(&self, patience: i64) -> Option<Timestamp> {
        self.hole.map(|hole| hole.since.plus_ms(patience))
    }

    pub fn check(&mut self, now: Timestamp, patience: i64) -> HoleAction {
        match &mut self.hole {
            Some(hole) if now >= hole.since.plus_ms(patience) => {
                if hole.asked {
                    HoleAction::Reset
                } else {
                    *hole = Hole { since: now, asked: true };
                    HoleAction::SayHelloAgain
                }
            }
            Some(_) | None => HoleAction::Nothing,
        }
    }

    /// Asks now rather than when patience is over; `false` when it was asked for already.
    pub fn ask_now(&mut self, now: Timestamp) -> bool {
        match &mut self.hole {
            Some(hole) if hole.asked => false,
            Some(_) | None => {
                self.hole = Some(Hole { since: now, asked: true });
                true
            }
        }
    }

    /// A new socket: whatever was asked on the old one is asked anew.
    pub fn new_socket(&mut self, now: Timestamp) {
        self.hole = (!self.ahead.is_empty()).then_some(Hole { since: now, asked: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(ms)
    }

    fn started(seq: u64) -> CatchUp {
        let mut catch_up = CatchUp::default();
        catch_up.restart_at(Position { epoch: "e".into(), seq });
        catch_up
    }

    #[test]
    fn an_event_beyond_a_hole_is_applied_and_the_watermark_waits() {
        let mut catch_up = started(5);
        assert_eq!(catch_up.numbered(7, Some("e"), at(0)), Numbered::Apply);
        assert_eq!(catch_up.watermark(), Some(5));
        assert_eq!(catch_up.numbered(6, Some("e"), at(10)), Numbered::Apply);
        assert_eq!(catch_up.watermark(), Some(7));
        assert_eq!(catch_up.deadline(2_000), None);
    }

    #[test]
    fn a_hole_is_asked_for_once_and_then_given_up() {
        let mut catch_up = started(5);
        catch_up.numbered(7, None, at(0));
        assert_eq!(catch_up.check(at(1_999), 2_000), HoleAction::Nothing);
        assert_eq!(catch_up.check(at(2_000), 2_000), HoleAction::SayHelloAgain);
        assert_eq!(catch_up.check(at(3_999), 2_000), HoleAction::Nothing);
        assert_eq!(catch_up.check(at(4_000), 2_000), HoleAction::Reset);
    }

    #[test]
    fn an_event_of_another_epoch_loses_track() {
        assert_eq!(started(5).numbered(6, Some("f"), at(0)), Numbered::LostTrack);
    }

    proptest! {
        /// However a run of events is shuffled and repeated, each is applied once and the watermark
        /// ends at the last.
        #[test]
        fn every_event_is_applied_once(order in Just((1..=40_u64).collect::<Vec<_>>()).prop_shuffle(),
                                       again in prop::collection::vec(1..=40_u64, 0..40)) {
            let mut catch_up = started(0);
            let mut applied = Vec::new();
            for seq in order.iter().chain(&again).copied() {
                if catch_up.numbered(seq, Some("e"), at(0)) == Numbered::Apply {
                    applied.push(seq);
                }
            }
            applied.sort_unstable();
            prop_assert_eq!(applied, (1..=40).collect::<Vec<u64>>());
            prop_assert_eq!(catch_up.watermark(), Some(40));
            prop_assert_eq!(catch_up.deadline(2_000), None);
        }
    }
}
