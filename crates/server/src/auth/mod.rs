//! Who somebody is and what they may open.
//!
//! | file | what it holds |
//! |---|---|
//! | [`secret`] | random secrets, and the hashes by which they are remembered |
//! | [`password`] | argon2, with the same cost for accounts that do not exist |
//! | [`turns`] | so many passwords at once, so many waiting |
//! | [`keys`] | the signing key in the data directory and its public half as a JWKS |
//! | [`token`] | access tokens: JWTs that any verifier can check against the JWKS |
//! | [`verifier`] | checking a token, whoever made it |
//! | [`issuer`] | tokens of another issuer, such as Cognito |
//! | [`guest`] | an account here for somebody who signs in there |
//! | [`session`] | signing in, refreshing, signing out |
//! | [`account_deletion`] | deletes an account together with its sessions |
//! | [`departed`] | sign-ins at another issuer that are over here |
//! | [`session_id`] | names of sessions |
//! | [`ended`] | closing the sockets of sessions that another process has ended |
//! | [`refresh`] | refresh tokens, each made of the one before |
//! | [`session_time`] | the time by which sessions expire, whatever the wall clock is set to |
//! | [`ticket`] | one use, half a minute: opens one socket |

pub mod account_deletion;
mod departed;
pub mod ended;
pub mod guest;
pub mod issuer;
pub mod keys;
pub mod password;
pub mod refresh;
pub mod secret;
pub mod session;
pub mod session_id;
pub mod session_time;
pub mod ticket;
pub mod token;
pub mod turns;
pub mod verifier;

use std::io;

/// Why something that signing in depends on could not be set up or did not work.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error("the signing key cannot be read or written: {0}")]
    KeyFile(#[from] io::Error),
    #[error("the signing key is not one that this program wrote; move it away to have a new one made")]
    KeyShape,
    #[error("a token could not be signed: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    #[error("a password could not be hashed: {0}")]
    Password(argon2::password_hash::Error),
}
