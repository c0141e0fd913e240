//! Errors as answers: RFC 9457 `application/problem+json`. Every refusal of the server is made here.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use latido_protocol::problem::{CONTENT_TYPE, FieldError, Problem as Wire};
use tracing::error;

use crate::{
    auth::{AuthError, session::SessionError},
    domain::Refused,
    store::StoreError,
};

#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match &*errors {
            [one] => format!("One field was refused: {} {}.", one.pointer, one.detail),
            several => format!("{} fields were refused. Nothing was saved.", several.len()),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }

    pub fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    pub fn not_found(detail: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This address exists, but not for this method.")
    }

    /// Refused for now; it is worth trying again after so long.
    pub fn too_many(detail: &str, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server made a mistake and nothing was saved. Try again; the server's log says more.",
        )
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Invalid(errors) => Self::invalid(errors),
            Refused::NotFound => Self::not_found("There is no such record."),
            Refused::Forbidden => {
                Self::forbidden("Your account's role does not allow this. Nothing was changed.")
            }
            Refused::UnderWay => Self::new(
                StatusCode::CONFLICT,
                "This is still being delivered and cannot be deleted yet. Nothing was changed.",
            ),
            Refused::VersionDiffers { current } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                format!("The record has changed meanwhile: it is at version {current}. Nothing was saved."),
            ),
            Refused::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another request. Nothing was saved; use a new key.",
            ),
            Refused::Store(error) => error.into(),
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
                    "The database is not taking requests and nothing was saved. Try again in a moment.",
                )
            },
            StoreError::Sqlite(_) | StoreError::Unreadable(_) | StoreError::FromTheFuture { .. } => {
                Self::internal()
            }
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
            detail: self.detail,
            errors: self.errors,
        };
        let mut response = Response::new(Body::from(serde_json::to_vec(&wire).unwrap_or_default()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(after) = self.retry_after {
            // Whole seconds, rounded up: who comes a moment too early is refused once more.
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
