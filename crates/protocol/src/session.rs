//! Signing in, who I am, and the ticket that opens a socket.

use serde::{Deserialize, Serialize};

use crate::{id::Id, read_object, values::DisplayName};

/// Names the kind of a [`UserId`].
pub enum UserKind {}
pub type UserId = Id<UserKind>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub name: DisplayName,
    /// `user`, `coach` or `admin`; a client that meets another treats it as `user`.
    pub role: String,
}

read_object!(User { id = "id", name = "name", role = "role" });

/// `POST /session`.
#[derive(Serialize, Deserialize)]
pub struct Credentials {
    pub email: String,
    pub password: String,
}

/// The answer to `POST /session` and `POST /session/refresh`. Not `Debug`: it holds a token.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub access_token: String,
    pub token_type: String,
    /// Seconds.
    pub expires_in: u64,
    pub user: User,
}

read_object!(Session {
    access_token = "accessToken",
    token_type = "tokenType",
    expires_in = "expiresIn",
    user = "user",
});

/// The answer to `GET /session`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhoAmI {
    pub user: User,
}

/// The answer to `POST /realtime/ticket`. Not `Debug`: it opens a socket.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    pub ticket: String,
    /// Seconds.
    pub expires_in: u64,
}

read_object!(Ticket { ticket = "ticket", expires_in = "expiresIn" });
