//! Providers, routes, and who gets to see them.

use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{Api, session::SignedIn},
    browser::router::Location,
    components::{
        header::Header,
        lazy::{lazy, lazy_with, load_all_later},
        new_version::NewVersion,
        outbox::RefusedWrites,
        record_page::RecordPage,
        undo::{Deleted, UndoNote},
        view::{dynamic, when},
    },
    config::Config,
    i18n::{self, Locale},
    pages::sign_in::Credentials,
    parts,
    people::Viewing,
    queries::{Queries, record::Kind},
    reader,
    realtime::{console, provide_realtime},
    writes::Writes,
};

/// The language that the whole tree is written in.
#[derive(Clone, Copy)]
pub struct LanguageChoice(pub RwSignal<Language>);

#[component]
pub fn App() -> impl IntoView {
    let config = Config::read();
    let api = Api::new(&config);
    let queries = Queries::new(api.clone());
    provide_context(api.clone());
    provide_context(queries.clone());
    let writes = Writes::new(&api, &queries);
    provide_context(writes.clone());
    provide_realtime(&config, &api, &queries, &writes);
    refresh_on_return(&queries, &writes);

    provide_context(Location::follow());
    let language = RwSignal::new(i18n::preferred());
    provide_context(LanguageChoice(language));
    Credentials::provide();
    reader::follow_browser(&api, language);
    let leaving = api.clone();
    spawn_local(async move { leaving.session().leave().await });
    let signed_in = api.session().signed_in();
    if signed_in.get_untracked() == SignedIn::Unknown {
        spawn_local(async move {
            // What it answers is in the session's signal; unreachable servers are asked again there.
            restore(api).await;
        });
    }

    let door = Memo::new(move |_| signed_in.with(Door::of));
    move || {
        let language = language.get();
        i18n::announce(language);
        provide_context(Locale::of(language));

        dynamic(move || match door.get() {
            Door::Closed => lazy(parts::sign_in),
            Door::Unknown => view! { <Restoring/> }.into_any(),
            Door::Open => view! { <House/> }.into_any(),
        })
    }
}

/// What of the session decides what is shown. Whoever was remembered and is then known stays where they are.
#[derive(Clone, Copy, PartialEq)]
enum Door {
    Closed,
    Unknown,
    Open,
}

impl Door {
    fn of(signed_in: &SignedIn) -> Self {
        match signed_in {
            SignedIn::No { .. } => Self::Closed,
            SignedIn::Unknown => Self::Unknown,
            SignedIn::Yes(_) | SignedIn::Remembered(_) => Self::Open,
        }
    }
}

/// Everything behind the door.
#[component]
fn House() -> impl IntoView {
    reader::follow_profile();
    let location: Location = expect_context();
    let viewing = Viewing::provide();
    Deleted::provide();
    load_all_later();
    // A page is not built anew when the address changes below it.
    let page = Memo::new(move |_| location.page());
    let shown = dynamic(move || match page.get().as_str() {
        "/" => lazy(parts::overview),
        "/food" => view! { <RecordPage kind=Kind::Food/> }.into_any(),
        "/exercise" => view! { <RecordPage kind=Kind::Exercise/> }.into_any(),
        "/metrics" => view! { <RecordPage kind=Kind::Metric/> }.into_any(),
        "/profile" => lazy(parts::profile),
        "/equipment" => lazy(parts::equipment),
        "/deliveries" => lazy(parts::deliveries),
        "/connections" => lazy(parts::connections),
        "/conversations" => lazy(parts::conversations),
        _ => lazy(parts::not_found),
    });
    let shows_health =
        move || page.with(|page| matches!(page.as_str(), "/" | "/food" | "/exercise" | "/metrics"));
    let viewing_note = when(
        move || !viewing.is_oneself() && shows_health(),
        || {
            let coming = || view! { <div class="note news"></div> }.into_any();
            lazy_with(parts::viewing_note, coming, || ().into_any())
        },
    );
    view! {
        <Header/>
        <main id="content" class="page" tabindex="-1">
            <NewVersion/>
            <RefusedWrites/>
            {viewing_note}
            {shown}
        </main>
        <UndoNote/>
    }
    .into_any()
}

/// A reload, until the cookie has said who is there.
#[component]
fn Restoring() -> impl IntoView {
    let strings = i18n::use_locale().strings;
    view! { <main class="page" aria-busy="true"><p class="quiet">{strings.loading}</p></main> }.into_any()
}

/// Asks until somebody answers: a server that is down does not sign anybody out. If that takes long, whoever was
/// here last sees what was kept for them.
async fn restore(api: Api) {
    const PAUSE_MS: u32 = 2_000;
    const PATIENCE_MS: u32 = 1_500;
    let asking = api.clone();
    spawn_local(async move {
        pause(PATIENCE_MS).await;
        asking.session().remember().await;
    });
    while api.session().is_open() {
        if api.session().token(None).await.is_ok() {
            return;
        }
        api.session().remember().await;
        console::verbose(|| "the session could not be restored yet".to_owned());
        pause(PAUSE_MS).await;
    }
}

async fn pause(ms: u32) {
    let (done, wait) = futures::channel::oneshot::channel::<()>();
    set_timeout(move || drop(done), std::time::Duration::from_millis(ms.into()));
    // Its only answer is that it is dropped.
    let _ = wait.await;
}

/// Whoever comes back to the page, or to the network, sees the present, and what waits is sent.
fn refresh_on_return(queries: &Queries, writes: &Writes) {
    for event in ["visibilitychange", "online"] {
        let (queries, writes) = (queries.clone(), writes.clone());
        let _ = window_event_listener_untyped(event, move |_| {
            queries.flush();
            if crate::browser::is_visible() {
                queries.refresh();
                writes.wake();
            }
        });
    }
    // A frozen page can neither send nor answer one that wants to.
    let writes = writes.clone();
    let _ = window_event_listener_untyped("freeze", move |_| writes.yield_the_lock());
}
