//! A run: everything there is in it, and one thing happening after another.

use latido_connection::Now;
use latido_protocol::time::Timestamp;

use crate::{
    checks::Violation,
    dice::Dice,
    families::watched,
    happening::Happening,
    ledger::Ledger,
    network::Network,
    page::Page,
    queue::Queue,
    record::FIRST_DAY_MS,
    server::Server,
    story::Story,
    tally::{Class, Tally},
};

/// Sets the dice of families apart from those of the run.
const FAMILIES: u64 = 0xfa31_11e5;

pub struct World {
    /// Milliseconds since the run began.
    pub now: i64,
    pub dice: Dice,
    /// For what families add to a run: those that watch none are as they would be without them.
    pub family_dice: Dice,
    pub queue: Queue<Happening>,
    pub server: Server,
    pub network: Network,
    pub page: Page,
    pub ledger: Ledger,
    pub story: Story,
    pub tally: Tally,
    pub violation: Option<Violation>,
    /// Counts what the page does, so that "before" and "after" mean something within a millisecond.
    pub step: u64,
    /// From now on nothing goes wrong any more.
    pub quiet: bool,
}

impl World {
    /// `families`: whether half of the runs watch families beside health records.
    pub fn new(seed: u64, families: bool, story: Story) -> Self {
        let mut dice = Dice::seeded(seed);
        let mut family_dice = Dice::seeded(seed ^ FAMILIES);
        let mut server = Server::new(&mut dice);
        let network = Network::new(&mut dice);
        let mut page = Page::new(&mut dice);
        if families {
            page.watching = watched::choose(&mut family_dice);
        }
        server.begin_families(&mut family_dice);
        Self {
            now: 0,
            dice,
            family_dice,
            queue: Queue::new(),
            server,
            network,
            page,
            ledger: Ledger::default(),
            story,
            tally: Tally::default(),
            violation: None,
            step: 0,
            quiet: false,
        }
    }

    /// Lets things happen until `end`, or until a check fails.
    pub fn run_until(&mut self, end: i64) {
        while self.violation.is_none()
            && let Some((at, what)) = self.queue.pop(end)
        {
            self.now = at;
            self.happen(what);
        }
        if self.violation.is_none() {
            self.now = end;
        }
    }

    pub fn after(&mut self, ms: i64, what: Happening) {
        self.queue.push(self.now + ms, what);
    }

    /// The time on the wall.
    pub fn wall(&self) -> Timestamp {
        Timestamp::from_unix_ms(FIRST_DAY_MS + self.now)
    }

    /// The times that the page reads: its monotonic clock stands still while the machine sleeps.
    pub fn page_now(&self) -> Now {
        Now { wall: self.wall(), monotonic_ms: (self.now - self.page.slept) as f64 }
    }

    pub fn count(&mut self, class: Class) {
        self.tally.count(class);
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Act(action) => self.act(action),
            Happening::Recover(recovery) => self.recover(recovery),
            Happening::Upgrade { dial, token } => self.upgrade(dial, &token),
            Happening::Up { dial, text } => self.server_hears(dial, &text),
            Happening::ServerCloses { dial, code } => self.server_closes(dial, code),
            Happening::TokenExpires { dial } => self.token_expires(dial),
            Happening::LookForIdle { dial } => self.look_for_idle(dial),
            Happening::Down { dial, what } => self.page_end_receives(dial, what),
            Happening::Request { number, ask } => self.server_answers(number, ask),
            Happening::Page(task) => self.page_task(task),
        }
    }
}
