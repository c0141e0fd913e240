//! The log of device links: live, and paged back as far as the user reads.

use std::rc::Rc;

use latido_cache::{
    families::link_log::{LinkLog, LogFilter},
    model::Model,
};
use latido_protocol::{
    event::Family,
    link::{ConnectionLog, LinkId, LogKind, ManagedConnection},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    export::Export,
    link::{Links, name_of},
    log_filter::path,
    log_row::{mentions, row_view, texts},
    strings::{ConnectionsStrings, strings},
};
use crate::{
    browser::clock,
    data::queries::{FetchStatus, Polling, Queries, Query},
    i18n::{Locale, reasons, use_locale},
    ui::{
        announcer::NewRows,
        icon::Icon,
        skeleton::Skeleton,
        stale::StaleNote,
        view::{click, derived_bool, reactive, text, typed, when},
    },
};

/// Any time, an hour, a day, a week; in milliseconds.
const PERIODS: [Option<i64>; 4] = [None, Some(3_600_000), Some(86_400_000), Some(604_800_000)];

/// Rows of one page.
const PAGE: &str = "limit=50";

/// The log that is shown.
type Followed = Query<LinkLog>;

/// A stale note above covers this log too.
#[component]
pub fn Log(links: Links, above: ArcRwSignal<FetchStatus>) -> impl IntoView {
    let strings = strings(use_locale());
    let narrowed = RwSignal::new(LogFilter::default());
    let sought = RwSignal::new(String::new());
    let of_rows = links.clone();
    let rows = reactive(move || {
        view! { <Rows narrowed=narrowed.get() sought links=of_rows.clone() above=above.clone()/> }.into_any()
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

fn filters(narrowed: RwSignal<LogFilter>, sought: RwSignal<String>, links: Links) -> AnyView {
    let strings = strings(use_locale());
    let names = Memo::new(move |_| {
        let name = |link: &Rc<ManagedConnection>| {
            (link.id.as_str().to_owned(), link.reference_id.as_str().to_owned())
        };
        links.get().rows().map(name).collect::<Vec<_>>()
    });
    let of_link = typed(move |id| {
        narrowed.update(|narrowed| narrowed.link = (!id.is_empty()).then(|| LinkId::new(id)));
    });
    let of_kind = typed(move |kind| narrowed.update(|narrowed| narrowed.kind = LogKind::parse(&kind).ok()));
    let of_period = typed(move |place| {
        let back = place.parse::<usize>().ok().and_then(|place| *PERIODS.get(place)?);
        narrowed.update(|narrowed| narrowed.from = back.map(|back| clock::wall().plus_ms(-back)));
    });
    let connections = reactive(move || {
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
    narrowed: LogFilter,
    sought: RwSignal<String>,
    links: Links,
    above: ArcRwSignal<FetchStatus>,
) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let queries: Queries = expect_context();
    let log: Followed = queries
        .query(&path(&narrowed, "", PAGE), Family::Link, Polling::LISTS, || LinkLog::new(narrowed.clone()));
    log.reread_doubtful(path(&narrowed, "", PAGE));
    // Those that came by themselves; older ones were asked for, and are no news.
    let news = {
        let log = log.clone();
        Memo::new(move |_| Some(log.get().arrived()))
    };
    let fetch_status = ArcRwSignal::new(FetchStatus::default());
    let (own, shown_health) = (log.fetch_status.clone(), fetch_status.clone());
    Effect::new(move |_| {
        let is_said_above = above.with(|above| *above != FetchStatus::default());
        shown_health.set(if is_said_above { FetchStatus::default() } else { own.get() });
    });
    let name = {
        let links = links.clone();
        move |id: &LinkId| name_of(&links, id)
    };
    let shown = {
        let (log, name) = (log.clone(), name.clone());
        Memo::new(move |_| {
            let sought = sought.read();
            let fits =
                |row: &&Rc<ConnectionLog>| sought.is_empty() || mentions(&sought, &texts(row, &name, locale));
            log.get().rows().filter(fits).map(|row| ConnectionLog::clone(row)).collect::<Vec<_>>()
        })
    };
    let instead = {
        let log = log.clone();
        let loaded = Memo::new(move |_| {
            let log = log.get();
            (log.is_known(), log.rows().count())
        });
        let none = Memo::new(move |_| shown.with(Vec::is_empty));
        reactive(move || match (loaded.get(), none.get()) {
            ((false, _), _) => view! { <Skeleton/> }.into_any(),
            ((true, 0), _) => nothing(strings.no_rows, strings.no_rows_hint.to_owned()),
            ((true, rows), true) => nothing(strings.none_match, (strings.none_match_hint)(rows)),
            ((true, _), false) => ().into_any(),
        })
    };
    view! {
        <StaleNote fetch_status/>
        {following(log.clone(), strings)}
        <NewRows count=news/>
        {instead}
        <ul class="log-rows">
            <For each=move || shown.get() key=|row| row.id.as_str().to_owned() let(row)>
                {row_view(&row, name.clone(), locale)}
            </For>
        </ul>
        {older(&narrowed, log, locale)}
    }
    .into_any()
}

fn nothing(what: &'static str, hint: String) -> AnyView {
    view! { <div class="empty"><p><strong>{what}</strong></p><p class="quiet">{hint}</p></div> }.into_any()
}

fn following(log: Followed, strings: &'static ConnectionsStrings) -> AnyView {
    let waiting = {
        let log = log.clone();
        Memo::new(move |_| log.get().waiting())
    };
    let turn = click(move || {
        log.update(|log, _| match log.waiting() {
            Some(_) => log.resume(),
            None => log.pause(),
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

fn older(narrowed: &LogFilter, log: Followed, locale: Locale) -> AnyView {
    let strings = strings(locale);
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(String::new()));
    let path = path(narrowed, "", PAGE);
    let has_older = {
        let log = log.clone();
        Memo::new(move |_| log.get().cursor().is_some())
    };
    let load = move || {
        let (log, path) = (log.clone(), path.clone());
        busy.set(true);
        failure.set(String::new());
        spawn_local(async move {
            let outcome = log.load_next(&path).await;
            busy.try_set(false);
            if let Err(error) = outcome {
                failure.try_set((strings.older_failed)(&reasons::error(locale, &error)));
            }
        });
    };
    when(
        move || has_older.get(),
        move || {
            view! {
                <div class="log-older">
                    <button
                        type="button"
                        class="button small"
                        data-testid="older"
                        disabled=derived_bool(move || busy.get())
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
