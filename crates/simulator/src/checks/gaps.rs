//! Holes in the sequence are asked for in time.

use std::collections::BTreeSet;

use latido_protocol::frame::Welcome;

use crate::world::World;

/// Beyond the patience that the contract has with a hole.
const SLACK_MS: i64 = 1_500;

/// What the page was told, as far as numbers go.
#[derive(Default)]
pub struct Gaps {
    /// The epoch, and the number up to which everything has come.
    mark: Option<(String, u64)>,
    ahead: BTreeSet<u64>,
    /// When the hole was first seen, if there is one that was not asked for.
    since: Option<i64>,
}

impl Gaps {
    pub fn welcomed(&mut self, welcome: &Welcome) {
        let continues = self.mark.as_ref().is_some_and(|(epoch, seq)| {
            welcome.mode == latido_protocol::frame::WelcomeMode::Resumed
                && *epoch == welcome.epoch
                && *seq <= welcome.head
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

    /// Asked for, or something else happened that starts the waiting anew.
    pub fn begin_anew(&mut self) {
        self.since = None;
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl World {
    pub(super) fn check_gap(&mut self) {
        let patience = self.page.config.hole_patience + SLACK_MS;
        let waited = self.page.watch.gaps.since.map(|since| self.now - since);
        // A hidden page's timers come late.
        if let Some(waited) = waited.filter(|waited| *waited > patience && !self.page.watch.hidden) {
            self.violated("a hole is asked for in time", || format!("it stands for {waited} ms"));
        }
    }
}
