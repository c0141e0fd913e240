//! REST: from requests to changes and back. Nothing is decided here that the domain or the store could
//! decide.
//!
//! | file | what it holds |
//! |---|---|
//! | [`problem`] | the one place where errors become answers |
//! | [`body`], [`query`], [`precondition`] | what requests bring: bodies, parameters, `If-Match` and the like |
//! | [`current_user`], [`audit`] | who asks, and from where |
//! | [`client_gone`] | whether somebody still waits for the answer |
//! | [`origin`] | which pages may ask |
//! | [`records`] | the routes of foods, exercises and metrics, written once |
//! | [`devices`], [`links`], [`link_log`], [`link_logs`] | equipment, the managed connections to it and their logs |
//! | [`conversations`], [`deliveries`] | messages with contacts, and what became of them |
//! | [`webhooks`] | the contacts' side |
//! | [`profile`], [`people`], [`session`] | the other routes |
//! | [`refresh_cookie`] | the cookie with the refresh token |
//! | [`password`] | what a password has to get past before it is checked |
//! | [`import`], [`export`], [`account`] | rows of an import; everything of a person as a ZIP; leaving |
//! | [`docs`], [`description`] | what the API says of itself, and how it is put together |
//! | [`headers`] | what every answer carries |
//! | [`identify`], [`limits`], [`observe`] | layers: the client of a request, its limits, a line for each |
//! | [`health`], [`site`] | whether the server is ready; the files of the dashboard |
//! | [`held`] | what a request holds until its answer has been taken |

pub mod account;
pub mod audit;
pub mod body;
pub mod client_gone;
pub mod conversations;
pub mod current_user;
pub mod deliveries;
mod description;
pub mod devices;
mod docs;
pub mod export;
pub mod headers;
pub mod health;
pub mod held;
pub mod identify;
pub mod import;
pub mod limits;
mod link_access;
pub mod link_log;
mod link_logs;
pub mod links;
pub mod observe;
pub mod origin;
mod password;
pub mod path_id;
pub mod people;
pub mod precondition;
pub mod problem;
pub mod profile;
pub mod query;
pub mod records;
mod refresh_cookie;
pub mod session;
pub mod site;
pub mod webhooks;

use axum::{
    Router,
    http::{HeaderName, Method, header},
    routing::get,
};
use latido_protocol::{exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, reason::Code};
use tower_http::cors::{AllowOrigin, CorsLayer};

use self::problem::Problem;
use crate::state::AppState;

/// Everything below `/api`.
pub fn api(app: &AppState) -> Router<AppState> {
    Router::new()
        .merge(records::routes::<FoodLog>())
        .merge(records::routes::<ExerciseLog>())
        .merge(records::routes::<HealthMetric>())
        .merge(profile::routes())
        .merge(people::routes())
        .merge(devices::routes())
        .merge(links::routes())
        .merge(conversations::routes())
        .merge(deliveries::routes())
        .merge(webhooks::routes())
        .merge(session::routes())
        .merge(account::routes())
        .merge(import::routes())
        .merge(export::routes())
        .merge(docs::routes())
        .route("/.well-known/jwks.json", get(session::jwks))
        .fallback(async || Problem::not_found(Code::NoSuchAddress.says("There is nothing at this address.")))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(axum::middleware::from_fn(headers::no_store))
        .layer(cors(&app.settings.origins))
}

/// Pages of the configured origins may use the API as the server's own page does.
fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|origin| origin.parse().ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([header::ETAG])
        .max_age(std::time::Duration::from_hours(1))
}
