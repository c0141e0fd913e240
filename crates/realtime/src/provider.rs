//! `RealtimeProvider` and the functions by which components reach its connection.

use std::rc::Rc;

use latido_connection::Status;
use leptos::prelude::*;

use crate::{
    client::Realtime,
    host::RealtimeHost,
    options::RealtimeOptions,
    simple_host::{Hooks, SimpleHost},
    subscriptions::Message,
    token::TokenSource,
};

/// Opens the page's one connection for what lies below it, and closes it when it is unmounted.
///
/// For an app whose data are fetched by a closure. An app with a cache of its own implements [`RealtimeHost`] and
/// calls [`provide_realtime`].
#[component]
pub fn RealtimeProvider(
    /// `wss://…`, or a path that is resolved against the page. Empty: nothing is dialled, the status is `polling`.
    #[prop(into)]
    url: String,
    /// A text, a signal of an optional text, or [`TokenSource::fetch`].
    #[prop(into)]
    token: TokenSource,
    /// Whether to be connected; a signal connects and disconnects. `true` where it is not given.
    #[prop(optional, into)]
    enabled: Option<Signal<bool>>,
    /// Attempts, delays, heartbeat, how the token travels, whether to reconnect.
    #[prop(optional)]
    options: RealtimeOptions,
    /// Fetches everything that events can change: after each event, and after events may have been missed.
    #[prop(optional, into)]
    on_refetch: Option<UnsyncCallback<()>>,
    /// The connection is live.
    #[prop(optional, into)]
    on_open: Option<UnsyncCallback<()>>,
    /// The connection is no longer live.
    #[prop(optional, into)]
    on_close: Option<UnsyncCallback<()>>,
    /// The connection has given up; the status has the reason.
    #[prop(optional, into)]
    on_error: Option<UnsyncCallback<Status>>,
    /// Every event. Of one name and type: [`Realtime::on`].
    #[prop(optional, into)]
    on_message: Option<UnsyncCallback<Message>>,
    children: Children,
) -> impl IntoView {
    let url = Some(url).filter(|url| !url.is_empty());
    let hooks = Hooks { refetch: on_refetch, opened: on_open, closed: on_close, failed: on_error };
    let realtime = provide_realtime(url.as_deref(), options, Rc::new(SimpleHost::new(token, hooks)));
    if let Some(on_message) = on_message {
        let subscription = realtime.on_message(move |message| on_message.run(message));
        let subscription = StoredValue::new_local(subscription);
        on_cleanup(move || subscription.dispose());
    }
    let connection = realtime.clone();
    Effect::new(move |_| {
        if enabled.is_none_or(|enabled| enabled.get()) {
            connection.connect();
        } else {
            connection.disconnect();
        }
    });
    children()
}

/// Makes a connection, which is not dialled yet, and provides it to the current owner and what lies below.
/// `None` as the address: the status is `polling`.
pub fn provide_realtime(url: Option<&str>, options: RealtimeOptions, host: Rc<dyn RealtimeHost>) -> Realtime {
    let realtime = Realtime::new(url, options, host);
    provide_context(realtime.clone());
    realtime
}

/// The page's connection.
///
/// # Panics
/// Outside a provider, which is a mistake in the tree.
pub fn use_realtime() -> Realtime {
    expect_context()
}

/// The page's connection, for components that work without one as well.
pub fn use_realtime_optional() -> Option<Realtime> {
    use_context()
}
