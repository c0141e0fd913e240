//! The server's links to the world, and this browser's own link to the server.
//!
//! | file | what it holds |
//! |---|---|
//! | [`managed`] | the server's: figures, the list, and what keeps both up to date |
//! | [`card`] | one of them, and what can be done with it |
//! | [`add`] | the dialog in which one is added |
//! | [`log`], [`log_row`] | what happened on them: filters, following, older rows, export |
//! | [`export`] | the log as a file |
//! | [`own`] | this browser's: state, figures, history |
//! | [`diagnosis`] | the report for somebody who helps, and the level of the console |
//! | [`said`] | the server's sentences in Spanish |
//! | [`link`], [`timeline`], [`sparkline`], [`report`] | what is behind these, without views |

mod add;
pub(crate) mod card;
mod diagnosis;
mod export;
pub(crate) mod link;
mod log;
mod log_row;
mod managed;
mod own;
pub(crate) mod report;
pub(crate) mod said;
pub(crate) mod sparkline;
pub(crate) mod strings;
pub(crate) mod timeline;

use leptos::prelude::*;

use crate::{
    api::Api,
    browser::format,
    components::view::{click, dynamic, text},
    i18n::{Locale, use_locale},
};
use managed::Managed;
use own::Own;
use strings::strings;

/// Who may see the server's connections.
const ADMIN: &str = "admin";

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Server,
    Browser,
}

#[component]
pub fn Connections() -> impl IntoView {
    let strings = strings(use_locale());
    let api: Api = expect_context();
    let may_manage = api
        .session()
        .signed_in()
        .with_untracked(|signed_in| signed_in.user().is_some_and(|user| user.role == ADMIN));
    if !may_manage {
        return view! {
            <div class="connections">
                <div class="page-head"><h1>{strings.title}</h1></div>
                <div class="card not-yours" data-testid="no-permission">
                    <h2>{strings.no_permission}</h2>
                    <p class="quiet">{strings.no_permission_hint}</p>
                </div>
                <Own/>
            </div>
        }
        .into_any();
    }
    let part = RwSignal::new(Part::Server);
    let choice = move |own: Part, name: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=text(move || (part.get() == own).to_string())
                on:click=click(move || part.set(own))
            >
                {name}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="connections">
            <div class="page-head">
                <h1>{strings.title}</h1>
                <div class="segments which" role="group" aria-label=strings.which>
                    {choice(Part::Server, strings.of_the_server)}
                    {choice(Part::Browser, strings.this_browser)}
                </div>
            </div>
            {dynamic(move || match part.get() {
                Part::Server => view! { <Managed/> }.into_any(),
                Part::Browser => view! { <Own/> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

/// A figure with its name.
fn tile(name: &'static str, value: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    view! { <div class="card figure-tile"><dt>{name}</dt><dd>{text(value)}</dd></div> }.into_any()
}

fn whole(locale: Locale, count: impl Into<u64>) -> String {
    locale.number(count.into() as f64)
}

fn bytes(locale: Locale, count: u64) -> String {
    const KB: f64 = 1e3;
    const MB: f64 = 1e6;
    let count = count as f64;
    let (value, unit) = match count {
        _ if count < KB => (count, "B"),
        _ if count < MB => (count / KB, "kB"),
        _ => (count / MB, "MB"),
    };
    format!("{} {unit}", locale.number(value))
}

/// How long something took, in its largest unit.
fn span(locale: Locale, ms: i64) -> String {
    const SECOND: i64 = 1_000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    let (value, unit) = match ms {
        _ if ms < SECOND => (ms.max(0), "ms"),
        _ if ms < MINUTE => (ms / SECOND, "s"),
        _ if ms < HOUR => (ms / MINUTE, "min"),
        _ => (ms / HOUR, "h"),
    };
    format!("{} {unit}", format::number(locale.language, value as f64))
}
