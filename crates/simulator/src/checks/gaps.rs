//! Gaps in the sequence, and since when one was not asked for.

use std::collections::BTreeSet;

use latido_protocol::frame::Welcome;

/// What the page was told, as far as numbers go.
#[derive(Default)]
pub struct Gaps {
    /// The epoch, and the number up to which everything has come.
    mark: Option<(String, u64)>,
    ahead: BTreeSet<u64>,
    /// The number in the last `hello`. The mark may have moved since, by what another socket delivered.
    asked: u64,
    /// When the gap was first seen, if there is one that was not asked for.
    since: Option<i64>,
}

impl Gaps {
    pub fn welcomed(&mut self, welcome: &Welcome) {
        let continues = self.mark.as_ref().is_some_and(|(epoch, seq)| {
            welcome.mode == latido_protocol::frame::WelcomeMode::Resumed
                && *epoch == welcome.epoch
                && self.asked.min(*seq) <= welcome.head
        });
        if !continues {
            *self = Self { mark: Some((welcome.epoch.clone(), welcome.head)), ..Self::default() };
        }
    }

    pub fn event(&mut self, numbered: &(String, u64), now: i64) {
        let Some((epoch, mark)) = &mut self.mark else { return };
        if *epoch != numbered.0 || numbered.1 <= *mark {
            return;
        }
        self.ahead.insert(numbered.1);
        while self.ahead.remove(&(*mark + 1)) {
            *mark += 1;
        }
        self.since = (!self.ahead.is_empty()).then(|| self.since.unwrap_or(now));
    }

    pub fn asked_from(&mut self, seq: u64) {
        self.asked = seq;
        self.begin_anew();
    }

    /// Asked for, or something else happened that starts the waiting anew.
    pub fn begin_anew(&mut self) {
        self.since = None;
    }

    /// For how long a gap has not been asked for, in milliseconds.
    pub fn unasked_for(&self, now: i64) -> Option<i64> {
        self.since.map(|since| now - since)
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use latido_protocol::frame::WelcomeMode;

    use super::*;

    #[test]
    fn welcome_of_a_successor_that_lags_keeps_the_mark() {
        let welcome = |mode, head| {
            let (connection_id, epoch) = (String::new(), "e".to_owned());
            Welcome { connection_id, epoch, head, mode, expires_at: None }
        };
        let mut gaps = Gaps::default();
        gaps.welcomed(&welcome(WelcomeMode::Fresh, 46));
        gaps.asked_from(46);
        gaps.event(&("e".to_owned(), 47), 0);
        gaps.welcomed(&welcome(WelcomeMode::Resumed, 46));
        gaps.event(&("e".to_owned(), 48), 10);
        assert_eq!(gaps.since, None, "the other socket has delivered 47");
    }
}
