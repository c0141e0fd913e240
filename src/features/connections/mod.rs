//! The server's device links, and this browser's own connection to the server.
//!
//! | file | what it holds |
//! |---|---|
//! | [`managed`] | the server's: figures, the list, and what keeps both up to date |
//! | [`card`] | one of them, and what can be done with it |
//! | [`add`] | the dialog in which one is added |
//! | [`log`], [`log_row`] | what happened on them: filters, following, older rows, export |
//! | [`log_filter`], [`export`] | where they are asked for, and those as a file |
//! | [`own`] | this browser's: state, figures, history |
//! | [`diagnosis`] | the report for support, and the level of the console |
//! | [`figures`] | counts, bytes and durations as text |
//! | [`link`], [`link_action`], [`sparkline`], [`report`] | what is behind these, without views |

mod add;
pub(crate) mod card;
mod diagnosis;
mod export;
mod figures;
pub(crate) mod link;
pub(crate) mod link_action;
mod log;
mod log_filter;
pub(crate) mod log_row;
mod managed;
mod own;
pub(crate) mod report;
pub(crate) mod sparkline;
pub(crate) mod strings;

use leptos::prelude::*;

use crate::{
    api::Api,
    i18n::use_locale,
    ui::{
        lazy::lazy_view,
        view::{click, reactive, text},
    },
};
use managed::Managed;
use own::Own;
use strings::strings;

lazy_view! { pub connections_page: Connections in practice }

/// Who may see the server's connections.
const ADMIN: &str = "admin";

#[derive(Clone, Copy, PartialEq)]
enum Side {
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
    let side = RwSignal::new(Side::Server);
    let choice = move |own: Side, name: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=text(move || (side.get() == own).to_string())
                on:click=click(move || side.set(own))
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
                    {choice(Side::Server, strings.of_the_server)}
                    {choice(Side::Browser, strings.this_browser)}
                </div>
            </div>
            {reactive(move || match side.get() {
                Side::Server => view! { <Managed/> }.into_any(),
                Side::Browser => view! { <Own/> }.into_any(),
            })}
        </div>
    }
    .into_any()
}
