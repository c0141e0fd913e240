//! Whether an event was missed.
//!
//! A full backend numbers a user's events without gaps. The *watermark* is the number up to which
//! every event has been applied; it moves only contiguously. What arrives beyond a gap is applied
//! at once (an event is idempotent) and remembered, so that the gap's filling moves the watermark
//! past it. A gap that does not fill in time is asked for on the same socket.

use latido_protocol::{frame::Position, time::Timestamp};

/// More events than this beyond a gap, and the gap is not worth filling.
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

/// The position in the server's event log, and the gap behind it, if there is one.
#[derive(Clone, Debug, Default)]
pub struct CatchUp {
    position: Option<Position>,
    /// Applied beyond the watermark, in order. A vector: it is nearly always empty.
    ahead: Vec<u64>,
    gap: Option<Gap>,
    /// The watermark of the last `hello`. It may have moved since, by what another socket delivered.
    asked_from: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    since: Timestamp,
    /// `hello` was sent again for it.
    asked: bool,
}

/// What an old gap asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapAction {
    /// There is no gap, or it is not old enough.
    Nothing,
    /// Request the gap: send `hello` again on the same socket.
    SendHelloAgain,
    /// Asking did not fill it: refetch everything.
    Reset,
}

impl CatchUp {
    /// The epoch and the watermark; `None` with a plain backend, and until a `welcome` brings one.
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// The position to send in `hello`. The answer is compared with it by [`continues`](Self::continues).
    pub fn ask(&mut self) -> Option<Position> {
        self.asked_from = self.watermark().unwrap_or(0);
        self.position.clone()
    }

    /// Whether a log that goes up to `head` continues where the last `hello` asked.
    pub fn continues(&self, epoch: &str, head: u64) -> bool {
        self.position.as_ref().is_some_and(|position| position.epoch == epoch) && head >= self.asked_from
    }

    /// The number up to which every event has been applied.
    pub fn watermark(&self) -> Option<u64> {
        self.position.as_ref().map(|position| position.seq)
    }

    /// Whether every event so far has been applied: there is a position, and no gap is known.
    pub fn is_unbroken(&self) -> bool {
        self.position.is_some() && self.ahead.is_empty() && self.gap.is_none()
    }

    /// A new position, behind which everything will be refetched.
    pub fn restart_at(&mut self, position: Position) {
        self.position = Some(position);
        self.ahead.clear();
        self.gap = None;
    }

    /// Forgets the position: the next `hello` asks for a fresh start.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Classifies an event by its number, and moves the watermark over all that is contiguous. `epoch`: the frame's,
    /// if it has one. [`Numbered::LostTrack`] without a position, in another epoch, or with 1,000 events beyond the
    /// gap already.
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
            self.gap = None;
        } else {
            self.gap.get_or_insert(Gap { since: now, asked: false });
        }
        Numbered::Apply
    }

    /// Notes how far the server's log goes. Being behind it is a gap. Returns whether that is so.
    pub fn head_is(&mut self, head: u64, now: Timestamp) -> bool {
        let behind = self.watermark().is_some_and(|watermark| head > watermark);
        if behind {
            self.gap.get_or_insert(Gap { since: now, asked: false });
        }
        behind
    }

    /// When to [`check`](Self::check) the gap, if there is one. `patience` in milliseconds.
    pub fn deadline(&self, patience: i64) -> Option<Timestamp> {
        self.gap.map(|gap| gap.since.plus_ms(patience))
    }

    /// Compares the age of the gap with `patience`, in milliseconds. The age counts anew from the request.
    pub fn check(&mut self, now: Timestamp, patience: i64) -> GapAction {
        match &mut self.gap {
            Some(gap) if now >= gap.since.plus_ms(patience) => {
                if gap.asked {
                    GapAction::Reset
                } else {
                    *gap = Gap { since: now, asked: true };
                    GapAction::SendHelloAgain
                }
            }
            Some(_) | None => GapAction::Nothing,
        }
    }

    /// Notes that the gap is requested now rather than when patience is over; `false` if it was requested already.
    pub fn ask_now(&mut self, now: Timestamp) -> bool {
        match &mut self.gap {
            Some(gap) if gap.asked => false,
            Some(_) | None => {
                self.gap = Some(Gap { since: now, asked: true });
                true
            }
        }
    }

    /// Starts a gap's patience anew for a new socket. A gap that only the server's head showed is dropped: the
    /// next head shows it again.
    pub fn new_socket(&mut self, now: Timestamp) {
        self.gap = (!self.ahead.is_empty()).then_some(Gap { since: now, asked: false });
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
        assert_eq!(catch_up.check(at(1_999), 2_000), GapAction::Nothing);
        assert_eq!(catch_up.check(at(2_000), 2_000), GapAction::SendHelloAgain);
        assert_eq!(catch_up.check(at(3_999), 2_000), GapAction::Nothing);
        assert_eq!(catch_up.check(at(4_000), 2_000), GapAction::Reset);
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
