//! Who has done something, for the log that says so.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use latido_protocol::{link::LogMetadata, reason::Code, session::UserId};

use super::{origin, problem::Problem};
use crate::{
    ops::client::{Peer, address_of},
    state::AppState,
};

/// Longer descriptions of browsers are cut.
const MAX_USER_AGENT: usize = 200;

/// From where something is done. A page of a foreign origin may do nothing: it would need the access token,
/// which it cannot have, but a request that says where it comes from is believed.
pub struct AuditContext {
    ip: Option<String>,
    user_agent: Option<String>,
}

impl AuditContext {
    pub fn is(self, user: &UserId) -> LogMetadata {
        LogMetadata {
            user_id: Some(user.as_str().to_owned()),
            ip: self.ip,
            user_agent: self.user_agent,
            count: None,
        }
    }
}

impl FromRequestParts<AppState> for AuditContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        if !origin::is_allowed(&parts.headers, &app.settings.origins) {
            return Err(Problem::forbidden(
                Code::ForeignOrigin
                    .says("Pages of this origin may not use this server. It can be allowed with --origin."),
            ));
        }
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let proxies = &app.settings.operations.trusted_proxies;
        let peer = parts.extensions.get::<Peer>();
        Ok(Self {
            ip: peer.map(|peer| address_of(peer.0.ip(), &parts.headers, proxies).to_string()),
            user_agent: user_agent.map(|text| text.chars().take(MAX_USER_AGENT).collect()),
        })
    }
}
