//! Signing in and out, the people of a coach, and the keys of access tokens.

use std::collections::BTreeMap;

use latido_protocol::session::{Credentials, People, Session, Ticket, WhoAmI};
use utoipa::ToSchema;

use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic("Session", "Signing in, staying signed in, signing out, and tickets for the socket.");
    api.post(
        "/api/session",
        operation("signIn", "Sign in")
            .open()
            .takes::<Credentials>()
            .answers::<Session>(201, "Signed in.")
            .sets_cookie(201)
            .refuses_as(401, "The address or the password is wrong. The answer does not tell which."),
    );
    api.get("/api/session", operation("whoAmI", "Who am I").answers::<WhoAmI>(200, "You."));
    api.delete(
        "/api/session",
        operation("signOut", "Sign out")
            .about("Ends the session of the access token or of the cookie. Without a session you are signed out already.")
            .open()
            .answers_nothing(204, "Signed out; every socket of the session is closed with 4401.")
            .sets_cookie(204)
            .refuses(&[403]),
    );
    api.post(
        "/api/session/refresh",
        operation("refresh", "Get a new access token")
            .by_refresh_cookie()
            .answers::<Session>(200, "The new token, and the next cookie.")
            .sets_cookie(200)
            .refuses(&[403]),
    );
    api.post(
        "/api/realtime/ticket",
        operation("issueTicket", "A ticket for the socket")
            .answers::<Ticket>(201, "Good for opening one socket within 30 s."),
    );
    for (path, id, summary) in [
        ("/.well-known/jwks.json", "jwks", "The keys that access tokens verify against"),
        ("/api/.well-known/jwks.json", "jwksOfTheApi", "The same, below the API's base"),
    ] {
        let keys = operation(id, summary).open();
        api.get(path, keys.answers::<KeySet>(200, "A JSON Web Key Set (RFC 7517)."));
    }
    api.get(
        "/api/people",
        operation("listPeople", "The people that a coach follows")
            .about("Their records are read with `?person=<id>`.")
            .answers_cached::<People>("By name; empty for an account that follows nobody."),
    );
}

/// Public keys.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a library writes it")]
struct KeySet {
    #[schema(min_items = 1)]
    keys: Vec<PublicKey>,
}

/// A public key.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a library writes it")]
struct PublicKey {
    kty: String,
    kid: String,
    alg: String,
    /// `sig`.
    #[schema(pattern = "^sig$")]
    r#use: String,
    /// The numbers of the key, whose names depend on `kty`.
    #[serde(flatten)]
    numbers: BTreeMap<String, String>,
}
