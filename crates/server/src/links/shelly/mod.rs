//! Shelly devices of the second generation and later: JSON-RPC over `ws://device/rpc`.
//!
//! A device sends its notifications to whoever has sent it a frame with a `src`, so the first request is
//! also the subscription. It is asked who it is and how it is; from then on it says what has changed, as
//! parts of a status that are laid over what is known. Every switch of a device is a device to us.
//!
//! | file | what it holds |
//! |---|---|
//! | [`connector`] | the conversation |
//! | [`frame`] | what travels: requests, answers, notifications, statuses |
//! | [`digest_auth`] | proving to know the password |
//!
//! Described at <https://shelly-api-docs.shelly.cloud/gen2/General/RPCProtocol>.

pub mod connector;
pub mod digest_auth;
pub mod frame;

pub use connector::ShellyConnector;
