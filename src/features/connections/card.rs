//! The card of a device link: its state and its actions. An action shows its progress and its outcome; meanwhile no
//! other can start.

use latido_protocol::{
    event::Family,
    link::{LinkFigures, LinkId, LinkStatus, LinkType, ManagedConnection},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    figures::{Figures, bytes, whole},
    link::Links,
    link_action::LinkAction,
    strings::strings,
};
use crate::{
    api::{Api, Call, Method},
    browser::{format, timer::after},
    data::queries::Queries,
    i18n::{Locale, reasons, use_locale},
    ui::{
        icon::Icon,
        view::{click, derived_bool, reactive, text, when},
    },
};

/// How long a success is shown; a failure stays.
const SAID_FOR_MS: u32 = 8_000;

#[derive(Clone, Debug, Default, PartialEq)]
enum Progress {
    #[default]
    Idle,
    Doing(LinkAction),
    Done(LinkAction),
    Failed(String),
}

/// What the buttons share.
#[derive(Clone, Copy)]
struct CardActions {
    progress: RwSignal<Progress>,
    links: StoredValue<Links>,
    locale: Locale,
}

impl CardActions {
    fn are_busy(self) -> bool {
        self.progress.with(|progress| matches!(progress, Progress::Doing(_)))
    }

    fn run(self, deed: LinkAction, id: LinkId, api: Api, queries: Queries) {
        self.progress.set(Progress::Doing(deed));
        spawn_local(async move {
            let path = match deed {
                LinkAction::Remove => format!("/websocket/{id}"),
                LinkAction::Start | LinkAction::Stop | LinkAction::Restart | LinkAction::Toggle => {
                    format!("/websocket/{id}/{}", deed.word())
                }
            };
            let method = if deed == LinkAction::Remove { Method::Delete } else { Method::Post };
            let answer = api.send(Call { method, path: &path, ..Call::get("") }).await;
            // The page may have been left meanwhile; what was done is done.
            let _ = match answer {
                Ok(_) => {
                    // With a socket the event arrives at once; without one the list is refetched.
                    queries.invalidate(latido_connection::Invalidation::Family {
                        family: Family::Link,
                        event: deed.word(),
                    });
                    if deed == LinkAction::Remove {
                        self.links.try_with_value(|links| {
                            links.update(|links, settles_at| links.remove_until(id.as_str(), settles_at))
                        });
                    }
                    let progress = self.progress;
                    after(SAID_FOR_MS, move || forget(progress, deed));
                    progress.try_set(Progress::Done(deed))
                }
                Err(error) => {
                    let why = reasons::error(self.locale, &error);
                    self.progress.try_set(Progress::Failed((strings(self.locale).not_done)(&why)))
                }
            };
        });
    }
}

/// A success is shown for a while.
fn forget(progress: RwSignal<Progress>, deed: LinkAction) {
    progress.try_update(|progress| {
        if *progress == Progress::Done(deed) {
            *progress = Progress::Idle;
        }
    });
}

#[component]
pub fn LinkCard(id: LinkId, links: Links, figures: Figures) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let progress = RwSignal::default();
    let hands = CardActions { progress, links: StoredValue::new(links.clone()), locale };
    let link = {
        let id = id.clone();
        Memo::new(move |_| links.get().get(id.as_str()).cloned())
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
    let content = reactive(move || match link.get() {
        Some(link) => about(&link, locale),
        None => ().into_any(),
    });
    let numbers = reactive(move || numbers(counted.get(), locale));
    let said = text(move || {
        progress.with(|progress| match progress {
            Progress::Idle | Progress::Failed(_) => String::new(),
            Progress::Doing(deed) => (strings.doing)(*deed).to_owned(),
            Progress::Done(deed) => (strings.done)(*deed).to_owned(),
        })
    });
    let failed = text(move || {
        progress.with(|progress| match progress {
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

fn about(link: &ManagedConnection, locale: Locale) -> AnyView {
    let strings = strings(locale);
    let place = link.metadata.as_ref();
    let url = place.and_then(|place| place.url.clone()).unwrap_or_default();
    let secret = place.is_some_and(|place| place.has_secret).then_some(strings.secret_kept);
    let heard = match link.last_ping_at {
        Some(at) => format::second(locale.language, at),
        None => strings.never.to_owned(),
    };
    let error = link.error_message.as_deref();
    let error =
        error.map(|error| reasons::said(locale, link.error_code.as_deref(), &link.error_params, error));
    let error = error.map(|error| view! { <p class="link-error">{error}</p> });
    view! {
        <div class="link-head">
            <h3>{link.reference_id.as_str().to_owned()}</h3>
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
        (locale.deferred().reconnects, show(|figures, locale| whole(locale, figures.reconnects))),
        (strings.errors, show(|figures, locale| whole(locale, figures.errors))),
    ];
    let all = all.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! { <dl class="link-figures">{all.collect_view()}</dl> }.into_any()
}

fn actions(id: LinkId, link: Memo<Option<ManagedConnection>>, hands: CardActions) -> AnyView {
    let strings = strings(hands.locale);
    let (api, queries): (Api, Queries) = (expect_context(), expect_context());
    let removing = RwSignal::new(false);
    let act = move |deed: LinkAction| {
        let (id, api, queries) = (id.clone(), api.clone(), queries.clone());
        click(move || hands.run(deed, id.clone(), api.clone(), queries.clone()))
    };
    // One of many alike, for those who do not see beside which name it stands.
    let named = move |verb: &'static str| {
        text(move || {
            link.with(|link| {
                [verb, " ", link.as_ref().map_or("", |link| link.reference_id.as_str())].concat()
            })
        })
    };
    let button = {
        let act = act.clone();
        move |deed: LinkAction, name: &'static str| {
            view! {
                <button
                    type="button"
                    class="button small"
                    data-testid=deed.word()
                    aria-label=named(name)
                    disabled=derived_bool(move || hands.are_busy())
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
            let rests = |link: &ManagedConnection| {
                matches!(link.status, LinkStatus::Disconnected | LinkStatus::Error)
            };
            link.as_ref().is_some_and(rests)
        })
    });
    let run = reactive(move || {
        if is_at_rest.get() {
            return button(LinkAction::Start, strings.start);
        }
        view! { {button(LinkAction::Stop, strings.stop)} {button(LinkAction::Restart, strings.restart)} }
            .into_any()
    });
    let toggle = act(LinkAction::Toggle);
    let reconnects =
        text(move || link.with(|link| link.as_ref().is_some_and(|link| link.auto_reconnect)).to_string());
    let confirm = when(
        move || removing.get(),
        move || {
            view! {
                <div class="confirm link-confirm" role="group" aria-label=named(strings.remove)>
                    <span>{strings.really_remove}</span>
                    <button
                        type="button"
                        class="button small danger"
                        data-testid="confirm-remove"
                        aria-label=named(strings.remove)
                        disabled=derived_bool(move || hands.are_busy())
                        on:click=act(LinkAction::Remove)
                    >
                        {strings.remove}
                    </button>
                    <button
                        type="button"
                        class="button small"
                        aria-label=named(strings.keep)
                        on:click=click(move || removing.set(false))
                    >
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
                data-testid=LinkAction::Toggle.word()
                aria-label=named(strings.auto_reconnect)
                aria-checked=reconnects
                disabled=derived_bool(move || hands.are_busy())
                on:click=toggle
            >
                <span class="switch-track"></span>
                <span>{strings.auto_reconnect}</span>
            </button>
            <button
                type="button"
                class="icon-button"
                data-testid="remove"
                aria-label=named(strings.remove)
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
