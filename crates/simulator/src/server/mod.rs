//! A backend, full or plain: records of one user, the log of their changes, sessions and tokens. What
//! it says on a socket is in [`socket`], what it says beside the contract in [`nonsense`].

pub mod nonsense;
pub mod socket;
pub mod writes;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use latido_connection::DialId;
use latido_protocol::{
    event::{Change, Event, WireEvent},
    time::Timestamp,
};

use crate::{
    dice::Dice,
    families::truth::Truth,
    record::{Draft, FIRST_DAY_MS, Kind, Record},
};

/// One entry of the log.
#[derive(Clone, Debug)]
pub enum Logged {
    Event(Box<Event>),
    /// Of a type that this client does not know.
    Unknown,
    /// A change whose data the client cannot read.
    Unreadable(&'static str),
}

/// What a connection is to the server.
pub struct Peer {
    /// Its `hello` was answered; the last event it was sent or did not have to be.
    pub greeted: bool,
    pub sent: u64,
    /// When its token expires.
    pub expires_at: i64,
    /// When a frame last went over it, in either direction.
    pub used_at: i64,
    /// The rooms that it is in.
    pub rooms: BTreeSet<String>,
}

#[derive(Clone, Copy)]
pub struct Token {
    session: u32,
    pub expires_at: i64,
    /// A ticket works once, and for half a minute.
    ticket_until: Option<i64>,
}

#[allow(clippy::struct_excessive_bools, reason = "they are facts that exclude nothing")]
pub struct Server {
    /// Numbers nothing, welcomes nobody.
    pub plain: bool,
    /// It has no route for what the page sends: its gateway answers every frame with an error.
    pub behind_gateway: bool,
    /// Its gateway closes a socket that nobody has used for so many milliseconds.
    pub idle_limit: i64,
    /// Its lists are answered from an index that is up to so many milliseconds behind.
    pub lag: i64,
    /// What the records were until a time, oldest first, as far as the index may be behind.
    past: VecDeque<(i64, Vec<Record>)>,
    /// The same of the families.
    past_families: VecDeque<(i64, Truth)>,
    pub up: bool,
    /// Events that are not delivered, per cent.
    pub gaps: i64,
    pub tokens_down_until: i64,
    /// Every socket is closed soon after it is live.
    pub flap_until: i64,
    /// A bad token is refused by 4401 behind the upgrade, not instead of it.
    pub refuses_by_code: bool,
    pub epoch: String,
    epochs: u32,
    pub records: Vec<Record>,
    pub families: Truth,
    log: Vec<(u64, Logged)>,
    pub head: u64,
    /// What a creation under this idempotency key was answered with.
    keys: BTreeMap<String, Record>,
    backup: (Vec<Record>, BTreeMap<String, Record>, Truth),
    pub peers: BTreeMap<DialId, Peer>,
    tokens: Vec<Token>,
    /// The session that is valid.
    pub session: Option<u32>,
    sessions: u32,
    last_id: u32,
    /// More missed events than this are a reset.
    pub replay_limit: u64,
    /// Token lifetime, milliseconds.
    pub lifetime: i64,
}

/// As was measured of a secondary index of `DynamoDB`.
const LONGEST_LAG_MS: i64 = 1_500;

impl Server {
    pub fn new(dice: &mut Dice) -> Self {
        let plain = dice.chance(25);
        let mut server = Self {
            plain,
            behind_gateway: plain && dice.chance(25),
            // API Gateway's are ten minutes, which a run seldom has.
            idle_limit: dice.pick(&[260_000, 600_000]),
            lag: if plain && dice.chance(60) { dice.about(100, LONGEST_LAG_MS) } else { 0 },
            past: VecDeque::new(),
            up: true,
            gaps: 0,
            tokens_down_until: 0,
            flap_until: 0,
            refuses_by_code: dice.chance(30),
            epoch: "e1".to_owned(),
            epochs: 1,
            records: Vec::new(),
            families: Truth::default(),
            past_families: VecDeque::new(),
            log: Vec::new(),
            head: 0,
            keys: BTreeMap::new(),
            backup: (Vec::new(), BTreeMap::new(), Truth::default()),
            peers: BTreeMap::new(),
            tokens: Vec::new(),
            session: None,
            sessions: 0,
            last_id: 0,
            replay_limit: if dice.chance(50) { 300 } else { dice.between(1, 20) as u64 },
            lifetime: if dice.chance(50) { 3_600_000 } else { dice.about(20_000, 600_000) },
        };
        for _ in 0..dice.between(2, 8) {
            let draft = random_draft(dice);
            server.create(&draft, Timestamp::from_unix_ms(FIRST_DAY_MS));
        }
        server.back_up();
        server
    }

    // ── Records ─────────────────────────────────────────────────────────────────────────────────

    /// The list of a kind and a day, newest first.
    pub fn list(&self, kind: Kind, from: Timestamp, to: Timestamp) -> Vec<Record> {
        Self::listed(&self.records, kind, from, to)
    }

    /// The same as it was at a time, and whether it is another by now.
    pub fn list_as_of(&self, at: i64, kind: Kind, from: Timestamp, to: Timestamp) -> (Vec<Record>, bool) {
        let past = self.past.iter().find(|(until, _)| *until > at);
        let list = Self::listed(past.map_or(&self.records, |(_, records)| records), kind, from, to);
        let is_old = past.is_some() && list != self.list(kind, from, to);
        (list, is_old)
    }

    /// The records change now.
    pub fn keep_past(&mut self, now: Timestamp) {
        if self.lag > 0 {
            let now = now.unix_ms() - FIRST_DAY_MS;
            self.past.push_back((now, self.records.clone()));
            self.past_families.push_back((now, self.families.clone()));
            while self.past.front().is_some_and(|(until, _)| *until + self.lag < now) {
                self.past.pop_front();
                self.past_families.pop_front();
            }
        }
    }

    /// What there is of the families when a run begins.
    pub fn begin_families(&mut self, dice: &mut Dice) {
        self.families.begin(dice, Timestamp::from_unix_ms(FIRST_DAY_MS));
        // They were there before the run.
        self.past_families.iter_mut().for_each(|(_, past)| past.clone_from(&self.families));
        self.back_up();
    }

    /// The families as they were at a time.
    pub fn families_as_of(&self, at: i64) -> &Truth {
        let past = self.past_families.iter().find(|(until, _)| *until > at);
        past.map_or(&self.families, |(_, families)| families)
    }

    fn listed(records: &[Record], kind: Kind, from: Timestamp, to: Timestamp) -> Vec<Record> {
        let within = |record: &&Record| record.kind() == kind && record.at() >= from && record.at() < to;
        let mut list: Vec<Record> = records.iter().filter(within).cloned().collect();
        list.sort_by(|a, b| (b.at(), b.id()).cmp(&(a.at(), a.id())));
        list
    }

    pub fn create(&mut self, draft: &Draft, now: Timestamp) -> Record {
        self.keep_past(now);
        self.last_id += 1;
        let record = Record::new(&format!("r{}", self.last_id), draft, now, now, 1);
        self.records.push(record.clone());
        self.append(Logged::Event(Box::new(record.created())));
        record
    }

    pub fn edit(&mut self, place: usize, draft: &Draft, now: Timestamp) -> Record {
        self.keep_past(now);
        let record = self.records[place].edited(draft, now);
        self.records[place] = record.clone();
        self.append(Logged::Event(Box::new(record.updated())));
        record
    }

    pub fn delete(&mut self, place: usize, now: Timestamp) {
        self.keep_past(now);
        let record = self.records.remove(place);
        self.append(Logged::Event(Box::new(record.kind().deleted(record.id()))));
    }

    pub fn append(&mut self, logged: Logged) {
        self.head += 1;
        self.log.push((self.head, logged));
    }

    /// Replaces the last entry of the log: the change is there, its event cannot be read.
    pub fn garble_last(&mut self) {
        if let Some((_, logged)) = self.log.last_mut()
            && let Logged::Event(event) = logged
        {
            *logged = Logged::Unreadable(event.name());
        }
    }

    /// The events are gone, the records are not.
    pub fn lose_log(&mut self) {
        self.epochs += 1;
        self.epoch = format!("e{}", self.epochs);
        self.log.clear();
        self.head = 0;
    }

    pub fn back_up(&mut self) {
        self.backup = (self.records.clone(), self.keys.clone(), self.families.clone());
    }

    /// An older database is put in place of the present one. Its log is another.
    pub fn restore(&mut self) {
        let last_id = self.families.last_id;
        (self.records, self.keys, self.families) = self.backup.clone();
        // An id is never used again.
        self.families.last_id = last_id;
        self.past.clear();
        self.past_families.clear();
        self.lose_log();
    }

    /// The newest change, for the story.
    pub fn newest(&self) -> String {
        let Some((seq, logged)) = self.log.last() else { return String::new() };
        match logged {
            Logged::Event(event) => match &**event {
                Event::Food(Change::Created(log) | Change::Updated(log)) => {
                    format!("{seq} food {} v{} {} kcal", log.id, log.version, log.calories.get())
                }
                Event::Exercise(Change::Created(log) | Change::Updated(log)) => {
                    format!("{seq} exercise {} v{} {} min", log.id, log.version, log.duration_min.get())
                }
                event => format!("{seq} {event:?}"),
            },
            Logged::Unknown | Logged::Unreadable(_) => format!("{seq} {logged:?}"),
        }
    }

    /// Everything works again.
    pub fn heal(&mut self) {
        self.up = true;
        self.gaps = 0;
        self.tokens_down_until = 0;
        self.flap_until = 0;
    }

    // ── Sessions ────────────────────────────────────────────────────────────────────────────────

    pub fn begin_session(&mut self) {
        self.sessions += 1;
        self.session = Some(self.sessions);
    }

    /// A token of the valid session.
    pub fn issue(&mut self, now: i64, ticket: bool, dice: &mut Dice) -> Option<(String, i64)> {
        let session = self.session?;
        // A ticket stands for an access token that may be half used up.
        let left = if ticket { dice.between(self.lifetime / 2, self.lifetime) } else { self.lifetime };
        let expires_at = now + left;
        self.tokens.push(Token { session, expires_at, ticket_until: ticket.then_some(now + 30_000) });
        Some((format!("t{}", self.tokens.len()), expires_at))
    }

    /// Tickets live in memory.
    pub fn forget_tickets(&mut self) {
        for token in &mut self.tokens {
            token.ticket_until = token.ticket_until.map(|_| i64::MIN);
        }
    }

    /// What a token is good for now: when the socket behind it expires.
    pub fn redeem(&mut self, token: &str, now: i64) -> Option<i64> {
        let number: usize = token.strip_prefix('t')?.parse().ok()?;
        let token = self.tokens.get_mut(number.checked_sub(1)?)?;
        let valid = Some(token.session) == self.session
            && now < token.expires_at
            && token.ticket_until.is_none_or(|until| now < until);
        if token.ticket_until.is_some() {
            token.ticket_until = Some(i64::MIN);
        }
        valid.then_some(token.expires_at)
    }
}

pub fn random_draft(dice: &mut Dice) -> Draft {
    Draft {
        kind: if dice.chance(60) { Kind::Food } else { Kind::Exercise },
        at: random_time(dice),
        amount: dice.between(1, 900) as u32,
    }
}

/// Within the two days that there are, rounded so that some records share their time.
pub fn random_time(dice: &mut Dice) -> Timestamp {
    Timestamp::from_unix_ms(FIRST_DAY_MS + dice.between(0, 47) * 3_600_000)
}
