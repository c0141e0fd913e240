//! The session: signing in, the signed-in user, and the ticket that opens a socket.

use serde::{Deserialize, Serialize};

use crate::{id::Id, values::DisplayName};

/// Names the kind of a [`UserId`]. Has no values.
pub enum UserKind {}
/// The id of a user's account.
pub type UserId = Id<UserKind>;

/// The user of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The account's id.
    pub id: UserId,
    /// The name under which the user is shown.
    pub name: DisplayName,
    /// `user`, `coach` or `admin`; a client that meets another treats it as `user`.
    #[cfg_attr(feature = "openapi", schema(schema_with = roles))]
    pub role: String,
}

/// The response of `GET /people`: those whom the caller follows, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// All of them; empty for whoever follows nobody.
    pub people: Vec<User>,
}

/// The body of `POST /session`. Not `Debug`: it holds a password.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The e-mail address of the account.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254))]
    pub email: String,
    /// The password in plain text.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024))]
    pub password: String,
}

/// The response of `POST /session` and `POST /session/refresh`. Not `Debug`: it holds a token.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The JWT for `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    #[cfg_attr(feature = "openapi", schema(schema_with = bearer))]
    pub token_type: String,
    /// Seconds until the access token expires.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub expires_in: u64,
    /// The user who is signed in.
    pub user: User,
}

/// The response of `GET /session`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhoAmI {
    /// The user who is signed in.
    pub user: User,
}

#[cfg(feature = "openapi")]
fn roles() -> utoipa::openapi::ObjectBuilder {
    crate::schema::one_of(&["user", "coach", "admin"])
}

#[cfg(feature = "openapi")]
fn bearer() -> utoipa::openapi::ObjectBuilder {
    crate::schema::one_of(&["Bearer"])
}

/// The response of `POST /realtime/ticket`. Not `Debug`: it opens a socket.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// The secret that opens one socket of this user. Sent as a subprotocol, behind
    /// [`TICKET_PREFIX`](crate::frame::TICKET_PREFIX).
    pub ticket: String,
    /// Seconds until the ticket expires if it is not used.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub expires_in: u64,
}
