//! The list of deliveries as signals: responses and events go in, rows come out, once a frame however many there were;
//! the pages behind the first are fetched when the user scrolls to them.

use std::cell::{Cell, RefCell};

use js_sys::encode_uri_component;
use latido_protocol::{
    delivery::{DeliveryId, DeliveryPage, DeliveryStatus},
    event::{Event, Family},
    opaque_event::OpaqueEvent,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::Deserialize;
use wasm_bindgen_futures::spawn_local;

use super::{
    announcer::DeliveryAnnouncer,
    list::{Answered, Deliveries, Delivery, DeliveryChanged, DeliveryFilter, News},
};
use crate::{
    api::{Api, Call, error::ApiError},
    browser::{LocalRc, local_rc},
    data::queries::{
        FetchStatus, Polling, Queries,
        document::{Document, reads},
        frame_batcher::FrameBatcher,
    },
    realtime::{Realtime, use_realtime_optional},
};

/// As the dashboards of deliveries have always polled.
pub const DELIVERIES: Polling = Polling { while_live: None, otherwise: 10_000 };
/// So many rows are shown at first, and more with each wish for more.
const STEP: usize = 50;
/// Rows of one further page: the contract's most.
const FURTHER: usize = 200;
/// Pages looked through for one wish. A kind that is rare would else be looked for to the very end.
const MOST_PAGES: u32 = 10;

/// One delivery. Its signal changes; its row stays.
#[derive(Clone)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub delivery: ArcRwSignal<Delivery>,
}

#[derive(Clone)]
pub struct Feed(LocalRc<FeedInner>);

struct FeedInner {
    api: Api,
    realtime: Option<Realtime>,
    status: Option<DeliveryStatus>,
    document: Document,
    announcer: DeliveryAnnouncer,
    list: RefCell<Deliveries>,
    filter: Cell<DeliveryFilter>,
    wanted: Cell<usize>,
    /// Pages that may still be asked for.
    allowance: Cell<u32>,
    /// Pages that came, since the list was last sure of no more than the first one.
    followed: Cell<u32>,
    rows: ArcRwSignal<Option<Vec<DeliveryRow>>>,
    more: ArcRwSignal<More>,
    frames: FrameBatcher,
}

/// What is below the last row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum More {
    #[default]
    Nothing,
    Something,
    Loading,
    Failed(ApiError),
}

#[derive(Deserialize)]
struct DeliveryDeleted {
    id: DeliveryId,
}

impl Feed {
    /// Follows the deliveries of a status, or all, for as long as the current owner lives.
    pub fn follow(filter: DeliveryFilter, announcer: DeliveryAnnouncer) -> Self {
        let status = filter.status;
        let queries: Queries = expect_context();
        let realtime = use_realtime_optional();
        let feed = Self(local_rc(FeedInner {
            api: expect_context(),
            realtime: realtime.clone(),
            status,
            document: queries.document(
                &path(status, STEP),
                Family::Delivery,
                DELIVERIES,
                reads::<DeliveryPage>,
            ),
            announcer,
            list: RefCell::new(Deliveries::new(status)),
            filter: Cell::new(filter),
            wanted: Cell::new(STEP),
            allowance: Cell::new(MOST_PAGES),
            followed: Cell::default(),
            rows: ArcRwSignal::default(),
            more: ArcRwSignal::default(),
            frames: FrameBatcher::default(),
        }));
        let answered = feed.clone();
        Effect::new(move |_| {
            if let Some(page) = answered.0.document.read::<DeliveryPage>() {
                answered.answer(page);
            }
        });
        if let Some(realtime) = realtime {
            let listening = feed.clone();
            let subscription = realtime.subscribe(Family::Delivery, move |event| {
                if let Event::Opaque(event) = event {
                    listening.apply_event(event);
                }
            });
            let subscription = SendWrapper::new(subscription);
            on_cleanup(move || drop(subscription));
        }
        feed
    }

    /// `None` until the first answer.
    pub fn rows(&self) -> ArcRwSignal<Option<Vec<DeliveryRow>>> {
        self.0.rows.clone()
    }

    pub fn more(&self) -> ArcRwSignal<More> {
        self.0.more.clone()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.0.document.fetch_status.clone()
    }

    /// Shows only these.
    pub fn narrow(&self, filter: DeliveryFilter) {
        if self.0.filter.replace(filter) != filter {
            self.0.wanted.set(STEP);
            self.0.allowance.set(MOST_PAGES);
            self.show();
        }
    }

    pub fn want_more(&self) {
        let shown = self.0.rows.with_untracked(|rows| rows.as_ref().map_or(0, Vec::len));
        self.0.wanted.set(shown.max(STEP) + STEP);
        self.0.allowance.set(MOST_PAGES);
        self.show();
    }

    fn answer(&self, page: DeliveryPage) {
        // Events are complete only if the connection was live throughout.
        let followed =
            self.0.realtime.as_ref().is_some_and(|realtime| realtime.status().get_untracked().is_live());
        let fetch = self.0.document.fetch();
        let Answered { created, begins_anew } = self.0.list.borrow_mut().answer(page, fetch, followed);
        self.0.announcer.created(created);
        if begins_anew {
            self.0.allowance.set(self.0.followed.take().max(self.0.allowance.get()));
        }
        self.show();
    }

    fn apply_event(&self, event: &OpaqueEvent) {
        let news = match event.name {
            "event_created" | "event_update" => {
                let Ok(changed) = event.read::<DeliveryChanged>() else { return };
                let moment = self.0.document.overtaken();
                self.0.list.borrow_mut().changed(changed, event.name == "event_created", moment)
            }
            "event_deleted" => {
                let Ok(DeliveryDeleted { id }) = event.read() else { return };
                let moment = self.0.document.overtaken();
                self.0.list.borrow_mut().removed(id, moment);
                None
            }
            _ => return,
        };
        match news {
            Some(News::Created) => self.0.announcer.created(1),
            Some(News::Failed) => self.0.announcer.failed(),
            None => {}
        }
        let feed = self.clone();
        self.0.frames.request(move || feed.show());
    }

    fn show(&self) {
        let inner = &self.0;
        let (filter, wanted) = (inner.filter.get(), inner.wanted.get());
        let list = inner.list.borrow();
        let Some(deliveries) = list.rows(filter, wanted) else { return };
        let has_more = list.has_more(filter, wanted);
        let cursor = list.needs(filter, wanted).map(str::to_owned);
        drop(list);
        self.place(deliveries);

        let below = inner.more.get_untracked();
        let more = match (cursor, below) {
            // Its answer shows once more.
            (_, More::Loading) => return,
            (Some(cursor), _) if inner.allowance.get() > 0 => {
                inner.allowance.set(inner.allowance.get() - 1);
                spawn_local(self.clone().load(cursor));
                More::Loading
            }
            (_, More::Failed(error)) if has_more => More::Failed(error),
            _ if has_more => More::Something,
            _ => More::Nothing,
        };
        if inner.more.with_untracked(|before| *before != more) {
            inner.more.set(more);
        }
    }

    async fn load(self, cursor: String) {
        let begun = self.0.document.moment();
        let encoded: String = encode_uri_component(&cursor).into();
        let path = format!("{}&cursor={encoded}", path(self.0.status, FURTHER));
        let answer = self.0.api.send(Call::get(&path)).await;
        match answer.and_then(|answer| answer.parse::<DeliveryPage>()) {
            Ok(page) => {
                self.0.list.borrow_mut().further(&cursor, page, begun);
                self.0.followed.set(self.0.followed.get() + 1);
                self.0.more.set(More::Something);
            }
            Err(error) => {
                // Asked for again by hand, or with the next answer to the first page.
                self.0.allowance.set(0);
                self.0.more.set(More::Failed(error));
            }
        }
        self.show();
    }

    /// Rows that stay keep their signal.
    fn place(&self, deliveries: Vec<Delivery>) {
        let before = self.0.rows.get_untracked();
        let mut kept = before.as_deref().unwrap_or_default().iter().peekable();
        let is_same = before.as_ref().is_some_and(|before| {
            before.len() == deliveries.len()
                && before.iter().zip(&deliveries).all(|(row, delivery)| row.id == delivery.id)
        });
        let rows = deliveries.into_iter().map(|delivery| {
            // Lists seldom change their order, so a row is mostly found where the one before was followed.
            let same = if kept.peek().is_some_and(|row| row.id == delivery.id) {
                kept.next()
            } else {
                before.as_deref().unwrap_or_default().iter().find(|row| row.id == delivery.id)
            };
            let Some(row) = same else {
                return DeliveryRow { id: delivery.id.clone(), delivery: ArcRwSignal::new(delivery) };
            };
            if row.delivery.with_untracked(|shown| *shown != delivery) {
                row.delivery.set(delivery);
            }
            row.clone()
        });
        let rows: Vec<DeliveryRow> = rows.collect();
        if !is_same {
            self.0.rows.set(Some(rows));
        }
    }
}

fn path(status: Option<DeliveryStatus>, limit: usize) -> String {
    match status {
        Some(status) => format!("/events?limit={limit}&status={}", status.as_str()),
        None => format!("/events?limit={limit}"),
    }
}
