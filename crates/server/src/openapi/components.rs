//! What operations share: parameters, headers, refusals, and how to sign in.

use latido_protocol::{
    delivery::DeliveryStatus,
    id::Id,
    link::{LinkAction, LogKind},
    metric::MetricKind,
    problem::{CONTENT_TYPE, Problem},
    time::Timestamp,
};
use utoipa::{
    PartialSchema,
    openapi::{
        Components, Content, HeaderBuilder, ObjectBuilder, RefOr, Required, Response, ResponseBuilder,
        Schema, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::derived::{reference, text};

/// The names of the refusals that many operations share, and when they come.
const REFUSALS: &[(u16, &str, &str)] = &[
    (400, "BadRequest", "The body is no JSON, or a header or the query cannot be read."),
    (401, "Unauthorized", "The access token is missing, has expired, or its session has ended."),
    (403, "Forbidden", "Not for the role of this account, or not for pages of this origin."),
    (404, "NotFound", "There is nothing of this name, or it is not yours to see."),
    (412, "VersionDiffers", "`If-Match` names another version. Nothing was changed."),
    (413, "TooLarge", "The body is larger than 64 KiB."),
    (415, "NotJson", "`Content-Type` has to be `application/json`."),
    (
        422,
        "Refused",
        "Fields or parameters are not as they have to be; `errors` names them all. Or an `Idempotency-Key` was used for \
         another request. Nothing was changed.",
    ),
];

/// The name of the response that many operations give with this status.
pub fn response_name(status: u16) -> &'static str {
    match status {
        304 => "NotModified",
        _ => REFUSALS.iter().find(|refusal| refusal.0 == status).map_or("Problem", |refusal| refusal.1),
    }
}

pub fn problem(description: &str) -> Response {
    let content = Content::new(Some(reference::<Problem>()));
    ResponseBuilder::new().description(description).content(CONTENT_TYPE, content).build()
}

/// Everything but the schemas.
pub fn components() -> Components {
    let mut components = Components::new();
    let tag = "Strong, and always there. Of one record it is the version in quotes, such as `\"3\"`.";
    let tag = HeaderBuilder::new().schema(Some(text())).description(Some(tag)).build();
    let not_modified = ResponseBuilder::new()
        .description("The client has it already. No body.")
        .header_ref("ETag", utoipa::openapi::Ref::new("#/components/headers/ETag"));
    components.headers.insert("ETag".to_owned(), tag.into());
    components.responses.insert("NotModified".to_owned(), not_modified.build().into());
    components.responses.insert("Problem".to_owned(), problem(ANYTHING_ELSE).into());
    for (_, name, description) in REFUSALS {
        components.responses.insert((*name).to_owned(), problem(description).into());
    }
    for (name, parameter) in parameters() {
        components.parameters.insert(name.to_owned(), parameter.into());
    }
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token of `POST /api/session`. It lasts for an hour."));
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    let cookie = ApiKeyValue::with_description("latido_refresh", REFRESH_COOKIE);
    components.add_security_scheme("refreshCookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    components
}

fn parameters() -> Vec<(&'static str, Parameter)> {
    use ParameterIn::{Header, Path, Query};
    vec![
        ("Id", parameter::<Id<()>>(Path, "id", "The id.")),
        ("Contact", parameter::<Id<()>>(Path, "contact", "The conversation's id.")),
        ("Action", parameter::<LinkAction>(Path, "action", ACTIONS)),
        ("From", parameter::<Timestamp>(Query, "from", "From this instant on, inclusive.")),
        ("To", parameter::<Timestamp>(Query, "to", "Up to this instant, exclusive.")),
        ("Limit", parameter::<Limit>(Query, "limit", "How many at most.")),
        ("Cursor", parameter::<String>(Query, "cursor", "The `nextCursor` of the page before.")),
        ("Person", parameter::<Id<()>>(Query, "person", PERSON)),
        ("Kind", parameter::<MetricKind>(Query, "kind", "Only this kind.")),
        ("Status", parameter::<DeliveryStatus>(Query, "status", "Only of this status.")),
        ("EventType", parameter::<LogKind>(Query, "eventType", "Only rows of this kind.")),
        ("Format", parameter::<LogFileFormat>(Query, "format", "The kind of file.")),
        ("Token", parameter::<String>(Query, "token", "An access token, instead of a ticket.")),
        (
            "Subprotocols",
            parameter::<String>(Header, "Sec-WebSocket-Protocol", "`latido.v1, ticket.<ticket>`."),
        ),
        (
            "IfNoneMatch",
            parameter::<String>(Header, "If-None-Match", "The `ETag` of an answer that the client has."),
        ),
        ("IfMatch", parameter::<String>(Header, "If-Match", IF_MATCH)),
        ("IdempotencyKey", parameter::<RequestName>(Header, "Idempotency-Key", IDEMPOTENCY_KEY)),
        ("Signature", required(parameter::<String>(Header, "X-Latido-Signature", SIGNATURE))),
    ]
}

/// A parameter of type `T`.
fn parameter<T: PartialSchema>(place: ParameterIn, name: &str, description: &str) -> Parameter {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    let parameter = ParameterBuilder::new().name(name).parameter_in(place).required(required);
    parameter.description(Some(description)).schema(Some(T::schema())).build()
}

fn required(mut parameter: Parameter) -> Parameter {
    parameter.required = Required::True;
    parameter
}

/// The length of a page.
struct Limit;

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        let limit = ObjectBuilder::new().schema_type(Type::Integer);
        limit.minimum(Some(1)).maximum(Some(200)).default(Some(50.into())).into()
    }
}

/// The kinds of files that a log is written to.
struct LogFileFormat;

impl PartialSchema for LogFileFormat {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(["csv", "json"])).default(Some("csv".into())).into()
    }
}

/// A name for a request.
struct RequestName;

impl PartialSchema for RequestName {
    fn schema() -> RefOr<Schema> {
        text().min_length(Some(1)).max_length(Some(255)).into()
    }
}

const ACTIONS: &str = "`start`: connect, and again whenever it is lost. `stop`: hang up and stay so. `restart`: both. \
                       `toggle-reconnect`: whether it is connected again when it is lost.";
const PERSON: &str =
    "For a coach: whose records, instead of the own ones. A person who is not assigned to the coach is 404.";
const IF_MATCH: &str = "The version that is to be changed, in quotes, such as `\"3\"`. A record at another version is \
                        left alone.";
const IDEMPOTENCY_KEY: &str = "Names the request, so that it can be repeated. Remembered for eight days.";
const SIGNATURE: &str = "`t=<unix seconds>,v2=<hex HMAC-SHA256 of \"<t>.<METHOD>.<path>.<raw body>\">`, with a secret \
                         that both sides know; at most 5 min old. Messages also take `v1`, which is over \"<t>.<raw \
                         body>\", where there is no `v2`.";
const REFRESH_COOKIE: &str = "Set by signing in, `HttpOnly` and `SameSite=Strict`; sent to `/api/session` only. A refresh \
                              sets the next one; it is good until that one has been used. Over TLS its name is \
                              `__Host-latido_refresh`, and it is sent with every request.";
const ANYTHING_ELSE: &str = "Anything else that can go wrong: 405 another method, 408 the request did not arrive in time, \
                             429 too many requests (see `Retry-After`), 500 a mistake of the server's, 503 it is going \
                             away or overloaded (try again).";
