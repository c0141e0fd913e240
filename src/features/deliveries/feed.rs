//! The list of deliveries as rows. The pages behind the first are fetched when the user scrolls to them.

use std::cell::Cell;

use latido_cache::families::deliveries::{Deliveries, Delivery};
use latido_protocol::{
    delivery::{DeliveryKind, DeliveryStatus},
    event::Family,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::announcer::{Come, DeliveryAnnouncer};
use crate::{
    api::error::ApiError,
    browser::{LocalRc, local_rc},
    data::queries::{
        FetchStatus, Polling, Queries, Query,
        rows::{Row, Rows},
    },
};

/// As the dashboards of deliveries have always polled.
pub const DELIVERIES: Polling = Polling { while_live: None, otherwise: 10_000 };
/// So many rows are shown at first, and more with each wish for more.
const STEP: usize = 50;
/// Rows of one further page: the contract's most.
const FURTHER: usize = 200;
/// Pages looked through for one wish. A kind that is rare would else be looked for to the very end.
const MOST_PAGES: u32 = 10;

/// One delivery, under its id.
pub type DeliveryRow = Row<Delivery>;

/// Which deliveries are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub status: Option<DeliveryStatus>,
    pub kind: Option<DeliveryKind>,
}

#[derive(Clone)]
pub struct Feed(LocalRc<FeedInner>);

struct FeedInner {
    status: Option<DeliveryStatus>,
    list: Query<Deliveries>,
    announcer: DeliveryAnnouncer,
    kind: Cell<Option<DeliveryKind>>,
    wanted: Cell<usize>,
    /// Pages that may still be asked for.
    allowance: Cell<u32>,
    rows: Rows<Delivery>,
    more: ArcRwSignal<More>,
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

impl Feed {
    /// Follows the deliveries of a status, or all, for as long as the current owner lives.
    pub fn follow(filter: DeliveryFilter, announcer: DeliveryAnnouncer) -> Self {
        let (status, queries) = (filter.status, expect_context::<Queries>());
        let make = || Deliveries::new(status);
        let feed = Self(local_rc(FeedInner {
            status,
            list: queries.query(&path(status, STEP), Family::Delivery, DELIVERIES, make),
            announcer,
            kind: Cell::new(filter.kind),
            wanted: Cell::new(STEP),
            allowance: Cell::new(MOST_PAGES),
            rows: Rows::default(),
            more: ArcRwSignal::default(),
        }));
        let changed = feed.clone();
        Effect::new(move |_| {
            changed.0.list.track();
            changed.show();
        });
        feed
    }

    /// `None` until the first answer.
    pub fn rows(&self) -> ArcReadSignal<Option<Vec<DeliveryRow>>> {
        self.0.rows.all()
    }

    pub fn more(&self) -> ArcRwSignal<More> {
        self.0.more.clone()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.0.list.fetch_status.clone()
    }

    /// Shows only those of this kind, or all.
    pub fn narrow(&self, kind: Option<DeliveryKind>) {
        if self.0.kind.replace(kind) != kind {
            self.0.wanted.set(STEP);
            self.0.allowance.set(MOST_PAGES);
            self.show();
        }
    }

    pub fn want_more(&self) {
        let shown = self.0.rows.all().with_untracked(|rows| rows.as_ref().map_or(0, Vec::len));
        self.0.wanted.set(shown.max(STEP) + STEP);
        self.0.allowance.set(MOST_PAGES);
        self.show();
    }

    fn show(&self) {
        let inner = &self.0;
        let (kind, wanted) = (inner.kind.get(), inner.wanted.get());
        let news = inner.list.take(Deliveries::take_news);
        inner.announcer.add(Come { created: news.created, failed: news.failed });
        inner.allowance.set(inner.allowance.get().max(news.pages_lost));
        let list = inner.list.get_untracked();
        let Some(deliveries) = list.rows(kind, wanted) else { return };
        let (has_more, is_needed) = (list.has_more(kind, wanted), list.needs(kind, wanted).is_some());
        drop(list);
        inner.rows.show(deliveries.into_iter().map(|delivery| (delivery.id.as_str().to_owned(), delivery)));

        let more = match inner.more.get_untracked() {
            // Its answer shows once more.
            More::Loading => return,
            _ if is_needed && inner.allowance.get() > 0 => {
                inner.allowance.set(inner.allowance.get() - 1);
                spawn_local(self.clone().load());
                More::Loading
            }
            More::Failed(error) if has_more => More::Failed(error),
            _ if has_more => More::Something,
            _ => More::Nothing,
        };
        if inner.more.with_untracked(|before| *before != more) {
            inner.more.set(more);
        }
    }

    async fn load(self) {
        match self.0.list.load_next(&path(self.0.status, FURTHER)).await {
            Ok(()) => self.0.more.set(More::Something),
            Err(error) => {
                // Asked for again by hand, or with the next answer to the first page.
                self.0.allowance.set(0);
                self.0.more.set(More::Failed(error));
            }
        }
        self.show();
    }
}

fn path(status: Option<DeliveryStatus>, limit: usize) -> String {
    match status {
        Some(status) => format!("/events?limit={limit}&status={}", status.as_str()),
        None => format!("/events?limit={limit}"),
    }
}
