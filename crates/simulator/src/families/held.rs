//! The models behind one interface.

use latido_cache::{
    Collection, FetchMark,
    families::{
        deliveries::Deliveries,
        devices::Devices,
        inbox::Inbox,
        link_log::{LinkLog, LogFilter},
        only::Only,
        thread::{Standing, Thread},
    },
    model::{Listed, Model},
};
use latido_protocol::{
    conversation::MessageStatus, delivery::DeliverySummary, event::Event, link::ManagedConnection,
    profile::HealthProfile, session::User, time::Timestamp,
};

use super::{What, first_contact};

/// One row of a model: its id, how far its copy has come (it never falls), and all that is shown of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: String,
    pub rank: i64,
    pub shown: String,
}

/// What a query holds.
pub enum Held {
    Profile(Collection<HealthProfile>),
    People(Collection<User>),
    Devices(Devices<()>),
    Links(Collection<ManagedConnection>),
    Log(LinkLog),
    Deliveries(Deliveries),
    Sums(Collection<Only<DeliverySummary>>),
    Inbox(Inbox),
    Thread(Thread),
}

/// More rows than a run ever makes.
const MANY: usize = 1_000;

macro_rules! each {
    ($held:expr, $model:ident => $what:expr) => {
        match $held {
            Held::Profile($model) => $what,
            Held::People($model) => $what,
            Held::Devices($model) => $what,
            Held::Links($model) => $what,
            Held::Log($model) => $what,
            Held::Deliveries($model) => $what,
            Held::Sums($model) => $what,
            Held::Inbox($model) => $what,
            Held::Thread($model) => $what,
        }
    };
}

impl Held {
    pub fn new(what: What) -> Self {
        match what {
            What::Profile => Self::Profile(Collection::new((), 1)),
            What::People => Self::People(Collection::new((), MANY)),
            What::Devices => Self::Devices(Devices::default()),
            What::Links => Self::Links(Collection::new((), MANY)),
            What::Log => Self::Log(LinkLog::new(LogFilter::default())),
            What::Deliveries => Self::Deliveries(Deliveries::new(None)),
            What::Sums => Self::Sums(Collection::of_one()),
            What::Inbox => Self::Inbox(Inbox::default()),
            What::Thread => Self::Thread(Thread::new(first_contact())),
        }
    }

    pub fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        each!(self, model => Model::begin_fetch(model, now))
    }

    /// `false` if the body cannot be read.
    pub fn first_page(&mut self, mark: FetchMark, body: &str, followed: bool) -> bool {
        fn apply<M: Model>(model: &mut M, mark: FetchMark, body: &str, followed: bool) -> bool {
            let page = serde_json::from_str(body);
            page.map(|page| model.apply_first_page(mark, page, followed)).is_ok()
        }
        each!(self, model => apply(model, mark, body, followed))
    }

    /// `false` if the body cannot be read.
    pub fn next_page(&mut self, mark: FetchMark, asked: &str, body: &str) -> bool {
        fn apply<M: Model>(model: &mut M, mark: FetchMark, asked: &str, body: &str) -> bool {
            serde_json::from_str(body).map(|page| model.apply_next_page(mark, asked, page)).is_ok()
        }
        each!(self, model => apply(model, mark, asked, body))
    }

    pub fn cursor(&self) -> Option<&str> {
        each!(self, model => Model::cursor(model))
    }

    pub fn is_in_doubt(&self) -> bool {
        each!(self, model => Model::is_in_doubt(model))
    }

    pub fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        each!(self, model => Model::apply_event(model, event, settles_at))
    }

    pub fn mark_stale(&mut self) {
        each!(self, model => Model::mark_stale(model));
    }

    pub fn matches_last_response(&self) -> bool {
        each!(self, model => Model::matches_last_response(model))
    }

    /// What is shown, from the top; `None` before the first answer.
    pub fn rows(&self) -> Option<Vec<Row>> {
        match self {
            Self::Profile(list) => listed(list, row_of_profile),
            Self::People(list) => listed(list, row_of_person),
            Self::Links(list) => listed(list, row_of_link),
            Self::Sums(list) => list.is_known().then(|| list.value().map(row_of_sums).into_iter().collect()),
            Self::Devices(devices) => {
                Some(devices.shown()?.map(|shown| row_of_device(&shown.device)).collect())
            }
            Self::Log(log) => log.is_known().then(|| log.rows().map(|row| row_of_log(row)).collect()),
            Self::Deliveries(deliveries) => {
                Some(deliveries.rows(None, MANY)?.iter().map(row_of_delivery).collect())
            }
            Self::Inbox(inbox) => {
                inbox.is_known().then(|| inbox.conversations().map(|one| row_of_conversation(one)).collect())
            }
            Self::Thread(thread) => thread.is_loaded().then(|| {
                let known =
                    thread.lines().into_iter().rev().filter_map(|line| match (&line.id, line.standing) {
                        (Some(id), Standing::Known(status)) => {
                            let row = row_of_message(id.as_str(), line.text.as_str(), status);
                            // Read with a later one of the contact's, and not read any more if that goes.
                            let rank = if line.ours { row.rank } else { 0 };
                            Some(Row { rank, ..row })
                        }
                        _ => None,
                    });
                known.collect()
            }),
        }
    }
}

fn listed<T: Listed>(list: &Collection<T>, row: fn(&T) -> Row) -> Option<Vec<Row>> {
    list.is_known().then(|| list.rows().map(|entity| row(entity)).collect())
}

fn all_of<T: serde::Serialize>(id: &str, rank: i64, entity: &T) -> Row {
    Row { id: id.to_owned(), rank, shown: serde_json::to_string(entity).unwrap_or_default() }
}

pub fn row_of_profile(profile: &HealthProfile) -> Row {
    all_of("profile", profile.version.cast_signed(), profile)
}

pub fn row_of_person(person: &User) -> Row {
    all_of(person.id.as_str(), 0, person)
}

pub fn row_of_device(device: &latido_protocol::device::Device) -> Row {
    all_of(device.id.as_str(), device.last_seen_at.unix_ms(), device)
}

pub fn row_of_link(link: &ManagedConnection) -> Row {
    all_of(link.id.as_str(), link.updated_at.unix_ms(), link)
}

pub fn row_of_log(row: &latido_protocol::link::ConnectionLog) -> Row {
    all_of(row.id.as_str(), 0, row)
}

pub fn row_of_sums(sums: &DeliverySummary) -> Row {
    all_of("sums", 0, sums)
}

pub fn row_of_conversation(conversation: &latido_protocol::conversation::Conversation) -> Row {
    let last = conversation.last_message.as_ref().map_or(0, |last| last.created_at.unix_ms());
    all_of(conversation.contact_id.as_str(), last, conversation)
}

pub fn row_of_delivery(delivery: &latido_cache::families::deliveries::Delivery) -> Row {
    let over = delivery.status != latido_protocol::delivery::DeliveryStatus::Pending;
    let rank = delivery.updated_at.unix_ms() + if over { 1 << 50 } else { 0 };
    Row { id: delivery.id.as_str().to_owned(), rank, shown: format!("{delivery:?}") }
}

pub fn row_of_message(id: &str, text: &str, status: MessageStatus) -> Row {
    let rung = MessageStatus::ALL.iter().position(|rung| *rung == status).unwrap_or_default();
    Row {
        id: id.to_owned(),
        rank: i64::try_from(rung).unwrap_or_default(),
        shown: format!("{text} {}", status.as_str()),
    }
}
