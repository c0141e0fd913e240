//! One managed connection: how it is doing, and what can be done with it. What is done is said while it is
//! under way and when it is over; meanwhile nothing else can be.

use std::time::Duration;

use latido_protocol::{
    event::Family,
    link::{LinkFigures, LinkId, LinkStatus, LinkType},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    bytes,
    link::{Link, Links},
    managed::Figures,
    said::said,
    strings::strings,
    whole,
};
use crate::{
    api::{Api, Call, Method},
    browser::format,
    components::{
        icon::Icon,
        view::{click, dynamic, flag, text, when},
    },
    i18n::{Locale, use_locale},
    queries::Queries,
};

/// For so long it is said that something was done; what failed stays.
const SAID_FOR: Duration = Duration::from_secs(8);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Start,
    Stop,
    Restart,
    Toggle,
    Remove,
}

impl Deed {
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Toggle => "toggle-reconnect",
            Self::Remove => "remove",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Progress {
    #[default]
    Idle,
    Doing(Deed),
    Done(Deed),
    Failed(String),
}

/// What the buttons share.
#[derive(Clone, Copy)]
struct Hands {
    progress: RwSignal<Progress>,
    links: RwSignal<Links>,
    locale: Locale,
}

impl Hands {
    fn are_busy(self) -> bool {
        self.progress.with(|progress| matches!(progress, Progress::Doing(_)))
    }

    fn do_it(self, deed: Deed, id: LinkId, api: Api, queries: Queries) {
        self.progress.set(Progress::Doing(deed));
        spawn_local(async move {
            let path = match deed {
                Deed::Remove => format!("/websocket/{id}"),
                Deed::Start | Deed::Stop | Deed::Restart | Deed::Toggle => {
                    format!("/websocket/{id}/{}", deed.word())
                }
            };
            let method = if deed == Deed::Remove { Method::Delete } else { Method::Post };
            let answer = api.send(Call { method, path: &path, ..Call::get("") }).await;
            // The page may have been left meanwhile; what was done is done.
            let _ = match answer {
                Ok(_) => {
                    // Told at once where there is a socket; without one it is asked for.
                    queries.invalidate(latido_connection::Invalidation::Family {
                        family: Family::Link,
                        event: deed.word(),
                    });
                    if deed == Deed::Remove {
                        self.links.try_update(|links| links.remove(&id));
                    }
                    set_timeout(move || self.forget(deed), SAID_FOR);
                    self.progress.try_set(Progress::Done(deed))
                }
                Err(error) => {
                    let why = (self.locale.strings.error)(&error);
                    self.progress.try_set(Progress::Failed((strings(self.locale).not_done)(&why)))
                }
            };
        });
    }

    fn forget(self, deed: Deed) {
        self.progress.try_update(|progress| {
            if *progress == Progress::Done(deed) {
                *progress = Progress::Idle;
            }
        });
    }
}

#[component]
pub fn LinkCard(id: LinkId, links: RwSignal<Links>, figures: Figures) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let hands = Hands { progress: RwSignal::default(), links, locale };
    let link = {
        let id = id.clone();
        Memo::new(move |_| links.with(|links| links.find(&id).cloned()))
    };
    let status = Memo::new(move |_| link.with(|link| link.as_ref().map(|link| link.status)));
    let counted = {
        let id = id.clone();
        Memo::new(move |_| {
            figures.with(|known| {
                let all = &known.as_ref()?.connections;
                all.iter().find(|each| each.connection_id == id).map(|each| each.figures)
            })
        })
    };
    let content = dynamic(move || match link.get() {
        Some(link) => about(&link, locale),
        None => ().into_any(),
    });
    let numbers = dynamic(move || numbers(counted.get(), locale));
    let said = text(move || {
        hands.progress.with(|progress| match progress {
            Progress::Idle | Progress::Failed(_) => String::new(),
            Progress::Doing(deed) => (strings.doing)(*deed).to_owned(),
            Progress::Done(deed) => (strings.done)(*deed).to_owned(),
        })
    });
    let failed = text(move || {
        hands.progress.with(|progress| match progress {
            Progress::Failed(why) => why.clone(),
            Progress::Idle | Progress::Doing(_) | Progress::Done(_) => String::new(),
        })
    });
    let actions = actions(id.clone(), link, hands);
    view! {
        <li
            class="card link"
            data-testid="link-row"
            data-id=id.as_str().to_owned()
            data-status=text(move || status.get().map_or("", LinkStatus::as_str).to_owned())
            aria-busy=text(move || hands.are_busy().to_string())
        >
            {content}
            {numbers}
            {actions}
            <p class="quiet outcome" role="status">{said}</p>
            <p class="error" role="alert">{failed}</p>
        </li>
    }
    .into_any()
}

fn about(link: &Link, locale: Locale) -> AnyView {
    let strings = strings(locale);
    let place = link.metadata.as_ref();
    let url = place.and_then(|place| place.url.clone()).unwrap_or_default();
    let secret = place.is_some_and(|place| place.has_secret).then_some(strings.secret_kept);
    let heard = match link.last_ping_at {
        Some(at) => format::second(locale.language, at),
        None => strings.never.to_owned(),
    };
    let error = link.error_message.as_deref().map(|error| said(locale, error));
    let error = error.map(|error| view! { <p class="link-error">{error}</p> });
    view! {
        <div class="link-head">
            <h3>{link.reference_id.clone()}</h3>
            <span class="link-kind">{kind_name(link.kind)}</span>
            <span class="state" data-state=link.status.as_str()>
                <span class="dot"></span>
                {(strings.status)(link.status)}
            </span>
        </div>
        <p class="quiet link-place">
            <span>{url}</span>
            <span>{secret}</span>
            <span>{strings.last_heard} ": " {heard}</span>
        </p>
        {error}
    }
    .into_any()
}

/// They are called so everywhere.
fn kind_name(kind: LinkType) -> &'static str {
    match kind {
        LinkType::Shelly => "Shelly",
        LinkType::SocketIo => "Socket.IO",
        LinkType::Custom => "JSON",
        LinkType::Test => "Test",
    }
}

fn numbers(figures: Option<LinkFigures>, locale: Locale) -> AnyView {
    let strings = strings(locale);
    let show = |read: fn(&LinkFigures, Locale) -> String| {
        figures.as_ref().map_or_else(|| "–".to_owned(), |figures| read(figures, locale))
    };
    let all = [
        (strings.messages, show(|figures, locale| whole(locale, figures.messages))),
        (strings.data, show(|figures, locale| bytes(locale, figures.bytes))),
        (locale.later().reconnects, show(|figures, locale| whole(locale, figures.reconnects))),
        (strings.errors, show(|figures, locale| whole(locale, figures.errors))),
    ];
    let all = all.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! { <dl class="link-figures">{all.collect_view()}</dl> }.into_any()
}

fn actions(id: LinkId, link: Memo<Option<Link>>, hands: Hands) -> AnyView {
    let strings = strings(hands.locale);
    let (api, queries): (Api, Queries) = (expect_context(), expect_context());
    let removing = RwSignal::new(false);
    let act = move |deed: Deed| {
        let (id, api, queries) = (id.clone(), api.clone(), queries.clone());
        click(move || hands.do_it(deed, id.clone(), api.clone(), queries.clone()))
    };
    let button = {
        let act = act.clone();
        move |deed: Deed, name: &'static str| {
            view! {
                <button
                    type="button"
                    class="button small"
                    data-testid=deed.word()
                    disabled=flag(move || hands.are_busy())
                    on:click=act(deed)
                >
                    {name}
                </button>
            }
            .into_any()
        }
    };
    // What would change nothing is not offered.
    let is_at_rest = Memo::new(move |_| {
        link.with(|link| {
            let rests = |link: &Link| matches!(link.status, LinkStatus::Disconnected | LinkStatus::Error);
            link.as_ref().is_some_and(rests)
        })
    });
    let run = dynamic(move || {
        if is_at_rest.get() {
            return button(Deed::Start, strings.start);
        }
        view! { {button(Deed::Stop, strings.stop)} {button(Deed::Restart, strings.restart)} }.into_any()
    });
    let toggle = act(Deed::Toggle);
    let reconnects =
        text(move || link.with(|link| link.as_ref().is_some_and(|link| link.auto_reconnect)).to_string());
    let confirm = when(
        move || removing.get(),
        move || {
            view! {
                <div class="confirm link-confirm" role="group" aria-label=strings.remove>
                    <span>{strings.really_remove}</span>
                    <button
                        type="button"
                        class="button small danger"
                        data-testid="confirm-remove"
                        disabled=flag(move || hands.are_busy())
                        on:click=act(Deed::Remove)
                    >
                        {strings.remove}
                    </button>
                    <button type="button" class="button small" on:click=click(move || removing.set(false))>
                        {strings.keep}
                    </button>
                </div>
            }
            .into_any()
        },
    );
    view! {
        <div class="link-actions">
            {run}
            <button
                type="button"
                class="switch"
                role="switch"
                data-testid=Deed::Toggle.word()
                aria-checked=reconnects
                disabled=flag(move || hands.are_busy())
                on:click=toggle
            >
                <span class="switch-track"></span>
                <span>{strings.auto_reconnect}</span>
            </button>
            <button
                type="button"
                class="icon-button"
                data-testid="remove"
                aria-label=strings.remove
                title=strings.remove
                aria-expanded=text(move || removing.get().to_string())
                on:click=click(move || removing.update(|removing| *removing = !*removing))
            >
                <Icon name="delete"/>
            </button>
        </div>
        {confirm}
    }
    .into_any()
}
