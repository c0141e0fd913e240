//! The contact's side: what a provider posts, and what one that cannot be posted to fetches. Nobody signs
//! in here; whoever knows the secret is believed, and nobody else.

use std::time::Duration;

use axum::{
    Router,
    extract::{FromRequest, OriginalUri, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use latido_domain::{
    error::DomainError,
    fields::{Fields, Object, boolean, text},
    message, outbox,
    settlement::{self, DeliveryOutcome},
    store::{Read, StoreError},
};
use latido_protocol::{
    conversation::{ContactId, MessageId, Side},
    delivery::DeliveryId,
    values::Invalid,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{body, precondition::json, problem::Problem};
use crate::{
    state::AppState,
    webhook::typing::Typist,
    webhook::{
        inbound::{ContactRef, Inbound, InboundKind},
        outbound::Outbound,
        signature::{self, Target, Unsigned, Version1},
    },
};

pub const MESSAGES: &str = "/webhooks/messages";
pub const FETCH: &str = "/webhooks/fetch";

/// How long a fetch waits for something to happen. Shorter than the deadline of requests.
const FETCH_WITHIN: Duration = Duration::from_secs(20);
/// What one fetch gives at most.
const FETCHED_AT_ONCE: usize = 20;

pub fn routes() -> Router<AppState> {
    Router::new().route(MESSAGES, post(messages)).route(FETCH, post(fetch))
}

/// A body that was signed with a secret of ours. It is not even looked at before that is known.
struct Signed(Object);

impl FromRequest<AppState> for Signed {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let header = signature_of(request.headers()).map(str::to_owned);
        let method = request.method().as_str().to_owned();
        // As it stands in the request line: where this router is nested is no secret to who signs.
        let uri = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0);
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        // Nothing but messages was ever signed by others, and nothing else takes what they sign with.
        let version_1 = if uri.path().ends_with(MESSAGES) { Version1::Taken } else { Version1::Refused };
        let bytes = body::read(request.into_body()).await?;
        let target = Target { method: &method, path: &path };
        let (secrets, now) = (&app.webhooks.secrets, app.clock.now());
        signature::verify(secrets, header.as_deref(), target, version_1, &bytes, now)
            .map_err(|unsigned: Unsigned| Problem::unauthorized(unsigned.to_string()))?;
        body::parse(&bytes).map(Self)
    }
}

/// The one signature header. Two of them are as good as none.
fn signature_of(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(signature::HEADER).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// The answer to a message: also to one that was taken before.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedMessage {
    message_id: MessageId,
}

async fn messages(State(app): State<AppState>, Signed(body): Signed) -> Result<Response, Problem> {
    let Inbound { contact, what } = Inbound::read(&body).map_err(Problem::invalid)?;
    let now = app.clock.now();
    match what {
        InboundKind::Message { provider_id, author, text } => {
            let taken = app.store.write(move |write| {
                let mut contact = contact.contact(&write.read())?;
                let (id, _) = message::receive(write, &mut contact, &provider_id, author, text, now)?;
                Ok::<_, DomainError>((contact.id, id))
            });
            let (contact, message_id) = taken.await?;
            app.typing.stop(&contact, &Typist::Contact);
            Ok(json(serde_json::to_string(&ReceivedMessage { message_id })?).into_response())
        }
        InboundKind::Status { message, status } => {
            let reported = app.store.write(move |write| {
                let mut contact = contact.contact(&write.read())?;
                message::report(write, &mut contact, &message, status, now)
            });
            reported.await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        InboundKind::Typing(typing) => {
            let found = app.store.read(move |read| Ok::<_, DomainError>(contact.contact(read)?.id));
            let contact = found.await?;
            if typing {
                app.typing.start(&contact, Typist::Contact, Side::Contact);
            } else {
                app.typing.stop(&contact, &Typist::Contact);
            }
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}

/// What a fetch gives.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fetched {
    pub contact_id: ContactId,
    pub name: String,
    /// In the order in which they are to be taken. They come again until they are acknowledged.
    pub deliveries: Vec<Outbound>,
    /// Whether somebody at the dashboard is typing.
    pub typing: bool,
}

/// What is asked for by a fetch.
struct Asked {
    contact: ContactRef,
    /// The last delivery that was taken; it and those before it are done with.
    acknowledged: Option<DeliveryId>,
    /// What the other side takes `typing` to be: it is told at once when that is not so.
    typing: bool,
    /// How long it wants to wait.
    wait: Duration,
}

fn asked(body: &Object) -> Result<Asked, Problem> {
    let mut fields = Fields::of(body);
    let contact = ContactRef::read(&mut fields);
    let acknowledged = fields.optional("acknowledged", text(|id| Ok(DeliveryId::new(id))));
    let typing = fields.or("typing", false, boolean);
    let wait = fields.or("waitMs", FETCH_WITHIN, wait);
    let asked =
        (|| Some(Asked { contact: contact?, acknowledged: acknowledged?, typing: typing?, wait: wait? }))();
    fields.finish(asked).map_err(Problem::invalid)
}

fn wait(value: &Value) -> Result<Duration, Invalid> {
    let most = FETCH_WITHIN.as_millis() as i64;
    match value.as_u64() {
        Some(ms) if ms <= FETCH_WITHIN.as_millis() as u64 => Ok(Duration::from_millis(ms)),
        _ => Err(Invalid::OutOfRange { min: 0, max: most }),
    }
}

/// Waits until there is something for the contact, and gives it.
async fn fetch(State(app): State<AppState>, Signed(body): Signed) -> Result<Response, Problem> {
    if !app.webhooks.is_fetched() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "This server posts what it has for contacts to its outbound webhook; there is nothing to fetch.",
        ));
    }
    let asked = asked(&body)?;
    let (mut work, mut typing) = (app.webhooks.work(), app.typing.to_contacts());
    if let Some(last) = asked.acknowledged {
        acknowledge(&app, &asked.contact, last).await?;
    }
    let enough = tokio::time::sleep(asked.wait);
    tokio::pin!(enough);
    loop {
        work.borrow_and_update();
        let reference = asked.contact.clone();
        let mut fetched = app.store.read(move |read| waiting(read, &reference)).await?;
        fetched.typing = app.typing.is_heard_by_contact(&fetched.contact_id);
        if !fetched.deliveries.is_empty() || fetched.typing != asked.typing {
            return Ok(json(serde_json::to_string(&fetched)?).into_response());
        }
        tokio::select! {
            _ = work.changed() => {}
            // A change that was overtaken is seen all the same: what counts is how it is now.
            _ = typing.recv() => {}
            () = app.webhooks.stopping() => return Ok(json(serde_json::to_string(&fetched)?).into_response()),
            () = &mut enough => return Ok(json(serde_json::to_string(&fetched)?).into_response()),
        }
    }
}

fn waiting(read: &Read, reference: &ContactRef) -> Result<Fetched, DomainError> {
    let contact = reference.contact(read)?;
    let jobs = outbox::waiting(read, &contact.id, FETCHED_AT_ONCE)?;
    let deliveries = jobs.iter().filter_map(|job| Outbound::of(read, &contact, job).transpose());
    Ok(Fetched {
        deliveries: deliveries.collect::<Result<_, StoreError>>()?,
        name: contact.name.as_str().to_owned(),
        contact_id: contact.id,
        typing: false,
    })
}

/// Everything up to this delivery has been taken.
async fn acknowledge(app: &AppState, reference: &ContactRef, last: DeliveryId) -> Result<(), Problem> {
    let (reference, now) = (reference.clone(), app.clock.now());
    let done = app.store.write(move |write| {
        let contact = reference.contact(&write.read())?;
        let jobs = outbox::waiting(&write.read(), &contact.id, FETCHED_AT_ONCE)?;
        let Some(place) = jobs.iter().position(|job| job.id == last) else { return Ok(()) };
        for job in jobs.iter().take(place + 1) {
            settlement::settle(write, &contact.id, &job.id, DeliveryOutcome::Delivered, now)?;
        }
        Ok::<_, DomainError>(())
    });
    Ok(done.await?)
}
