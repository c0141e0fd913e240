//! The page: what the dashboard's driver and provider do with the connection, done in the same way.
//!
//! | file | idea |
//! |---|---|
//! | [`carry_out`] | what the connection says is done |
//! | [`queries`] | lists, fetched again when the schedule says so |
//! | [`request`], [`http`] | requests and their timeouts; the session's token |
//! | [`writes`] | what the user writes, and what of it outlives the page |
//! | [`life`] | reloads and crashes |
//! | [`task`], [`tab`] | whether anything runs at all: hidden, frozen, asleep |

pub mod carry_out;
pub mod http;
pub mod life;
pub mod queries;
pub mod request;
pub mod tab;
pub mod task;
pub mod writes;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use latido_connection::{Config, Connection, DialId, Input, backoff::Backoff};

use latido_cache::{Outbox, families::thread::Outgoing};
use latido_protocol::time::Timestamp;

use crate::{
    checks::Watch,
    dice::Dice,
    families::{What, watched::Watched},
    record::{FIRST_DAY_MS, Record},
};
use queries::Query;
use request::Request;
use task::Task;
use writes::{Hands, Storage};

#[allow(clippy::struct_excessive_bools, reason = "they are facts that exclude nothing")]
pub struct Page {
    pub connection: Connection,
    pub config: Config,
    /// What happened while something else was being carried out.
    inputs: VecDeque<Input>,
    busy: bool,
    /// Sockets that the page holds, and whether they are open.
    pub sockets: BTreeMap<DialId, bool>,
    /// Dials that may have an effect.
    pub alive: BTreeSet<DialId>,
    machine_timer: Timer,
    query_timer: Timer,

    pub visible: bool,
    /// Nothing runs; what would have run waits here.
    pub paused: bool,
    inbox: Vec<Task>,
    paused_at: i64,
    /// Milliseconds for which nothing ran.
    paused_ms: i64,
    pub offline: bool,
    /// Milliseconds for which the monotonic clock stood still.
    pub slept: i64,
    /// Timers of a hidden tab run only at multiples of this, in milliseconds.
    throttle: i64,

    pub queries: Vec<Query>,
    /// The families that the run looks at, and their queries while somebody is signed in.
    pub watching: Vec<What>,
    pub watched: Vec<Watched>,
    /// Messages without an answer, which outlive the page.
    pub unsent: Vec<Outgoing>,
    /// Messages that the user has written, and whether one is on its way.
    pub said: u32,
    pub is_saying: bool,
    /// The last of them that an earlier session has written, and those of it that arrived after its end: nobody can keep
    /// a request from arriving that is on its way.
    pub said_before: u32,
    pub said_late: Vec<u32>,
    pub outbox: Outbox<Record>,
    hands: Hands,
    pub storage: Storage,
    /// Counts reloads.
    life: u32,
    pub poll_every: Option<i64>,
    /// While it polls: when its lists are marked stale again.
    stale_at: Timestamp,
    awaiting: Vec<DialId>,
    pub requests: BTreeMap<u32, Request>,
    last_request: u32,

    /// The rooms that the page looks into.
    pub rooms: BTreeSet<String>,
    pub signed_in: bool,
    /// A token fetch that says 401 signs the page out, as the dashboard does. Otherwise the
    /// connection is left to itself with the news.
    signs_out: bool,
    /// Every dial fetches a ticket; otherwise the access token is used as long as it is good.
    tickets: bool,
    token: Option<(String, i64)>,

    pub watch: Watch,
}

#[derive(Clone, Copy, Default)]
struct Timer {
    /// When it is due; `None` when it is not set.
    at: Option<i64>,
    /// A timer that was set again is another: the old one is of no effect.
    number: u32,
}

impl Page {
    pub fn new(dice: &mut Dice) -> Self {
        let config = Config {
            enabled: !dice.chance(3),
            backoff: dice.pick(&[
                Backoff::quick(),
                Backoff::quick(),
                Backoff::patient(),
                Backoff::patient().with_full_jitter(),
            ]),
            // Two hours would be longer than a run.
            longest_life: dice.about(60_000, 6_600_000),
            dial_deadline: dice.pick(&[10_000, 10_000, 30_000]),
            ..Config::default()
        };
        Self {
            connection: Connection::new(config.clone(), dice.seed()),
            inputs: VecDeque::new(),
            busy: false,
            sockets: BTreeMap::new(),
            alive: BTreeSet::new(),
            machine_timer: Timer::default(),
            query_timer: Timer::default(),
            visible: true,
            paused: false,
            inbox: Vec::new(),
            paused_at: 0,
            paused_ms: 0,
            offline: false,
            slept: 0,
            throttle: dice.pick(&[1_000, 60_000]),
            queries: Vec::new(),
            watching: Vec::new(),
            watched: Vec::new(),
            unsent: Vec::new(),
            said: 0,
            is_saying: false,
            said_before: 0,
            said_late: Vec::new(),
            outbox: Outbox::new(),
            hands: Hands::default(),
            storage: Storage::default(),
            life: 0,
            poll_every: Some(queries::POLL_MS),
            stale_at: Timestamp::from_unix_ms(FIRST_DAY_MS + queries::MARK_STALE_MS),
            awaiting: Vec::new(),
            requests: BTreeMap::new(),
            last_request: 0,
            rooms: BTreeSet::new(),
            signed_in: false,
            signs_out: dice.chance(70),
            tickets: dice.chance(50),
            token: None,
            watch: Watch::default(),
            config,
        }
    }
}
