//! Errors as answers: RFC 9457 `application/problem+json`. Every refusal of the server is made here.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use latido_domain::{error::DomainError, store::StoreError};
use latido_protocol::{
    problem::{CONTENT_TYPE, FieldError, Problem as Wire},
    reason::{Code, Reason},
};
use tracing::error;

use crate::auth::{AuthError, session::SessionError};

#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    reason: Reason,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    /// Whether the connection ends with this answer.
    closing: bool,
}

impl Problem {
    /// What a person can come to see has a code, `Code::KeyReused.says("This key was used for …")`; the
    /// dashboard has a sentence for it in each of its languages.
    pub fn new(status: StatusCode, reason: impl Into<Reason>) -> Self {
        Self { status, reason: reason.into(), errors: Vec::new(), retry_after: None, closing: false }
    }

    /// The connection ends with this answer: what is still to come of the request is not read.
    #[must_use]
    pub fn closing(self) -> Self {
        Self { closing: true, ..self }
    }

    #[cfg(test)]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match &*errors {
            [one] => format!("One field was refused: {} {}.", one.pointer, one.detail),
            several => format!("{} fields were refused. Nothing was saved.", several.len()),
        };
        let reason = Code::FieldsRefused.says(detail).with("count", errors.len() as f64);
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, reason) }
    }

    pub fn unauthorized(reason: impl Into<Reason>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, reason)
    }

    pub fn forbidden(reason: impl Into<Reason>) -> Self {
        Self::new(StatusCode::FORBIDDEN, reason)
    }

    pub fn not_found(reason: impl Into<Reason>) -> Self {
        Self::new(StatusCode::NOT_FOUND, reason)
    }

    pub fn method_not_allowed() -> Self {
        let reason = Code::MethodNotAllowed.says("This address exists, but not for this method.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, reason)
    }

    /// Refused for now; it is worth trying again after so long.
    pub fn too_many(reason: Reason, retry_after: Duration) -> Self {
        let reason = reason.with("seconds", whole_seconds(retry_after) as f64);
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::TOO_MANY_REQUESTS, reason) }
    }

    /// There is no room for it now; it is worth trying again after so long.
    pub fn busy(reason: Reason, retry_after: Duration) -> Self {
        let reason = reason.with("seconds", whole_seconds(retry_after) as f64);
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, reason) }
    }

    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::Internal.says(
                "The server made a mistake and nothing was saved. Try again; the server's log says more.",
            ),
        )
    }
}

impl From<DomainError> for Problem {
    fn from(refused: DomainError) -> Self {
        match refused {
            DomainError::Invalid(errors) => Self::invalid(errors),
            DomainError::NotFound => Self::not_found(Code::NotFound.says("There is no such record.")),
            DomainError::Forbidden => Self::forbidden(
                Code::Forbidden.says("Your account's role does not allow this. Nothing was changed."),
            ),
            DomainError::UnderWay => Self::new(
                StatusCode::CONFLICT,
                Code::UnderWay
                    .says("This is still being delivered and cannot be deleted yet. Nothing was changed."),
            ),
            DomainError::VersionDiffers { current } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                Code::VersionDiffers
                    .says(format!(
                        "The record has changed meanwhile: it is at version {current}. Nothing was saved."
                    ))
                    .with("version", current as f64),
            ),
            DomainError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                Code::KeyReused.says(
                    "This Idempotency-Key was used for another request. Nothing was saved; use a new key.",
                ),
            ),
            DomainError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        error!(%error, "the store failed");
        match error {
            StoreError::Overloaded | StoreError::Unavailable => Self {
                retry_after: Some(Duration::from_secs(1)),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Code::Overloaded.says(
                        "The database is not taking requests and nothing was saved. Try again in a moment.",
                    ),
                )
            },
            StoreError::Engine(_)
            | StoreError::Unreadable(_)
            | StoreError::FromTheFuture { .. }
            | StoreError::FromThePast { .. }
            | StoreError::Restoring => Self::internal(),
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        error!(%error, "signing in failed");
        Self::internal()
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            SessionError::Auth(error) => error.into(),
        }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        error!(%error, "an answer could not be written");
        Self::internal()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let wire = Wire {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            code: self.reason.word(),
            detail: self.reason.detail,
            params: self.reason.params,
            errors: self.errors,
        };
        let mut response = Response::new(Body::from(serde_json::to_vec(&wire).unwrap_or_default()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.closing {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, whole_seconds(after).into());
        }
        response
    }
}

/// Rounded up: who comes a moment too early is refused once more.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
