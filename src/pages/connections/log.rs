//! The log of the managed connections: as it grows, and as far back as somebody wants to read.

use latido_protocol::{
    event::{Event, Family},
    link::{LinkId, LogKind},
    time::Timestamp,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::{
    export::Export,
    link::{Link, Links},
    log_row::{row_view, texts},
    strings::{Strings, strings},
    timeline::{LogPage, LogRow, Older, Timeline, mentions},
};
use crate::{
    api::{Api, Call},
    browser::clock,
    components::{
        announcer::NewRows,
        icon::Icon,
        rows::Skeleton,
        stale::StaleNote,
        view::{click, dynamic, flag, text, typed, when},
    },
    i18n::{Locale, use_locale},
    queries::{Health, Polling, Queries, document::reads},
    realtime::use_realtime,
};

/// Any time, an hour, a day, a week; in milliseconds.
const PERIODS: [Option<i64>; 4] = [None, Some(3_600_000), Some(86_400_000), Some(604_800_000)];

/// What the server is asked for. What is searched for is looked for in what has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Narrowed {
    pub link: Option<LinkId>,
    pub kind: Option<LogKind>,
    pub from: Option<Timestamp>,
}

impl Narrowed {
    pub fn path(&self, below: &str, parameters: &str) -> String {
        let mut path = match &self.link {
            Some(id) => format!("/websocket/{id}/logs{below}?{parameters}"),
            None => format!("/websocket/logs{below}?{parameters}"),
        };
        if let Some(kind) = self.kind {
            path = path + "&eventType=" + kind.as_str();
        }
        if let Some(from) = self.from {
            path = path + "&from=" + &from.to_string();
        }
        path
    }

    fn takes(&self, row: &LogRow) -> bool {
        self.link.as_ref().is_none_or(|link| *link == row.connection_id)
            && self.kind.is_none_or(|kind| kind == row.event_type)
    }
}

/// Where what is above is old too, it is said there for both.
#[component]
pub fn Log(links: RwSignal<Links>, above: ArcRwSignal<Health>) -> impl IntoView {
    let strings = strings(use_locale());
    let narrowed = RwSignal::new(Narrowed::default());
    let sought = RwSignal::new(String::new());
    let rows = dynamic(move || {
        view! { <Rows narrowed=narrowed.get() sought links above=above.clone()/> }.into_any()
    });
    view! {
        <section class="card log" data-testid="link-log">
            <div class="section-head">
                <h2>{strings.log}</h2>
                <Export narrowed/>
            </div>
            {filters(narrowed, sought, links)}
            {rows}
        </section>
    }
    .into_any()
}

fn filters(narrowed: RwSignal<Narrowed>, sought: RwSignal<String>, links: RwSignal<Links>) -> AnyView {
    let strings = strings(use_locale());
    let names = Memo::new(move |_| {
        let name = |link: &Link| (link.id.as_str().to_owned(), link.reference_id.clone());
        links.with(|links| links.all().unwrap_or_default().iter().map(name).collect::<Vec<_>>())
    });
    let of_link = typed(move |id| {
        narrowed.update(|narrowed| narrowed.link = (!id.is_empty()).then(|| LinkId::new(id)));
    });
    let of_kind = typed(move |kind| narrowed.update(|narrowed| narrowed.kind = LogKind::parse(&kind).ok()));
    let of_period = typed(move |place| {
        let back = place.parse::<usize>().ok().and_then(|place| *PERIODS.get(place)?);
        narrowed.update(|narrowed| narrowed.from = back.map(|back| clock::wall().plus_ms(-back)));
    });
    let connections = dynamic(move || {
        let chosen = narrowed.with_untracked(|narrowed| narrowed.link.clone());
        let option = |(id, name): (String, String)| {
            let selected = chosen.as_ref().is_some_and(|chosen| chosen.as_str() == id);
            view! { <option value=id selected=selected>{name}</option> }
        };
        names.get().into_iter().map(option).collect_view().into_any()
    });
    let kinds = LogKind::ALL.iter().map(|kind| {
        view! { <option value=kind.as_str()>{(strings.kinds)(*kind)}</option> }
    });
    let periods = strings.periods.into_iter().enumerate();
    let periods = periods.map(|(place, name)| view! { <option value=place>{name}</option> });
    view! {
        <div class="log-filters">
            <label class="field">
                <span>{strings.connection}</span>
                <select name="log-link" on:change=of_link>
                    <option value="">{strings.all_connections}</option>
                    {connections}
                </select>
            </label>
            <label class="field">
                <span>{strings.log_kind}</span>
                <select name="log-kind" on:change=of_kind>
                    <option value="">{strings.all_kinds}</option>
                    {kinds.collect_view()}
                </select>
            </label>
            <label class="field">
                <span>{strings.period}</span>
                <select name="log-period" on:change=of_period>{periods.collect_view()}</select>
            </label>
            <label class="field">
                <span>{strings.search}</span>
                <input type="search" name="log-search" autocomplete="off" on:input=typed(move |text| sought.set(text))/>
            </label>
        </div>
    }
    .into_any()
}

/// Made anew when the filters change.
#[component]
fn Rows(
    narrowed: Narrowed,
    sought: RwSignal<String>,
    links: RwSignal<Links>,
    above: ArcRwSignal<Health>,
) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let queries: Queries = expect_context();
    let timeline = RwSignal::new(Timeline::default());
    // Those that came by themselves; older ones were asked for, and are no news.
    let arrived = RwSignal::new(0);
    let news = Memo::new(move |_| Some(arrived.get()));
    let newest =
        queries.document(&narrowed.path("", "limit=50"), Family::Link, Polling::LISTS, reads::<LogPage>);
    let health = ArcRwSignal::new(Health::default());
    let (own, shown_health) = (newest.health.clone(), health.clone());
    Effect::new(move |_| {
        let is_said_above = above.with(|above| *above != Health::default());
        shown_health.set(if is_said_above { Health::default() } else { own.get() });
    });
    Effect::new(move |_| {
        if let Some(page) = newest.read::<LogPage>() {
            timeline.update(|timeline| timeline.newest(page));
        }
    });
    let heard = {
        let narrowed = narrowed.clone();
        use_realtime().subscribe(Family::Link, move |event| {
            if let Event::Told(told) = event
                && told.name == "connection_log"
                && let Ok(row) = told.read::<LogRow>()
                && narrowed.takes(&row)
            {
                timeline.update(|timeline| timeline.event(row));
                arrived.update(|arrived| *arrived += 1);
            }
        })
    };
    let heard = SendWrapper::new(heard);
    on_cleanup(move || drop(heard));

    let name_of = move |id: &LinkId| {
        links.with(|links| links.find(id).map(|link| link.reference_id.clone())).unwrap_or_default()
    };
    let shown = Memo::new(move |_| {
        sought.with(|sought| {
            timeline.with(|timeline| {
                let fits =
                    |row: &&LogRow| sought.is_empty() || mentions(sought, &texts(row, name_of, locale));
                timeline.rows().iter().filter(fits).cloned().collect::<Vec<_>>()
            })
        })
    });
    let instead = {
        let loaded =
            Memo::new(move |_| timeline.with(|timeline| (timeline.is_known(), timeline.rows().len())));
        let none = Memo::new(move |_| shown.with(Vec::is_empty));
        dynamic(move || match (loaded.get(), none.get()) {
            ((false, _), _) => view! { <Skeleton/> }.into_any(),
            ((true, 0), _) => nothing(strings.no_rows, strings.no_rows_hint.to_owned()),
            ((true, rows), true) => nothing(strings.none_match, (strings.none_match_hint)(rows)),
            ((true, _), false) => ().into_any(),
        })
    };
    view! {
        <StaleNote health/>
        {following(timeline, strings)}
        <NewRows count=news/>
        {instead}
        <ul class="log-rows">
            <For each=move || shown.get() key=|row| row.id.clone() let(row)>
                {row_view(&row, name_of, locale)}
            </For>
        </ul>
        {older(narrowed, timeline, locale)}
    }
    .into_any()
}

fn nothing(what: &'static str, hint: String) -> AnyView {
    view! { <div class="empty"><p><strong>{what}</strong></p><p class="quiet">{hint}</p></div> }.into_any()
}

fn following(timeline: RwSignal<Timeline>, strings: &'static Strings) -> AnyView {
    let waiting = Memo::new(move |_| timeline.with(Timeline::waiting));
    let turn = click(move || {
        timeline.update(|timeline| match timeline.waiting() {
            Some(_) => timeline.resume(),
            None => timeline.pause(),
        });
    });
    view! {
        <button
            type="button"
            class="button small follow"
            data-testid="follow"
            data-paused=text(move || waiting.get().is_some().to_string())
            on:click=turn
        >
            {text(move || waiting.get().map_or_else(|| strings.pause.to_owned(), strings.resume))}
        </button>
    }
    .into_any()
}

fn older(narrowed: Narrowed, timeline: RwSignal<Timeline>, locale: Locale) -> AnyView {
    let strings = strings(locale);
    let api: Api = expect_context();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(String::new()));
    let load = move || {
        let Older::Behind(cursor) = timeline.with_untracked(|timeline| timeline.older.clone()) else {
            return;
        };
        let (api, narrowed) = (api.clone(), narrowed.clone());
        busy.set(true);
        failure.set(String::new());
        spawn_local(async move {
            let cursor: String = js_sys::encode_uri_component(&cursor).into();
            let path = narrowed.path("", &format!("limit=50&cursor={cursor}"));
            let answer = api.send(Call::get(&path)).await.and_then(|answer| answer.parse::<LogPage>());
            busy.try_set(false);
            match answer {
                Ok(page) => {
                    timeline.try_update(|timeline| timeline.add_older(page));
                }
                Err(error) => {
                    failure.try_set((strings.older_failed)(&(locale.strings.error)(&error)));
                }
            }
        });
    };
    when(
        move || timeline.with(|timeline| matches!(timeline.older, Older::Behind(_))),
        move || {
            view! {
                <div class="log-older">
                    <button
                        type="button"
                        class="button small"
                        data-testid="older"
                        disabled=flag(move || busy.get())
                        on:click=click(load.clone())
                    >
                        <Icon name="clock"/>
                        {text(move || if busy.get() { locale.strings.loading } else { strings.older }.to_owned())}
                    </button>
                    <p class="error" role="alert">{text(move || failure.get())}</p>
                </div>
            }
            .into_any()
        },
    )
}
